/** Users, roles and policies as IAM's answers show them. Source: IAM API Reference, data types. */
import type { World } from "../../core";
import {
  roles,
  users,
  type Entity,
  type ManagedPolicy,
  type PolicyVersion,
  type Role,
  type User,
} from "../../identity/state";
import { encodeStrict } from "../../protocol/encoding";
import { members } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";

/** Whole seconds, which the date parsers of all SDKs accept. */
export const shownDate = (iso: string) => iso.replace(/\.\d{3}Z$/, "Z");

export function shownTags(tags: Entity["tags"]): XmlContent {
  return members(tags.map(({ Key, Value }) => ({ Key, Value })));
}

/** A role. Lists leave out what `full` adds: tags and boundary. */
export function shownRole(world: World, role: Role, full: boolean): Record<string, XmlContent> {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: shownDate(role.created),
    AssumeRolePolicyDocument: encodeStrict(JSON.stringify(world.principals.show(role.trust))),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
    ...(full ? shownDetails(role) : {}),
  };
}

/** When the role was last assumed: a separate element in `GetRole`, empty for a role that was never used. */
export function shownLastUse({ lastUsed }: Role): XmlContent {
  return lastUsed ? { LastUsedDate: shownDate(lastUsed.date), Region: lastUsed.region } : {};
}

export function shownUser(user: User, full: boolean): Record<string, XmlContent> {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: shownDate(user.created),
    ...(full ? shownDetails(user) : {}),
  };
}

function shownDetails(entity: Entity): Record<string, XmlContent> {
  return {
    PermissionsBoundary:
      entity.boundary === undefined
        ? undefined
        : { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: entity.boundary },
    Tags: entity.tags.length > 0 ? shownTags(entity.tags) : undefined,
  };
}

/** A managed policy, with its use in `account`. Lists show neither description nor tags. */
export function shownPolicy(
  world: World,
  account: string,
  policy: ManagedPolicy,
  full: boolean,
): Record<string, XmlContent> {
  const { attached, boundaries } = policyUse(world, account, policy.arn);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: attached.length,
    PermissionsBoundaryUsageCount: boundaries.length,
    IsAttachable: true,
    CreateDate: shownDate(policy.created),
    UpdateDate: shownDate(policy.updated),
    ...(full
      ? {
          Description: policy.description,
          Tags: policy.tags.length > 0 ? shownTags(policy.tags) : undefined,
        }
      : {}),
  };
}

/** The users and roles of an account to which a policy is attached, or for which it is the permissions boundary. */
export function policyUse(
  world: World,
  account: string,
  arn: string,
): { attached: Entity[]; boundaries: Entity[] } {
  const entities: Entity[] = [...users(world.store).values(), ...roles(world.store).values()];
  const own = entities.filter((entity) => entity.account === account);
  return {
    attached: own.filter((entity) => entity.attached.includes(arn)),
    boundaries: own.filter((entity) => entity.boundary === arn),
  };
}

export function shownVersion(
  policy: ManagedPolicy,
  version: PolicyVersion,
  withDocument: boolean,
): Record<string, XmlContent> {
  return {
    Document: withDocument ? encodeStrict(version.document) : undefined,
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: shownDate(version.created),
  };
}

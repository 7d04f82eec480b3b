/** One IAM request, with what every operation needs: check access, find entities, and page through lists. */
import type { RequestContext } from "@feature-store-access/iam";
import { AwsError, type Call, type Collection, type Store, type Tag, type World } from "../../core";
import {
  entityKey,
  policies,
  roles,
  users,
  type Entity,
  type ManagedPolicy,
  type Role,
  type User,
} from "../../identity/state";
import { managedPolicies } from "../../identity/managedPolicies";
import { checkText, integer, rules } from "../../protocol/validation";
import type { QueryParameters } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";

/** Serves a request and returns the result element's content; nothing for operations that have no result. */
export type IamOperation = (request: IamRequest) => XmlContent;

export type EntityKind = "Role" | "User";

export class IamRequest {
  readonly store: Store;
  /** The account in which the request works: always the caller's own. */
  readonly account: string;

  constructor(
    readonly world: World,
    readonly call: Call,
    readonly parameters: QueryParameters,
    readonly operation: string,
  ) {
    this.store = world.store;
    this.account = call.caller.account;
  }

  /** @throws AwsError `AccessDenied` (403) unless the caller may do this operation (or another `action`) on the resource */
  authorize(resource: string, context: RequestContext = {}, action = this.operation): void {
    const owner = resource.split(":")[4] ?? "";
    this.world.authorize(this.call, {
      action: `iam:${action}`,
      resource,
      resourceAccount: owner === "" ? this.account : owner,
      context,
    });
  }

  /** The time as IAM stores and shows it: ISO 8601 in whole seconds. */
  time(): string {
    return this.world
      .now()
      .toISOString()
      .replace(/\.\d{3}Z$/, "Z");
  }

  /** The name parameter of an entity: `RoleName` or `UserName`. */
  name(kind: EntityKind): string {
    return kind === "Role"
      ? checkText(this.parameters.required("RoleName"), "roleName", rules.roleName)
      : checkText(this.parameters.required("UserName"), "userName", rules.userName);
  }

  /** An ARN in the request's account. */
  arn(kind: "role" | "user" | "policy", path: string, name: string): string {
    return `arn:aws:iam::${this.account}:${kind}${path}${name}`;
  }

  /**
   * The entity that the request names, after checking that the caller may do the operation on it. Throws `NoSuchEntity` (404). For an absent
   * entity, access is checked on its ARN at the root path.
   */
  entity(kind: "Role", context?: (role: Role) => RequestContext, action?: string): Role;
  entity(kind: "User", context?: (user: User) => RequestContext, action?: string): User;
  entity(kind: EntityKind, context?: (entity: Entity) => RequestContext, action?: string): Entity;
  entity(kind: EntityKind, context?: (entity: never) => RequestContext, action?: string): Entity {
    const name = this.name(kind);
    const found = this.collection(kind).get(entityKey(this.account, name));
    const arn = found?.arn ?? this.arn(kind === "Role" ? "role" : "user", "/", name);
    this.authorize(
      arn,
      { ...resourceTags(found?.tags ?? []), ...(found && context ? context(found as never) : {}) },
      action,
    );
    if (!found) throw noSuchEntity(`The ${kind.toLowerCase()} with name ${name} cannot be found.`);
    return found;
  }

  collection(kind: EntityKind): Collection<Entity> {
    return kind === "Role" ? roles(this.store) : users(this.store);
  }

  /** The managed policy of an ARN: one of this account, or an AWS managed one. */
  findPolicy(arn: string): ManagedPolicy | undefined {
    return managedPolicies.get(arn) ?? policies(this.store).get(arn);
  }

  /** A page of a list: `Marker` and `MaxItems` in, `IsTruncated` and `Marker` out. Entries are sorted by `key`. */
  page<T>(
    entries: readonly T[],
    key: (entry: T) => string,
  ): { entries: T[]; paging: Record<string, XmlContent> } {
    const limit = integer(this.parameters, "MaxItems", 1, 1000) ?? 100;
    const marker = this.parameters.get("Marker");
    const after = marker === undefined ? undefined : Buffer.from(marker, "base64url").toString("utf8");
    const sorted = [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    const rest = after === undefined ? sorted : sorted.filter((entry) => key(entry) > after);
    const shown = rest.slice(0, limit);
    const last = shown.at(-1);
    return rest.length > shown.length && last !== undefined
      ? {
          entries: shown,
          paging: { IsTruncated: true, Marker: Buffer.from(key(last)).toString("base64url") },
        }
      : { entries: shown, paging: { IsTruncated: false } };
  }

  /** The entries whose path begins with `PathPrefix` (default `/`). */
  underPath<T extends { readonly path: string }>(entries: Iterable<T>): T[] {
    const prefix = this.parameters.get("PathPrefix") ?? "/";
    return [...entries].filter(({ path }) => path.startsWith(prefix));
  }

  /** `Path` of a new entity. */
  path(): string {
    return checkText(this.parameters.get("Path") ?? "/", "path", rules.path);
  }
}

/** The condition keys of a resource's own tags. */
export function resourceTags(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(
    tags.flatMap(({ Key, Value }) => [
      [`aws:ResourceTag/${Key}`, Value],
      [`iam:ResourceTag/${Key}`, Value],
    ]),
  );
}

export const noSuchEntity = (message: string) => new AwsError("NoSuchEntity", message, 404);
export const limitExceeded = (message: string) => new AwsError("LimitExceeded", message, 409);
export const deleteConflict = (message: string) => new AwsError("DeleteConflict", message, 409);
export const alreadyExists = (message: string) => new AwsError("EntityAlreadyExists", message, 409);

/** `iam:PermissionsBoundary` of an entity that has one: with it, policies let others manage only bounded roles. */
export function boundaryContext(entity: Pick<Entity, "boundary">): RequestContext {
  return entity.boundary === undefined ? {} : { "iam:PermissionsBoundary": entity.boundary };
}

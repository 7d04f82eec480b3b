/** Roles: create, read, update, delete, list. */
import type { PolicyDocument } from "@feature-store-access/iam";
import { entityKey, newId, roles, type Role } from "../../identity/state";
import { parsePolicy, policyLength } from "../../identity/policyGrammar";
import { checkText, integer, readTags, rules, tagContext } from "../../protocol/validation";
import { members } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";
import { readBoundary } from "./boundaries";
import { shownLastUse, shownRole } from "./render";
import {
  alreadyExists,
  boundaryContext,
  deleteConflict,
  limitExceeded,
  type IamOperation,
  type IamRequest,
} from "./request";

/** Maximum characters of a trust policy, without white space. */
const trustQuota = 2048;

function createRole(request: IamRequest): XmlContent {
  const { parameters, world, account } = request;
  const name = request.name("Role");
  const path = request.path();
  const tags = readTags(parameters) ?? [];
  const description = readDescription(request);
  const maxSessionDuration = integer(parameters, "MaxSessionDuration", 3600, 43200) ?? 3600;
  const arn = request.arn("role", path, name);
  const stated = parameters.get("PermissionsBoundary");
  const context = {
    ...tagContext(tags),
    ...boundaryContext({ boundary: stated }),
  };
  request.authorize(arn, context);
  if (tags.length > 0) request.authorize(arn, context, "TagRole");
  const trust = readTrust(request, "AssumeRolePolicyDocument");
  const boundary = readBoundary(request, stated);
  const key = entityKey(account, name);
  if (roles(world.store).has(key)) throw alreadyExists(`Role with name ${name} already exists.`);
  const role: Role = {
    account,
    name,
    path,
    id: newId("AROA"),
    arn,
    created: request.time(),
    tags,
    inline: {},
    attached: [],
    boundary,
    trust,
    description,
    maxSessionDuration,
  };
  roles(world.store).set(key, role);
  return { Role: shownRole(world, role, true) };
}

/** A trust policy, checked, with unique IDs for its principals. @throws AwsError `MalformedPolicyDocument`, `LimitExceeded` */
function readTrust(request: IamRequest, parameter: string): PolicyDocument {
  const text = request.parameters.required(parameter);
  const document = parsePolicy(text, "trust");
  if (policyLength(text) > trustQuota)
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${trustQuota}`);
  return request.world.principals.keep(document, "MalformedPolicyDocument");
}

function readDescription(request: IamRequest): string | undefined {
  const text = request.parameters.get("Description");
  return text === undefined ? undefined : checkText(text, "description", rules.description);
}

function updateRole(request: IamRequest): XmlContent {
  const description = readDescription(request);
  const duration = integer(request.parameters, "MaxSessionDuration", 3600, 43200);
  const role = request.entity("Role");
  if (description !== undefined) role.description = description;
  if (duration !== undefined) role.maxSessionDuration = duration;
  roles(request.store).touch();
  return {};
}

function updateRoleDescription(request: IamRequest): XmlContent {
  const description = readDescription(request) ?? "";
  const role = request.entity("Role");
  role.description = description;
  roles(request.store).touch();
  return { Role: shownRole(request.world, role, true) };
}

function updateAssumeRolePolicy(request: IamRequest): XmlContent {
  const role = request.entity("Role");
  role.trust = readTrust(request, "PolicyDocument");
  roles(request.store).touch();
  return undefined;
}

function deleteRole(request: IamRequest): XmlContent {
  const role = request.entity("Role");
  if (role.attached.length > 0) throw deleteConflict("Cannot delete entity, must detach all policies first.");
  if (Object.keys(role.inline).length > 0)
    throw deleteConflict("Cannot delete entity, must delete policies first.");
  roles(request.store).delete(entityKey(role.account, role.name));
  return undefined;
}

function listRoles(request: IamRequest): XmlContent {
  const prefix = request.parameters.get("PathPrefix") ?? "/";
  request.authorize(`arn:aws:iam::${request.account}:role${prefix}`);
  const own = [...roles(request.store).values()].filter(({ account }) => account === request.account);
  const { entries, paging } = request.page(request.underPath(own), ({ name }) => name);
  return { Roles: members(entries.map((role) => shownRole(request.world, role, false))), ...paging };
}

export const roleOperations: Readonly<Record<string, IamOperation>> = {
  CreateRole: createRole,
  GetRole(request) {
    const role = request.entity("Role");
    return { Role: { ...shownRole(request.world, role, true), RoleLastUsed: shownLastUse(role) } };
  },
  UpdateRole: updateRole,
  UpdateRoleDescription: updateRoleDescription,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  DeleteRole: deleteRole,
  ListRoles: listRoles,
  // Instance profiles belong to EC2: no role of the sandbox is in one.
  ListInstanceProfilesForRole(request) {
    request.entity("Role");
    return { InstanceProfiles: members([]), IsTruncated: false };
  },
};

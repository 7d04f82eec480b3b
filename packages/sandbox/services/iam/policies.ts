/** Managed policies: create, read, delete, list. */
import type { RequestContext } from "@feature-store-access/iam";
import { AwsError } from "../../core";
import { newId, policies, type ManagedPolicy } from "../../identity/state";
import { managedPolicies } from "../../identity/managedPolicies";
import { parsePolicy, policyLength } from "../../identity/policyGrammar";
import { checkText, readTags, rules, tagContext, validationError } from "../../protocol/validation";
import { members } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";
import { policyUse, shownPolicy } from "./render";
import {
  alreadyExists,
  deleteConflict,
  limitExceeded,
  noSuchEntity,
  resourceTags,
  type IamOperation,
  type IamRequest,
} from "./request";

/** Maximum characters of a managed policy, without white space. */
const sizeQuota = 6144;

/** A managed policy's document as sent, checked. @throws AwsError `MalformedPolicyDocument`, `LimitExceeded` */
export function readPolicyDocument(request: IamRequest): string {
  const text = request.parameters.required("PolicyDocument");
  parsePolicy(text, "identity");
  if (policyLength(text) > sizeQuota) throw limitExceeded(`Cannot exceed quota for PolicySize: ${sizeQuota}`);
  return text;
}

/**
 * The policy of `PolicyArn` for reading: one of the caller's account or an AWS managed one, after checking that the caller may do the
 * operation on it. Throws `NoSuchEntity` (404).
 */
export function readablePolicy(request: IamRequest): ManagedPolicy {
  const arn = readArn(request);
  const policy = request.findPolicy(arn);
  // Reading an AWS managed policy needs only the caller's permission: the policy is in every account.
  if (policy?.account === "aws")
    request.world.authorize(request.call, {
      action: `iam:${request.operation}`,
      resource: arn,
      resourceAccount: request.account,
    });
  else request.authorize(arn, resourceTags(policy?.tags ?? []));
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

/** The policy of `PolicyArn` for changing: one of the caller's account; only AWS changes AWS managed policies. */
export function ownPolicy(request: IamRequest, context: RequestContext = {}): ManagedPolicy {
  const arn = readArn(request);
  const policy = policies(request.store).get(arn);
  request.authorize(arn, { ...resourceTags(policy?.tags ?? []), ...context });
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

function readArn(request: IamRequest): string {
  const arn = checkText(request.parameters.required("PolicyArn"), "policyArn", rules.arn);
  if (!/^arn:aws:iam::(\d{12}|aws):policy\/.+/.test(arn))
    throw new AwsError("ValidationError", `ARN ${arn} is not valid.`);
  return arn;
}

function createPolicy(request: IamRequest): XmlContent {
  const { parameters, account, store } = request;
  const name = checkText(parameters.required("PolicyName"), "policyName", rules.policyName);
  const path = request.path();
  const tags = readTags(parameters) ?? [];
  const stated = parameters.get("Description");
  const description = stated === undefined ? undefined : checkText(stated, "description", rules.description);
  const arn = request.arn("policy", path, name);
  request.authorize(arn, tagContext(tags));
  if (tags.length > 0) request.authorize(arn, tagContext(tags), "TagPolicy");
  const document = readPolicyDocument(request);
  for (const other of policies(store).values())
    if (other.account === account && other.name.toLowerCase() === name.toLowerCase())
      throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  const created = request.time();
  const policy: ManagedPolicy = {
    account,
    name,
    path,
    id: newId("ANPA"),
    arn,
    description,
    created,
    updated: created,
    tags,
    versions: [{ id: "v1", document, created }],
    defaultVersion: "v1",
    lastVersion: 1,
  };
  policies(store).set(arn, policy);
  return { Policy: shownPolicy(request.world, account, policy, true) };
}

function deletePolicy(request: IamRequest): XmlContent {
  const policy = ownPolicy(request);
  const { attached, boundaries } = policyUse(request.world, request.account, policy.arn);
  if (attached.length + boundaries.length > 0)
    throw deleteConflict("Cannot delete a policy attached to entities.");
  if (policy.versions.length > 1)
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  policies(request.store).delete(policy.arn);
  return undefined;
}

function listPolicies(request: IamRequest): XmlContent {
  request.authorize(`arn:aws:iam::${request.account}:policy/`);
  const scope = request.parameters.get("Scope") ?? "All";
  if (!["All", "AWS", "Local"].includes(scope))
    throw validationError(scope, "scope", "Member must satisfy enum value set: [All, AWS, Local]");
  const own = [...policies(request.store).values()].filter(({ account }) => account === request.account);
  const all = [...(scope === "AWS" ? [] : own), ...(scope === "Local" ? [] : managedPolicies.values())];
  const attachedOnly = request.parameters.get("OnlyAttached") === "true";
  const chosen = request
    .underPath(all)
    .filter(({ arn }) => !attachedOnly || policyUse(request.world, request.account, arn).attached.length > 0);
  const { entries, paging } = request.page(chosen, ({ arn }) => arn);
  return {
    Policies: members(entries.map((policy) => shownPolicy(request.world, request.account, policy, false))),
    ...paging,
  };
}

function listEntitiesForPolicy(request: IamRequest): XmlContent {
  const policy = readablePolicy(request);
  const filter = request.parameters.get("EntityFilter");
  const use = policyUse(request.world, request.account, policy.arn);
  const found =
    request.parameters.get("PolicyUsageFilter") === "PermissionsBoundary" ? use.boundaries : use.attached;
  const { entries, paging } = request.page(found, ({ arn }) => arn);
  const shown = (kind: "Role" | "User", prefix: string) =>
    entries
      .filter(({ id }) => id.startsWith(prefix) && (filter === undefined || filter === kind))
      .map(({ name, id }) => ({ [`${kind}Name`]: name, [`${kind}Id`]: id }));
  return {
    PolicyGroups: members([]),
    PolicyUsers: members(shown("User", "AIDA")),
    PolicyRoles: members(shown("Role", "AROA")),
    ...paging,
  };
}

export const policyOperations: Readonly<Record<string, IamOperation>> = {
  CreatePolicy: createPolicy,
  GetPolicy: (request) => ({
    Policy: shownPolicy(request.world, request.account, readablePolicy(request), true),
  }),
  DeletePolicy: deletePolicy,
  ListPolicies: listPolicies,
  ListEntitiesForPolicy: listEntitiesForPolicy,
};

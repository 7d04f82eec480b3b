/** Decides each access: collects the caller's policies and the request's context, evaluates them, and words denials as AWS does. */
import {
  type AccessPolicies,
  type DocumentPlace,
  evaluate,
  type Evaluation,
  type RequestContext,
} from "@feature-store-access/iam";
import { AwsError, type AccessCheck, type Call, type Caller, type Store } from "../core";
import type { SessionCaller } from "../identity/credentials";
import { identityPolicies, managedDocument } from "../identity/documents";
import { entityKey, findById, roles, type Entity } from "../identity/state";

/** The evaluation of a check. Pure except for reading the store. */
export function decide(store: Store, call: Call, check: AccessCheck, now: Date): Evaluation {
  const { caller } = call;
  const entity = entityOf(store, caller);
  const collected: AccessPolicies = {
    identity: entity ? identityPolicies(store, entity) : [],
    resource: check.resourcePolicy,
    permissionsBoundary:
      entity?.boundary === undefined ? undefined : [managedDocument(store, entity.boundary)],
    session: caller.sessionPolicies?.length ? caller.sessionPolicies : undefined,
    grants: check.grants,
  };
  return evaluate(
    {
      principal: caller.kind === "anonymous" ? "anonymous" : caller.arn,
      action: check.action,
      resource: check.resource,
      resourceAccount: check.resourceAccount,
      context: {
        ...principalContext(caller, entity, now),
        "aws:ResourceAccount": check.resourceAccount,
        ...call.context,
        ...check.context,
      },
    },
    collected,
  );
}

/** The calling role or user; undefined for services, anonymous callers, account roots and deleted principals. */
function entityOf(store: Store, caller: Caller): Entity | undefined {
  if (caller.kind !== "user" && caller.kind !== "role") return undefined;
  const id = caller.userId.split(":")[0] ?? "";
  if (caller.kind === "role") {
    // The role is looked up by name first, because an ID lookup walks all roles; the ID must match, or the role was recreated.
    const name = caller.principalArn.slice(caller.principalArn.lastIndexOf("/") + 1);
    const role = roles(store).get(entityKey(caller.account, name));
    return role?.id === id ? role : undefined;
  }
  return findById(store, id);
}

/** The global condition keys of the principal and of time. Source: "AWS global condition context keys". */
function principalContext(caller: SessionCaller, entity: Entity | undefined, now: Date): RequestContext {
  const time = {
    "aws:CurrentTime": now.toISOString(),
    "aws:EpochTime": String(Math.floor(now.getTime() / 1000)),
  };
  if (caller.kind === "anonymous") return { ...time, "aws:PrincipalType": "Anonymous" };
  if (caller.kind === "service")
    return { ...time, "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": caller.arn };
  const tags = new Map((entity?.tags ?? []).map(({ Key, Value }) => [Key, Value]));
  for (const { Key, Value } of caller.session?.tags ?? []) tags.set(Key, Value);
  return {
    ...time,
    "aws:PrincipalArn": caller.principalArn,
    "aws:PrincipalAccount": caller.account,
    "aws:PrincipalType": { user: "User", role: "AssumedRole", root: "Account" }[caller.kind],
    "aws:PrincipalIsAWSService": "false",
    "aws:userid": caller.userId,
    ...(caller.kind === "user" && entity ? { "aws:username": entity.name } : {}),
    ...(caller.session
      ? // Long-term keys have neither key; temporary ones always have both, and the sandbox has no MFA devices.
        { "aws:TokenIssueTime": caller.session.issued, "aws:MultiFactorAuthPresent": "false" }
      : {}),
    ...(caller.session?.sourceIdentity ? { "aws:SourceIdentity": caller.session.sourceIdentity } : {}),
    ...Object.fromEntries([...tags].map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
  };
}

/** AWS's error for a denied check. Source: IAM User Guide, "Troubleshoot access denied error messages". */
export function denial(call: Call, check: AccessCheck, evaluation: Evaluation): AwsError {
  const code = check.code ?? "AccessDenied";
  const status = code === "AccessDenied" || code === "AuthorizationError" ? 403 : 400;
  const { caller } = call;
  const service = check.action.split(":")[0] ?? "";
  if (caller.kind === "anonymous" && service === "s3") return new AwsError(code, "Access Denied", 403);
  // S3 quotes the resource; the other services do not.
  const resource = service === "s3" ? `"${check.resource}"` : check.resource;
  const told = `User: ${caller.arn} is not authorized to perform: ${check.action}`;
  // STS does not say which kind of policy lacks an allow.
  if (service === "sts") return new AwsError(code, `${told} on resource: ${resource}`, status);
  // For another account, KMS does not distinguish an absent key from one whose policy denies.
  const hidden =
    service === "kms" &&
    caller.account !== check.resourceAccount &&
    ["resource", "grant"].includes(decidingKind(evaluation));
  const reason = hidden ? hiddenKey : because(check.action, evaluation);
  return new AwsError(code, `${told} on resource: ${resource} ${reason}`, status);
}

const hiddenKey =
  "because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access";

const kinds: Readonly<Record<DocumentPlace["kind"], { allow: string; deny: string }>> = {
  identity: { allow: "identity-based policy", deny: "an identity-based policy" },
  resource: { allow: "resource-based policy", deny: "a resource-based policy" },
  grant: { allow: "resource-based policy", deny: "a resource-based policy" },
  permissionsBoundary: { allow: "permissions boundary", deny: "a permissions boundary" },
  session: { allow: "session policy", deny: "a session policy" },
  serviceControl: { allow: "service control policy", deny: "a service control policy" },
  resourceControl: { allow: "resource control policy", deny: "a resource control policy" },
  vpcEndpoint: { allow: "VPC endpoint policy", deny: "a VPC endpoint policy" },
};

/** If several kinds of policy lack an allow, AWS names one; it looks in this order. */
const order: readonly DocumentPlace["kind"][] = [
  "serviceControl",
  "resourceControl",
  "vpcEndpoint",
  "permissionsBoundary",
  "session",
  "identity",
  "resource",
  "grant",
];

function because(action: string, evaluation: Evaluation): string {
  const kind = decidingKind(evaluation);
  return evaluation.result === "ExplicitlyDenied"
    ? `with an explicit deny in ${kinds[kind].deny}`
    : `because no ${kinds[kind].allow} allows the ${action} action`;
}

/** The kind of policy that AWS's message names. */
function decidingKind(evaluation: Evaluation): DocumentPlace["kind"] {
  const kind =
    evaluation.result === "ExplicitlyDenied"
      ? evaluation.statements[0]?.document.kind
      : order.find((candidate) => evaluation.missing.includes(candidate));
  return kind ?? "identity";
}

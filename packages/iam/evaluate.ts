/**
 * Who may do what: one request against every policy that may decide it. Pure and synchronous.
 * Sources: IAM User Guide, "Policy evaluation logic", "Cross-account policy evaluation logic", "Permissions
 * boundaries" (resource-based policies); KMS Developer Guide, "Determining access"; STS, AssumeRole.
 */
import { callerOf, type Caller } from "./caller";
import { Context, givenBy } from "./context";
import { grantsAllowing } from "./grants";
import { ASSUMING, isCrossAccountOperation, mustBeSigned, needsResourcePolicy } from "./guarded";
import type { PrincipalMatch } from "./principal";
import { compile } from "./document";
import { PolicyError } from "./errors";
import { isUnderResourceControl } from "./resourceControl";
import { concerns, reaches, type Asked } from "./statement";
import type {
  AccessPolicies,
  AccessRequest,
  DecidingStatement,
  DocumentPlace,
  Evaluation,
  PolicyDocument,
} from "./types";

export { PolicyError } from "./errors";
export type * from "./types";

type Kind = DocumentPlace["kind"];

interface Found extends DecidingStatement {
  readonly match?: PrincipalMatch | undefined;
}

/** What the statements of one kind of policy say of the request. */
interface Say {
  readonly allows: readonly Found[];
  readonly denies: readonly Found[];
}

const NOTHING: Say = { allows: [], denies: [] };

/**
 * @throws PolicyError for a document that IAM would not take; TypeError for a principal of no known form
 */
export function evaluate(request: AccessRequest, policies: AccessPolicies): Evaluation {
  const given = givenBy(request);
  const caller = callerOf(request, given);
  const bound = hasOwnPolicies(caller);
  if (needsNoPermission(caller, request.action.toLowerCase()))
    return { result: "Allowed", statements: [], missing: [] };
  const asked: Asked = {
    caller,
    action: request.action.toLowerCase(),
    resource: request.resource,
    context: new Context(given, request, caller),
    bounded: bound && (policies.permissionsBoundary?.length ?? 0) > 0,
  };
  const identity = bound ? listSays("identity", policies.identity, asked) : NOTHING;
  const resource = policies.resource ? resourceSays(policies.resource, request, asked) : NOTHING;
  const boundary = bound ? limit("permissionsBoundary", policies.permissionsBoundary, asked) : undefined;
  const session = bound ? limit("session", policies.session, asked) : undefined;
  const endpoint = limit("vpcEndpoint", policies.vpcEndpoint, asked);
  const service = isUnderServiceControl(caller)
    ? levels("serviceControl", policies.serviceControl, asked)
    : [];
  const resourceControl = isUnderResourceControl(caller, asked)
    ? levels("resourceControl", policies.resourceControl, asked)
    : [];

  const limits = [boundary, session, endpoint].filter((say) => say !== undefined);
  const denies = [identity, resource, ...limits, ...service, ...resourceControl].flatMap((say) => say.denies);
  if (denies.length > 0) return { result: "ExplicitlyDenied", statements: denies.map(strip), missing: [] };

  const grants = grantsAllowing(policies.grants ?? [], asked, request.context);
  const { allows, missing } = mustBeSigned(caller, asked.action)
    ? UNSIGNED
    : decide(request, caller, { identity, resource, boundary, session, grants });
  const alsoMissing: Kind[] = [...missing];
  // Resource control policies only ever take away: their full-access policy cannot be detached.
  if (service.some((level) => level.allows.length === 0)) alsoMissing.push("serviceControl");
  if (endpoint?.allows.length === 0) alsoMissing.push("vpcEndpoint");
  if (alsoMissing.length > 0) {
    const found = [...identity.allows, ...resource.allows, ...grants];
    return { result: "ImplicitlyDenied", statements: found.map(strip), missing: alsoMissing };
  }
  return { result: "Allowed", statements: allows.map(strip), missing: [] };
}

/**
 * "No permissions are required to perform this operation", whatever a policy says.
 * Source: STS API Reference, GetCallerIdentity; GetSessionToken, which is for users and roots alone.
 */
function needsNoPermission(caller: Caller, action: string): boolean {
  if (action === "sts:getsessiontoken") return caller.kind === "user" || caller.kind === "root";
  return action === "sts:getcalleridentity" && hasOwnPolicies(caller);
}

/**
 * A bucket's policy cannot lock out its owner's root: it always may get, put and delete the policy, "even if their bucket
 * policy explicitly denies the root user". Source: S3 API Reference, DeleteBucketPolicy.
 */
function resourceSays(document: PolicyDocument, request: AccessRequest, asked: Asked): Say {
  const say = listSays("resource", [document], asked);
  const { caller, action } = asked;
  const owns = caller.kind === "root" && caller.account === request.resourceAccount;
  return owns && BUCKET_POLICY.test(action) ? { ...say, denies: [] } : say;
}

const BUCKET_POLICY = /^s3:(get|put|delete)bucketpolicy$/;

interface Says {
  readonly identity: Say;
  readonly resource: Say;
  readonly boundary?: Say;
  readonly session?: Say;
  readonly grants: readonly Found[];
}

interface Verdict {
  readonly allows: readonly Found[];
  /** Kinds whose allow is missing; empty if the request is allowed so far. */
  readonly missing: readonly Kind[];
}

function decide(request: AccessRequest, caller: Caller, says: Says): Verdict {
  if (!hasOwnPolicies(caller)) {
    const allows = [...says.resource.allows, ...says.grants];
    return { allows, missing: allows.length > 0 ? [] : ["resource"] };
  }
  // "You cannot use AWS account root user credentials to call AssumeRole." Source: STS API Reference, AssumeRole.
  if (caller.kind === "root" && ASSUMING.has(request.action.toLowerCase()))
    return { allows: [], missing: ["identity"] };
  const own: Verdict = ownSide(caller, says);
  if (needsResourcePolicy(request)) return withKeyOrTrust(request, caller, says, own);
  if (caller.account !== request.resourceAccount) return bothSides(own, says.resource.allows);
  const direct = directly(caller, says);
  if (direct.length > 0) return { allows: [...direct, ...own.allows], missing: [] };
  // Nothing in the resource's policy names the caller itself: it is for the caller's own account to decide.
  return own;
}

/** KMS keys and roles: their own policy always has to let the caller in, or its account. */
function withKeyOrTrust(request: AccessRequest, caller: Caller, says: Says, own: Verdict): Verdict {
  const foreign = caller.account !== request.resourceAccount;
  const effective = !foreign || isCrossAccountOperation(request.action);
  const allows: readonly Found[] = effective ? [...says.resource.allows, ...says.grants] : [];
  if (allows.length === 0)
    return {
      allows,
      missing:
        own.missing.length > 0 && own.missing[0] !== "identity" ? ["resource", ...own.missing] : ["resource"],
    };
  if (foreign) return bothSides(own, allows);
  const direct = [...directly(caller, says), ...byGrant(says)];
  if (direct.length > 0) return { allows: direct, missing: [] };
  return own.missing.length > 0 ? own : { allows: [...allows, ...own.allows], missing: [] };
}

function bothSides(own: Verdict, theirs: readonly Found[]): Verdict {
  const missing: Kind[] = theirs.length === 0 ? [...own.missing, "resource"] : [...own.missing];
  return { allows: [...own.allows, ...theirs], missing };
}

/** The caller's own account: its identity policies within boundary and session policies. A root user has all of it. */
function ownSide(caller: Caller, says: Says): Verdict {
  if (caller.kind === "root") return { allows: [], missing: [] };
  const missing: Kind[] = [
    ...(says.identity.allows.length === 0 ? (["identity"] as const) : []),
    ...limited(says),
    // What no session policy gives a federated user is denied. Source: IAM User Guide, "Permissions for GetFederationToken".
    ...(caller.kind === "federated" && !says.session ? (["session"] as const) : []),
  ];
  return {
    allows: [...says.identity.allows, ...(says.boundary?.allows ?? []), ...(says.session?.allows ?? [])],
    missing,
  };
}

/** Kinds of policy that limit the caller and do not allow the request. */
function limited({ boundary, session }: Says): Kind[] {
  const missing: Kind[] = [];
  if (boundary?.allows.length === 0) missing.push("permissionsBoundary");
  if (session?.allows.length === 0) missing.push("session");
  return missing;
}

/**
 * The statements of the resource's policy that let the caller in without its own account's word. What names a session
 * or a user itself, or everyone, is not limited by an implicit deny of a boundary or session policy; what names the
 * role is. Source: IAM User Guide, "Permissions boundaries" (resource-based policies), and "Principal": "Permissions
 * boundaries and session policies do not limit permissions granted using the aws:PrincipalArn condition key with a
 * wildcard(*) in the Principal element".
 */
function directly(caller: Caller, says: Says): readonly Found[] {
  const free = limited(says).length === 0;
  return says.resource.allows.filter(({ match }) => {
    if (match === "self")
      return free || caller.kind === "session" || caller.kind === "user" || caller.kind === "federated";
    return match === "everyone" || (match === "role" && free);
  });
}

/** The grants that let the caller in without its own account's word: a boundary or session policy limits them. */
function byGrant(says: Says): readonly Found[] {
  return limited(says).length === 0 ? says.grants.filter(({ match }) => match !== "account") : [];
}

const UNSIGNED: Verdict = { allows: [], missing: ["resource"] };

function hasOwnPolicies(caller: Caller): boolean {
  return caller.kind !== "service" && caller.kind !== "provider" && caller.kind !== "anonymous";
}

function isUnderServiceControl(caller: Caller): boolean {
  return hasOwnPolicies(caller) && !caller.serviceLinked;
}

/** A policy that limits; undefined where there is none: an empty list attaches nothing. */
function limit(kind: Kind, documents: readonly PolicyDocument[] | undefined, asked: Asked): Say | undefined {
  return documents && documents.length > 0 ? listSays(kind, documents, asked) : undefined;
}

function levels(kind: Kind, all: readonly (readonly PolicyDocument[])[] | undefined, asked: Asked): Say[] {
  return (all ?? []).map((documents, level) => listSays(kind, documents, asked, level));
}

function listSays(kind: Kind, documents: readonly PolicyDocument[], asked: Asked, level?: number): Say {
  const found: Gathered = { allows: [], denies: [] };
  let index = 0;
  for (const document of documents) gather(found, kind, document, index++, asked, level);
  return found;
}

interface Gathered {
  readonly allows: Found[];
  readonly denies: Found[];
}

function gather(
  found: Gathered,
  kind: Kind,
  document: PolicyDocument,
  index: number,
  asked: Asked,
  level?: number,
): void {
  const place: DocumentPlace = level === undefined ? { kind, index } : { kind, index, level };
  for (const statement of compile(document, place)) {
    if (!statement.resources && needsResource(asked.action, place, statement.index)) continue;
    if (!concerns(statement, asked)) continue;
    const { source } = statement;
    const named = source.Principal !== undefined || source.NotPrincipal !== undefined;
    const match = named ? reaches(statement, asked) : undefined;
    if (named && match === undefined) continue;
    const list = source.Effect === "Allow" ? found.allows : found.denies;
    list.push({ document: place, index: statement.index, statement: source, match });
  }
}

/**
 * Whether a resource's policy has to say what it is about: a trust policy and those of ECR do not. Sources: Amazon S3 User Guide,
 * "Bucket policies"; KMS API Reference, PutKeyPolicy: a key policy's statement without Resource "has no effect".
 * @returns true where a statement that does not say it has no effect
 * @throws PolicyError where it is refused
 */
function needsResource(action: string, place: DocumentPlace, index: number): boolean {
  if (action.startsWith("s3:"))
    throw new PolicyError(place, index, "has no Resource: add one, or NotResource");
  return action.startsWith("kms:");
}

function strip({ document, index, statement, grant }: Found): DecidingStatement {
  return { document, index, ...(statement ? { statement } : {}), ...(grant ? { grant } : {}) };
}

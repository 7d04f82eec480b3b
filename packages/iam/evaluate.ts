/**
 * Evaluates one request against all policies that decide it. Pure and synchronous. Sources:
 * "Policy evaluation logic", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html;
 * "Cross-account policy evaluation logic", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html;
 * "Determining access to AWS KMS keys", https://docs.aws.amazon.com/kms/latest/developerguide/determining-access.html
 */
import { callerOf, type Caller } from "./caller";
import { Context, givenBy } from "./context";
import { grantsAllowing } from "./grants";
import { ASSUMING, isCrossAccountOperation, mustBeSigned, needsResourcePolicy } from "./keysAndRoles";
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

type Kind = DocumentPlace["kind"];

interface Found extends DecidingStatement {
  readonly match?: PrincipalMatch | undefined;
}

/** Statements of one kind of policy that apply to the request. */
interface Say {
  readonly allows: readonly Found[];
  readonly denies: readonly Found[];
}

const NOTHING: Say = { allows: [], denies: [] };

/**
 * Decides a request as AWS does, across accounts too, with the statements that decide it.
 * @throws PolicyError for a document that IAM would reject, TypeError for a principal in no known form
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
  // Resource control policies never need to allow: their full-access policy cannot be detached.
  if (service.some((level) => level.allows.length === 0)) alsoMissing.push("serviceControl");
  if (endpoint?.allows.length === 0) alsoMissing.push("vpcEndpoint");
  if (alsoMissing.length > 0) {
    const found = [...identity.allows, ...resource.allows, ...grants];
    return { result: "ImplicitlyDenied", statements: found.map(strip), missing: alsoMissing };
  }
  return { result: "Allowed", statements: allows.map(strip), missing: [] };
}

/**
 * True for operations that no policy can deny ("No permissions are required to perform this operation").
 * Sources: "GetCallerIdentity", https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html;
 * "GetSessionToken", https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html (users and roots only)
 */
function needsNoPermission(caller: Caller, action: string): boolean {
  if (action === "sts:getsessiontoken") return caller.kind === "user" || caller.kind === "root";
  return action === "sts:getcalleridentity" && hasOwnPolicies(caller);
}

/**
 * The resource policy's statements. The root of a bucket's owner can always get, put and delete the bucket's policy, "even if their
 * bucket policy explicitly denies the root user".
 * Source: "DeleteBucketPolicy", https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
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
  // "You cannot use AWS account root user credentials to call AssumeRole." Source: "AssumeRole",
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  if (caller.kind === "root" && ASSUMING.has(request.action.toLowerCase()))
    return { allows: [], missing: ["identity"] };
  const own: Verdict = ownSide(caller, says);
  if (needsResourcePolicy(request)) return withKeyOrTrust(request, caller, says, own);
  if (caller.account !== request.resourceAccount) return bothSides(own, says.resource.allows);
  const direct = directly(caller, says);
  if (direct.length > 0) return { allows: [...direct, ...own.allows], missing: [] };
  // The resource's policy does not name the caller itself, so its own account decides.
  return own;
}

/** KMS keys and roles: their own policy must allow the caller or its account. */
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

/** The caller's own account: its identity policies within boundary and session policies. A root user is allowed everything. */
function ownSide(caller: Caller, says: Says): Verdict {
  if (caller.kind === "root") return { allows: [], missing: [] };
  const missing: Kind[] = [
    ...(says.identity.allows.length === 0 ? (["identity"] as const) : []),
    ...limited(says),
    // A federated user has only what a session policy allows. Source: "Permissions for GetFederationToken",
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getfederationtoken.html
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
 * The statements of the resource's policy that allow the caller without its own account's consent. An implicit denial by a boundary or
 * session policy does not limit a statement that names a session or a user itself, or everyone; it does limit one that names the role.
 * Sources: "Permissions boundaries for IAM entities", https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html;
 * "AWS JSON policy elements: Principal", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
function directly(caller: Caller, says: Says): readonly Found[] {
  const free = limited(says).length === 0;
  return says.resource.allows.filter(({ match }) => {
    if (match === "self")
      return free || caller.kind === "session" || caller.kind === "user" || caller.kind === "federated";
    return match === "everyone" || (match === "role" && free);
  });
}

/** The grants that allow the caller without its own account's consent: a boundary or session policy limits them. */
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

/** A policy that limits the caller; undefined if the list is absent or empty. */
function limit(kind: Kind, documents: readonly PolicyDocument[] | undefined, asked: Asked): Say | undefined {
  return documents && documents.length > 0 ? listSays(kind, documents, asked) : undefined;
}

function levels(kind: Kind, all: readonly (readonly PolicyDocument[])[] | undefined, asked: Asked): Say[] {
  return (all ?? []).map((documents, level) => listSays(kind, documents, asked, level));
}

function listSays(kind: Kind, documents: readonly PolicyDocument[], asked: Asked, level?: number): Say {
  const found = { allows: [] as Found[], denies: [] as Found[] };
  documents.forEach((document, index) => {
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
  });
  return found;
}

/**
 * True if a resource policy's statement without Resource has no effect. In trust policies and in ECR's policies it has one.
 * Sources: "Bucket policies for Amazon S3", https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html;
 * "PutKeyPolicy", https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 * @throws PolicyError if AWS rejects such a statement
 */
function needsResource(action: string, place: DocumentPlace, index: number): boolean {
  if (action.startsWith("s3:"))
    throw new PolicyError(place, index, "has no Resource: add one, or NotResource");
  return action.startsWith("kms:");
}

function strip({ document, index, statement, grant }: Found): DecidingStatement {
  return { document, index, ...(statement ? { statement } : {}), ...(grant ? { grant } : {}) };
}

/** `AssumeRole`: a session of a role, for principals that its trust policy names. Source: AWS STS API Reference, "AssumeRole". */
import type { PolicyDocument } from "@feature-store-access/iam";
import { managedDocument } from "../../identity/documents";
import { AwsError, type Call, type Tag, type World } from "../../core";
import { issueCredentials, roleIdentity, type Session, type SessionCaller } from "../../identity/credentials";
import { findRole, policies, roles, type Role } from "../../identity/state";
import { managedPolicies } from "../../identity/managedPolicies";
import { parsePolicy } from "../../identity/policyGrammar";
import { checkText, integer, readTags, rules, tagContext, validationError } from "../../protocol/validation";
import type { QueryParameters } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";

/** A session assumed with a session's credentials lasts at most an hour (role chaining). */
const chainedMaximum = 3600;

interface Request {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly seconds: number;
  readonly externalId?: string;
  readonly sourceIdentity?: string;
  readonly tags?: Tag[];
  readonly transitiveTagKeys?: string[];
  readonly policy?: string;
  readonly policyArns: string[];
}

export function assumeRole(world: World, call: Call, parameters: QueryParameters): XmlContent {
  const request = readRequest(parameters);
  const caller: SessionCaller = call.caller;
  if (caller.kind === "root")
    throw new AwsError("AccessDenied", "Roles may not be assumed by root accounts.", 403);
  const role = findRole(world.store, request.roleArn);
  // An absent role is denied like one that does not trust the caller: the answer must not reveal which roles exist.
  if (!role)
    throw new AwsError(
      "AccessDenied",
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${request.roleArn}`,
      403,
    );
  const inherited = inheritedTags(caller);
  authorize(world, call, role, request, inherited.length > 0);
  checkDuration(caller, role, request.seconds);
  checkTransitive(request);
  const details: Omit<Session, "accessKeyId" | "secret" | "issued" | "expires"> = {
    account: role.account,
    principalId: role.id,
    roleName: role.name,
    sessionName: request.sessionName,
    policies: sessionPolicies(world, role, request),
    tags: mergeTags(inherited, request.tags ?? []),
    transitiveTagKeys: [...inherited.map(({ Key }) => Key), ...(request.transitiveTagKeys ?? [])],
    sourceIdentity: request.sourceIdentity ?? caller.session?.sourceIdentity,
  };
  const credentials = issueCredentials(world.store, details, world.now(), request.seconds);
  role.lastUsed = { date: world.now().toISOString(), region: call.region };
  roles(world.store).touch();
  const identity = roleIdentity(role.account, role, request.sessionName);
  return {
    SourceIdentity: details.sourceIdentity,
    AssumedRoleUser: { Arn: identity.arn, AssumedRoleId: identity.userId },
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: credentials.expiration.toISOString().replace(".000Z", "Z"),
    },
    PackedPolicySize: packedSize(request),
  };
}

function readRequest(parameters: QueryParameters): Request {
  const optional = (name: string, rule: Parameters<typeof checkText>[2]) => {
    const value = parameters.get(name);
    return value === undefined
      ? undefined
      : checkText(value, name.charAt(0).toLowerCase() + name.slice(1), rule);
  };
  const roleArn = checkText(parameters.required("RoleArn"), "roleArn", rules.arn);
  if (!/^arn:aws:iam::\d{12}:role\/.+/.test(roleArn))
    throw new AwsError("ValidationError", `${roleArn} is invalid`);
  const policyArns = (parameters.structures("PolicyArns") ?? []).map((entry) => entry.required("arn"));
  if (policyArns.length > 10)
    throw validationError(
      `[${policyArns.join(", ")}]`,
      "policyArns",
      "Member must have length less than or equal to 10",
    );
  return {
    roleArn,
    sessionName: checkText(parameters.required("RoleSessionName"), "roleSessionName", rules.roleSessionName),
    seconds: integer(parameters, "DurationSeconds", 900, 43200) ?? 3600,
    externalId: optional("ExternalId", rules.externalId),
    sourceIdentity: optional("SourceIdentity", rules.sourceIdentity),
    tags: readTags(parameters),
    transitiveTagKeys: parameters.strings("TransitiveTagKeys"),
    policy: parameters.get("Policy"),
    policyArns,
  };
}

/**
 * Checks the trust policy and, across accounts, the caller's own: for AssumeRole, and for the session's tags and source identity, including
 * inherited ones. Source: IAM User Guide, "Pass session tags in AWS STS", "Monitor and control actions taken with assumed roles".
 */
function authorize(world: World, call: Call, role: Role, request: Request, inheritsTags: boolean): void {
  const { session }: SessionCaller = call.caller;
  const sourceIdentity = request.sourceIdentity ?? session?.sourceIdentity;
  const context = {
    "sts:RoleSessionName": request.sessionName,
    ...(request.externalId === undefined ? {} : { "sts:ExternalId": request.externalId }),
    ...(sourceIdentity === undefined ? {} : { "sts:SourceIdentity": sourceIdentity }),
    ...(request.transitiveTagKeys?.length ? { "sts:TransitiveTagKeys": request.transitiveTagKeys } : {}),
    ...tagContext(request.tags),
    ...Object.fromEntries(
      role.tags.flatMap(({ Key, Value }) => [
        [`aws:ResourceTag/${Key}`, Value],
        [`iam:ResourceTag/${Key}`, Value],
      ]),
    ),
  };
  const check = (action: string) =>
    world.authorize(call, {
      action,
      resource: role.arn,
      resourceAccount: role.account,
      resourcePolicy: role.trust,
      context,
    });
  check("sts:AssumeRole");
  if (request.tags?.length || inheritsTags) check("sts:TagSession");
  if (sourceIdentity === undefined) return;
  check("sts:SetSourceIdentity");
  if (session?.sourceIdentity !== undefined && session.sourceIdentity !== sourceIdentity)
    throw new AwsError(
      "AccessDenied",
      `User: ${call.caller.arn} is not authorized to perform: sts:SetSourceIdentity on resource: ${role.arn}: a source identity that is set cannot be changed`,
      403,
    );
}

function checkTransitive({ tags = [], transitiveTagKeys = [] }: Request): void {
  if (transitiveTagKeys.some((key) => !tags.some(({ Key }) => Key === key)))
    throw new AwsError(
      "InvalidParameterValue",
      "The specified transitive tag key must be included in the requested tags.",
    );
}

function checkDuration(caller: SessionCaller, role: Role, seconds: number): void {
  if (caller.kind === "role" && seconds > chainedMaximum)
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  if (seconds > role.maxSessionDuration)
    throw new AwsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
}

/** The inline and the managed session policies, as of now. */
function sessionPolicies(world: World, role: Role, request: Request): PolicyDocument[] | undefined {
  const documents: PolicyDocument[] = [];
  if (request.policy !== undefined) {
    if (request.policy.length > 2048)
      throw validationError(request.policy, "policy", "Member must have length less than or equal to 2048");
    documents.push(parsePolicy(request.policy, "identity"));
  }
  for (const arn of request.policyArns) {
    const own = policies(world.store).get(arn);
    if (!managedPolicies.has(arn) && own?.account !== role.account)
      throw new AwsError(
        "MalformedPolicyDocument",
        `The policy ${arn} does not exist in the account of the role.`,
      );
    documents.push(managedDocument(world.store, arn));
  }
  return documents.length > 0 ? documents : undefined;
}

/** The transitive tags of the caller's session. They cannot be overridden. */
function inheritedTags(caller: SessionCaller): Tag[] {
  const keys = caller.session?.transitiveTagKeys ?? [];
  return (caller.session?.tags ?? []).filter(({ Key }) => keys.includes(Key));
}

function mergeTags(inherited: readonly Tag[], own: readonly Tag[]): Tag[] {
  for (const { Key } of own)
    if (inherited.some((tag) => tag.Key === Key))
      throw new AwsError(
        "InvalidParameterValue",
        `One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.`,
      );
  return [...inherited, ...own];
}

/** Percentage of the space for session policies and tags that is used; absent if there are none. */
function packedSize(request: Request): number | undefined {
  const length =
    (request.policy?.length ?? 0) +
    request.policyArns.join("").length +
    (request.tags ?? []).reduce((sum, { Key, Value }) => sum + Key.length + Value.length, 0);
  return length > 0 ? Math.max(1, Math.round((length / 4096) * 100)) : undefined;
}

/** The events of a request. Source: AWS CloudTrail User Guide, "CloudTrail record contents" and "userIdentity element". */
import { randomUUID } from "node:crypto";
import type { AccessCheck, AnsweredRequest, AwsError, Caller } from "../../core";
import type { SessionCaller } from "../../pipeline/credentials";
import { eventName, type EventName } from "./names";
import { requestParameters, responseElements } from "./parameters";

/** An event as it is kept. */
export interface TrailEvent {
  readonly id: string;
  /** Whose event it is: 12 digits. */
  readonly account: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly source: string;
  readonly name: string;
  readonly readOnly: boolean;
  readonly data: boolean;
  readonly username?: string;
  readonly accessKeyId?: string;
  readonly resources: readonly EventResource[];
  /** The whole record, as JSON. */
  readonly record: string;
}

export interface EventResource {
  readonly accountId: string;
  readonly type: string;
  readonly ARN: string;
}

/** One event in the caller's account, and one in the resource's where AWS writes it. */
export function eventsOf(answered: AnsweredRequest, now: Date): TrailEvent[] {
  const named = eventName(answered);
  if (!named) return [];
  const { call, route, error } = answered;
  const resources = resourcesOf(route, answered.checks);
  const owners = new Set(resources.map(({ accountId }) => accountId).filter((id) => /^\d{12}$/.test(id)));
  const accounts = call.caller.account === "" ? [...owners] : [call.caller.account];
  if (call.caller.account !== "" && isShared(route, named, error !== undefined))
    for (const owner of owners) if (!accounts.includes(owner)) accounts.push(owner);
  const shared = accounts.length > 1 ? { sharedEventID: randomUUID() } : {};
  const region = route === "iam" ? "us-east-1" : call.region;
  const common = {
    eventTime: now.toISOString().replace(/\.\d+Z$/, "Z"),
    eventSource: named.source,
    eventName: named.name,
    awsRegion: region,
    sourceIPAddress: call.context["aws:SourceIp"] ?? "127.0.0.1",
    userAgent: call.context["aws:UserAgent"] ?? "-",
    ...(error ? { errorCode: errorCode(route, error.code), errorMessage: errorMessage(route, error) } : {}),
    requestParameters: requestParameters(answered),
    responseElements: error ? null : responseElements(answered, named.readOnly),
    requestID: call.requestId,
  };
  return accounts.map((account) => {
    const id = randomUUID();
    const own = account === call.caller.account;
    const record = {
      eventVersion: "1.11",
      userIdentity: own ? userIdentity(call.caller) : foreignIdentity(call.caller),
      ...common,
      eventID: id,
      readOnly: named.readOnly,
      ...(resources.length > 0 ? { resources } : {}),
      eventType: "AwsApiCall",
      managementEvent: !named.data,
      recipientAccountId: account,
      ...shared,
      eventCategory: named.data ? "Data" : "Management",
      tlsDetails: { tlsVersion: "TLSv1.3", clientProvidedHostHeader: answered.request.headers.host ?? "" },
    };
    const username = own ? usernameOf(call.caller) : undefined;
    return {
      id,
      account,
      region,
      time: now.getTime(),
      source: named.source,
      name: named.name,
      readOnly: named.readOnly,
      data: named.data,
      ...(username === undefined ? {} : { username }),
      ...(own && call.caller.accessKeyId !== undefined ? { accessKeyId: call.caller.accessKeyId } : {}),
      resources,
      record: JSON.stringify(record),
    };
  });
}

/**
 * Whether the resource's owner has a copy. Of KMS and STS it has none where access was denied: only the caller's account
 * learns of that. Sources: KMS Developer Guide, "Logging AWS KMS API calls"; Amazon S3 User Guide, "CloudTrail logging".
 */
function isShared(route: string, { name }: EventName, failed: boolean): boolean {
  if (route === "s3") return true;
  return !failed && (route === "kms" || (route === "sts" && name === "AssumeRole"));
}

/** What is wrong with a record is told with its values, which no event has. */
function errorMessage(route: string, { code, message }: AwsError): string {
  return route === "featurestore" && code === "ValidationError" ? "The request is not valid." : message;
}

/** KMS and SageMaker write the short code. Source: KMS Developer Guide, examples of CloudTrail log entries. */
function errorCode(route: string, code: string): string {
  return code === "AccessDeniedException" && ["kms", "sagemaker", "featurestore"].includes(route)
    ? "AccessDenied"
    : code;
}

function resourcesOf(route: string, checks: readonly AccessCheck[]): EventResource[] {
  const found = new Map<string, EventResource>();
  const add = (type: string, ARN: string, accountId: string) => found.set(ARN, { accountId, type, ARN });
  for (const { action, resource, resourceAccount } of checks) {
    const service = action.split(":")[0]?.toLowerCase();
    if (resource === "*" || service !== (route === "featurestore" ? "sagemaker" : route)) continue;
    if (route === "kms" && resource.includes(":key/")) add("AWS::KMS::Key", resource, resourceAccount);
    if (route === "featurestore") add("AWS::SageMaker::FeatureGroup", resource, resourceAccount);
    if (route === "sts" && resource.includes(":role/")) add("AWS::IAM::Role", resource, resourceAccount);
    if (route === "sns") add("AWS::SNS::Topic", resource, resourceAccount);
    if (route === "sqs") add("AWS::SQS::Queue", resource, resourceAccount);
    if (route !== "s3") continue;
    const bucket = resource.split("/")[0] ?? resource;
    if (resource !== bucket) add("AWS::S3::Object", resource, resourceAccount);
    add("AWS::S3::Bucket", bucket, resourceAccount);
  }
  return [...found.values()];
}

function usernameOf({ kind, arn }: Caller): string | undefined {
  return kind === "user" || kind === "role" ? arn.slice(arn.lastIndexOf("/") + 1) : undefined;
}

function userIdentity(caller: SessionCaller): Record<string, unknown> {
  const { kind, userId, arn, account, accessKeyId, principalArn, session } = caller;
  const common = { principalId: userId, arn, accountId: account, ...(accessKeyId ? { accessKeyId } : {}) };
  const attributes = { creationDate: session?.issued.replace(/\.\d+Z$/, "Z"), mfaAuthenticated: "false" };
  if (kind === "user")
    return {
      type: "IAMUser",
      ...common,
      userName: usernameOf(caller),
      ...(session ? { sessionContext: { attributes } } : {}),
    };
  if (kind === "root") return { type: "Root", ...common };
  if (kind !== "role") return foreignIdentity(caller);
  const sessionIssuer = {
    type: "Role",
    principalId: userId.split(":")[0],
    arn: principalArn,
    accountId: account,
    userName: principalArn.slice(principalArn.lastIndexOf("/") + 1),
  };
  const sourced = session?.sourceIdentity ? { sourceIdentity: session.sourceIdentity } : {};
  return { type: "AssumedRole", ...common, sessionContext: { sessionIssuer, attributes, ...sourced } };
}

/** As another account sees who called. */
function foreignIdentity({ kind, userId, account, arn }: Caller): Record<string, unknown> {
  if (kind === "anonymous") return { type: "AWSAccount", principalId: "", accountId: "anonymous" };
  if (kind === "service") return { type: "AWSService", invokedBy: arn };
  return { type: "AWSAccount", principalId: userId, accountId: account };
}

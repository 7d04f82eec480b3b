/** The events of a request. Source: AWS CloudTrail User Guide, "CloudTrail record contents" and "userIdentity element". */
import { randomUUID } from "node:crypto";
import type { AccessCheck, AnsweredRequest, AwsError, Caller, LoggedEvent } from "../../core";
import type { SessionCaller } from "../../identity/credentials";
import { requestParameters, responseElements } from "./parameters";

/** An event as stored. */
export interface TrailEvent extends LoggedEvent {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly readOnly: boolean;
  readonly username?: string;
  readonly accessKeyId?: string;
  readonly resources: readonly EventResource[];
}

interface EventResource {
  readonly accountId: string;
  readonly type: string;
  readonly ARN: string;
}

/** One event in the caller's account, and one in the resource's if AWS writes it. None for a request that is no operation of AWS's. */
export function eventsOf(answered: AnsweredRequest, now: Date): TrailEvent[] {
  const { call, service, event: name, reads: readOnly, data, error } = answered;
  if (!/^[A-Z]\w+$/.test(name)) return [];
  const source = `${service === "featurestore" ? "sagemaker" : service}.amazonaws.com`;
  const resources = resourcesOf(service, answered.checks);
  const owners = new Set(resources.map(({ accountId }) => accountId).filter((id) => /^\d{12}$/.test(id)));
  const accounts = call.caller.account === "" ? [...owners] : [call.caller.account];
  if (call.caller.account !== "" && isShared(service, name, error !== undefined))
    for (const owner of owners) if (!accounts.includes(owner)) accounts.push(owner);
  const shared = accounts.length > 1 ? { sharedEventID: randomUUID() } : {};
  const region = service === "iam" ? "us-east-1" : call.region;
  const common = {
    eventTime: now.toISOString().replace(/\.\d+Z$/, "Z"),
    eventSource: source,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: call.context["aws:SourceIp"] ?? "127.0.0.1",
    userAgent: call.context["aws:UserAgent"] ?? "-",
    ...(error
      ? { errorCode: errorCode(service, error.code), errorMessage: errorMessage(service, error) }
      : {}),
    requestParameters: requestParameters(answered),
    responseElements: error ? null : responseElements(answered),
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
      readOnly,
      ...(resources.length > 0 ? { resources } : {}),
      eventType: "AwsApiCall",
      managementEvent: !data,
      recipientAccountId: account,
      ...shared,
      eventCategory: data ? "Data" : "Management",
      tlsDetails: { tlsVersion: "TLSv1.3", clientProvidedHostHeader: answered.request.headers.host ?? "" },
    };
    const username = own ? usernameOf(call.caller) : undefined;
    return {
      id,
      account,
      region,
      time: now.getTime(),
      source,
      name,
      readOnly,
      data,
      ...(username === undefined ? {} : { username }),
      ...(own && call.caller.accessKeyId !== undefined ? { accessKeyId: call.caller.accessKeyId } : {}),
      resources,
      record: JSON.stringify(record),
    };
  });
}

/**
 * True if the resource's owner gets a copy. For KMS and STS the owner gets none if access was denied: only the caller's account sees that.
 * Sources: KMS Developer Guide, "Logging AWS KMS API calls"; Amazon S3 User Guide, "CloudTrail logging".
 */
function isShared(service: string, name: string, failed: boolean): boolean {
  if (service === "s3") return true;
  return !failed && (service === "kms" || (service === "sts" && name === "AssumeRole"));
}

/** The message about an invalid record contains its values, which events must not show. */
function errorMessage(service: string, { code, message }: AwsError): string {
  return service === "featurestore" && code === "ValidationError" ? "The request is not valid." : message;
}

/** KMS and SageMaker write the short code. Source: KMS Developer Guide, examples of CloudTrail log entries. */
function errorCode(service: string, code: string): string {
  return code === "AccessDeniedException" && ["kms", "sagemaker", "featurestore"].includes(service)
    ? "AccessDenied"
    : code;
}

function resourcesOf(service: string, checks: readonly AccessCheck[]): EventResource[] {
  const found = new Map<string, EventResource>();
  const add = (type: string, ARN: string, accountId: string) => found.set(ARN, { accountId, type, ARN });
  for (const { action, resource, resourceAccount } of checks) {
    const asked = action.split(":")[0]?.toLowerCase();
    if (resource === "*" || asked !== (service === "featurestore" ? "sagemaker" : service)) continue;
    if (service === "kms" && resource.includes(":key/")) add("AWS::KMS::Key", resource, resourceAccount);
    if (service === "featurestore") add("AWS::SageMaker::FeatureGroup", resource, resourceAccount);
    if (service === "sts" && resource.includes(":role/")) add("AWS::IAM::Role", resource, resourceAccount);
    if (service === "sns") add("AWS::SNS::Topic", resource, resourceAccount);
    if (service === "sqs") add("AWS::SQS::Queue", resource, resourceAccount);
    if (service !== "s3") continue;
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

/** The caller as another account sees it. */
function foreignIdentity({ kind, userId, account, arn }: Caller): Record<string, unknown> {
  if (kind === "anonymous") return { type: "AWSAccount", principalId: "", accountId: "anonymous" };
  if (kind === "service") return { type: "AWSService", invokedBy: arn };
  return { type: "AWSAccount", principalId: userId, accountId: account };
}

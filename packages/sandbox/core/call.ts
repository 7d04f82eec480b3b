/** Callers, requests and access checks: the types that every room uses. */
import { randomUUID } from "node:crypto";
import type { KmsGrant, PolicyDocument, RequestContext } from "@feature-store-access/iam";

/** The caller of a request. `kind: "service"` is an AWS service acting by itself (its principal in `arn`). */
export interface Caller {
  readonly kind: "user" | "role" | "root" | "service" | "anonymous";
  /** As `GetCallerIdentity` prints it: for a role session `arn:aws:sts::ID:assumed-role/ROLE/SESSION`. */
  readonly arn: string;
  /** `aws:PrincipalArn`: ARN of the user or role. */
  readonly principalArn: string;
  /** 12 digits; empty for services and anonymous. */
  readonly account: string;
  /** `AIDA...`, or `AROA...:SESSION`: `aws:userid`. */
  readonly userId: string;
  readonly sessionPolicies?: readonly PolicyDocument[];
  readonly accessKeyId?: string;
}

/** One authenticated request, or one step that a service takes for it. */
export interface Call {
  readonly caller: Caller;
  readonly region: string;
  readonly requestId: string;
  /** Condition keys of the request itself: `aws:SourceIp`, `aws:SecureTransport`, `aws:RequestedRegion`, `kms:ViaService`... */
  readonly context: RequestContext;
}

/** An HTTP request after its signature was checked. `path` is still percent-encoded, without the query. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The decoded payload (aws-chunked framing removed, trailers checked). */
  readonly body: Buffer;
}

/** A request with its operation. */
export interface ServiceRequest extends WireRequest {
  /** AWS's name of the operation, even if the sandbox does not have it; method and path if AWS has none. */
  readonly operation: string;
  /** The values of the labels in the operation's path, decoded. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface WireResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** True: the connection ends without an answer. */
  readonly dropped?: true;
}

/** A tag of a resource or a session, as APIs write it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** An error that the client sees: AWS's code, message and HTTP status; `fields` are further members of the error shape. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** One check of `World.authorize`. */
export interface AccessCheck {
  /** `service:Operation`. */
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  /** Condition keys of this action, such as `s3:x-amz-acl` or `kms:EncryptionContext:KEY`. */
  readonly context?: RequestContext;
  /** The bucket, key or trust policy of the resource, as stored (unique IDs instead of ARNs: see `Principals`). */
  readonly resourcePolicy?: PolicyDocument;
  readonly grants?: readonly KmsGrant[];
  /** The service's own error code for a denial: `AccessDenied` (S3, STS, IAM), `AccessDeniedException` (JSON services). */
  readonly code?: string;
}

/** A request that was answered, as CloudTrail sees it. */
export interface AnsweredRequest {
  /** The service that answered (`kms`, `featurestore`). */
  readonly service: string;
  /** CloudTrail's name of the operation. */
  readonly event: string;
  /** CloudTrail's `readOnly`. */
  readonly reads: boolean;
  /** True for a data event, false for a management event. */
  readonly data: boolean;
  readonly call: Call;
  readonly request: ServiceRequest;
  /** The request's members by name; absent if the request cannot be read. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** The operation's output, before its protocol wrote it. */
  readonly output?: unknown;
  readonly error?: AwsError;
  /** The access checks that were made for it. */
  readonly checks: readonly AccessCheck[];
}

/** A call like `call`, made by another caller (a service acting as a role). */
export function callAs(call: Call, caller: Caller): Call {
  return { ...call, caller };
}

/** A call like `call` that a service forwards to KMS: `kms:ViaService` is `SERVICE.REGION.amazonaws.com`. */
export function callVia(call: Call, service: string): Call {
  return {
    ...call,
    context: {
      ...call.context,
      "kms:ViaService": `${service}.${call.region}.amazonaws.com`,
      "aws:ViaAWSService": "true",
    },
  };
}

/** An AWS service as the caller: `events.amazonaws.com`. */
export function serviceCaller(principal: string): Caller {
  return { kind: "service", arn: principal, principalArn: principal, account: "", userId: principal };
}

/** A call of the service `principal` on behalf of a resource, which policies see as `aws:SourceArn`. */
export function serviceCall(
  principal: string,
  source: { readonly arn: string; readonly account: string; readonly region: string },
): Call {
  return {
    caller: serviceCaller(principal),
    region: source.region,
    requestId: randomUUID(),
    context: {
      "aws:SourceArn": source.arn,
      "aws:SourceAccount": source.account,
      "aws:SecureTransport": "true",
      "aws:RequestedRegion": source.region,
    },
  };
}

/** Which service a request is for, and how that service writes its errors. */
import { AwsError, type WireRequest, type WireResponse } from "../core";
import { cborError, isCbor } from "../protocol/cbor";
import { jsonError, queryCompatibleError } from "../protocol/json";
import { queryError } from "../protocol/query";
import { restJsonError, s3Error, virtualHost } from "../protocol/rest";
import { isS3Control, s3ControlError } from "../protocol/s3Control";

export type ServiceName =
  | "sts"
  | "iam"
  | "s3"
  | "kms"
  | "sagemaker"
  | "featurestore"
  | "glue"
  | "athena"
  | "lakeformation"
  | "sns"
  | "sqs"
  | "cloudtrail"
  | "events"
  | "monitoring";

type Protocol = "query" | "json" | "json-query" | "cbor" | "s3" | "rest-json";

/** Of services that the sandbox does not have, too: an SDK must understand the answer that it has not. */
const protocols: Readonly<Record<string, Protocol>> = {
  sts: "query",
  iam: "query",
  s3: "s3",
  kms: "json",
  sagemaker: "json",
  glue: "json",
  athena: "json",
  featurestore: "rest-json",
  lakeformation: "rest-json",
  sns: "query",
  sqs: "json-query",
  cloudtrail: "json",
  events: "json",
  monitoring: "json-query",
};

export const namespaces = {
  sts: "https://sts.amazonaws.com/doc/2011-06-15/",
  iam: "https://iam.amazonaws.com/doc/2010-05-08/",
  sns: "http://sns.amazonaws.com/doc/2010-03-31/",
  monitoring: "http://monitoring.amazonaws.com/doc/2010-08-01/",
} as const;

const targets: Readonly<Record<string, ServiceName>> = {
  SageMaker: "sagemaker",
  TrentService: "kms",
  AWSGlue: "glue",
  AmazonAthena: "athena",
  AmazonSQS: "sqs",
  AWSEvents: "events",
  CloudTrail_20131101: "cloudtrail",
  GraniteServiceVersion20100801: "monitoring",
};

/**
 * The service's name: by the credential scope; without a signature by target, form or path, and else S3, as only S3 knows
 * anonymous requests. A name that is no `ServiceName` is a service that the sandbox does not have.
 */
export function routeOf(scopeService: string | undefined, request: WireRequest): string {
  const target = request.headers["x-amz-target"];
  if (scopeService === "sagemaker" || (scopeService === undefined && isFeatureStorePath(request.path)))
    return target === undefined && isFeatureStorePath(request.path) ? "featurestore" : "sagemaker";
  if (scopeService !== undefined) return scopeService;
  if (target !== undefined) {
    const prefix = target.split(".")[0] ?? "";
    return targets[prefix] ?? prefix.toLowerCase();
  }
  return isForm(request) ? (request.body.includes("Version=2010-05-08") ? "iam" : "sts") : "s3";
}

function isFeatureStorePath(path: string): boolean {
  return path.startsWith("/FeatureGroup/") || path === "/BatchGetRecord" || path === "/BatchWriteRecord";
}

function isForm(request: WireRequest): boolean {
  const type = request.headers["content-type"] ?? "";
  return request.method === "POST" && type.startsWith("application/x-www-form-urlencoded");
}

function protocolOf(route: string, request: WireRequest): Protocol {
  if (route === "monitoring" && isForm(request)) return "query";
  if (route === "monitoring" && isCbor(request)) return "cbor";
  return (
    protocols[route] ??
    (request.headers["x-amz-target"] === undefined ? (isForm(request) ? "query" : "rest-json") : "json")
  );
}

/** An error in the words of the service. */
export function errorResponse(
  route: string,
  request: WireRequest,
  error: AwsError,
  requestId: string,
): WireResponse {
  switch (protocolOf(route, request)) {
    case "query":
      return queryError(namespaces[route as keyof typeof namespaces] ?? namespaces.sts, error, requestId);
    case "json-query":
      return queryCompatibleError(error);
    case "cbor":
      return cborError(error);
    case "json":
      return jsonError(error);
    case "rest-json":
      return restJsonError(error);
    case "s3":
      return isS3Control(request) ? s3ControlError(error, requestId) : s3Error(error, requestId);
  }
}

/** The header in which each service tells the request's ID. */
export function requestIdHeaders(route: string, requestId: string): Record<string, string> {
  return route === "s3"
    ? { "x-amz-request-id": requestId, "x-amz-id-2": "sandbox" }
    : { "x-amzn-requestid": requestId };
}

/**
 * A path-style request of a virtual-hosted one (`BUCKET.localhost`, `BUCKET.s3.localhost`): clients address buckets so
 * where the endpoint is a name. The signature was made over the path as it came, so this comes after its verification.
 */
export function pathStyle(request: WireRequest): WireRequest {
  // S3 Control's clients write the account there.
  if (isS3Control(request)) return request;
  const bucket = virtualHost(request.headers.host);
  return bucket === undefined ? request : { ...request, path: `/${bucket}${request.path}` };
}

/** The answer to an operation that is not there: named, and never a success. */
export function notImplemented(route: string, operation: string): AwsError {
  const message = `The sandbox does not implement ${route}:${operation}`;
  switch (protocols[route]) {
    case "query":
      return new AwsError("InvalidAction", message, 400);
    case "s3":
      return new AwsError("NotImplemented", message, 501);
    default:
      return new AwsError("UnknownOperationException", message, 400);
  }
}

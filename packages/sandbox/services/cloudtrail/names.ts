/** What CloudTrail calls a request: source, name, whether it only reads, and management or data. */
import { s3Operation } from "../../pipeline/faults";
import type { AnsweredRequest, WireRequest } from "../../core";
import { cborOperation } from "../../protocol/cbor";
import { targetOperation } from "../../protocol/json";
import { isS3Control, s3ControlOperation } from "../../protocol/s3Control";

export interface EventName {
  readonly source: string;
  readonly name: string;
  readonly readOnly: boolean;
  readonly data: boolean;
}

/** Undefined for what is no operation of AWS's. */
export function eventName({
  route,
  request,
}: Pick<AnsweredRequest, "route" | "request">): EventName | undefined {
  const name = operationName(route, request);
  if (!/^[A-Z]\w+$/.test(name)) return undefined;
  const service = route === "featurestore" ? "sagemaker" : route;
  return {
    source: `${service}.amazonaws.com`,
    name,
    readOnly: isReadOnly(route, name),
    data: isData(route, name),
  };
}

function operationName(route: string, request: WireRequest): string {
  if (route === "s3") return s3Name(request);
  if (route === "featurestore") {
    if (/^\/Batch\w+$/.test(request.path)) return request.path.slice(1);
    if (request.method === "POST")
      return request.path.endsWith("/ListRecords") ? "ListRecords" : "UpdateRecord";
    return { GET: "GetRecord", PUT: "PutRecord", DELETE: "DeleteRecord" }[request.method] ?? "";
  }
  if (route === "lakeformation") return request.path.slice(1);
  const target = targetOperation(request) || cborOperation(request);
  return (
    target ||
    (/(?:^|&)Action=(\w+)/.exec(request.body.toString("latin1"))?.[1] ?? request.query.get("Action") ?? "")
  );
}

/** Source: Amazon S3 User Guide, "Amazon S3 CloudTrail events". */
function s3Name(request: WireRequest): string {
  if (isS3Control(request)) return s3ControlOperation(request);
  const { method, query, path, headers } = request;
  const isObject = path.split("/").filter(Boolean).length > 1;
  if (isObject) {
    if (query.has("uploadId") && method === "PUT")
      return headers["x-amz-copy-source"] === undefined ? "UploadPart" : "UploadPartCopy";
    if (query.has("uploadId"))
      return { GET: "ListParts", DELETE: "AbortMultipartUpload" }[method] ?? "CompleteMultipartUpload";
    if (query.has("uploads")) return "CreateMultipartUpload";
    const part = ["tagging", "acl", "attributes"].find((name) => query.has(name));
    if (part) return s3Operation(request) + part.charAt(0).toUpperCase() + part.slice(1);
    return method === "PUT" && headers["x-amz-copy-source"] !== undefined
      ? "CopyObject"
      : s3Operation(request);
  }
  if (query.has("delete")) return "DeleteObjects";
  if (query.has("versions")) return "ListObjectVersions";
  if (query.has("uploads")) return "ListMultipartUploads";
  const name = s3Operation(request);
  // CloudTrail has one name for both versions of the operation.
  return name === "ListObjectsV2" ? "ListObjects" : name.replace("LifecycleConfiguration", "Lifecycle");
}

const KMS_READS = /^(Encrypt|Decrypt|ReEncrypt|Generate|Verify|Sign|Derive)/;

function isReadOnly(route: string, name: string): boolean {
  if (route === "kms" && KMS_READS.test(name)) return true;
  if (route === "sts") return true;
  return /^(Get|List|Describe|Head|Lookup|BatchGet|Test|Search|Simulate)/.test(name);
}

/** Source: AWS CloudTrail User Guide, "Logging data events". */
function isData(route: string, name: string): boolean {
  switch (route) {
    case "featurestore":
      return true;
    case "s3":
      return (
        /Object|Multipart|^UploadPart|^ListParts|^HeadBucket$/.test(name) &&
        !/Ownership|ObjectLock/.test(name)
      );
    case "sns":
      return /^Publish/.test(name);
    case "sqs":
      return /Message/.test(name);
    case "monitoring":
      return /^(PutMetricData|GetMetric)/.test(name);
    default:
      return false;
  }
}

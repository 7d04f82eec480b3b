/** The REST-XML protocol of Amazon S3 and S3 Control. Source: Amazon S3 API Reference, "REST error responses". */
import { AwsError, type WireRequest, type WireResponse } from "../core";
import { verifyChecksums } from "./checksum";
import { decodeStrict } from "./encoding";
import { restRouter, xmlResponse } from "./rest";
import type { Protocol } from "./service";

/** Query parameters that are not subresources: those of lists and configurations, of presigned requests, and of the SDKs' telemetry. */
const PLAIN = new Set([
  "prefix",
  "delimiter",
  "marker",
  "max-keys",
  "encoding-type",
  "list-type",
  "continuation-token",
  "start-after",
  "fetch-owner",
  "versionId",
  "x-id",
  "partNumber",
  "uploadId",
  "key-marker",
  "upload-id-marker",
  "version-id-marker",
  "max-uploads",
  "id",
]);

const isPlain = (name: string) => PLAIN.has(name) || /^x-amz-/i.test(name) || name.startsWith("response-");

/**
 * Paths of operations are within a bucket: `PUT ?cors` is for the bucket, `GET /{Key+}` for an object; `GET /` is for neither. Inputs are `{
 * bucket, key }`; operations return complete responses.
 */
export const s3: Protocol<WireResponse> = {
  unknown: { code: "NotImplemented", status: 501 },
  speaks: () => true,
  router: (operations) =>
    restRouter(
      Object.fromEntries(
        Object.entries(operations).map(([name, { on = "" }]) => [name, { on: inBucket(on) }]),
      ),
      unknownName,
      isPlain,
    ),
  prepare(request) {
    const prepared = pathStyle(request);
    if (hasCheckedBody(prepared)) verifyChecksums(prepared.headers, prepared.body);
    return prepared;
  },
  parse: ({ path }) => bucketAndKey(path),
  respond: (output) => output,
  error: (error, _request, requestId) => s3Error(inWordsOfS3(error), requestId),
  headers: (requestId) => ({ "x-amz-request-id": requestId, "x-amz-id-2": "sandbox" }),
};

/** The protocol of S3 Control: an extra element surrounds its errors, unlike in S3's other operations. */
export const s3Control: Protocol<WireResponse> = {
  ...s3,
  router: restRouter,
  prepare: (request) => request,
  parse: ({ labels }) => ({ ...labels }),
  error(error, _request, requestId) {
    const { code, message, status, fields } = inWordsOfS3(error);
    const content = {
      Error: { Code: code, Message: message, ...texts(fields) },
      RequestId: requestId,
      HostId: "sandbox",
    };
    return xmlResponse("ErrorResponse", content, undefined, status);
  },
};

function inBucket(on: string): string {
  const [method = "", target = ""] = on.split(/ (.*)/s);
  if (target === "/") return on;
  return `${method} /{Bucket}${target}`;
}

/** The name of a request that matches none of S3's operations: its method and what it addresses. */
function unknownName({ method, path, query }: WireRequest): string {
  const sub = [...query.keys()].find((name) => !isPlain(name));
  return `${method} ${sub === undefined ? path : `?${sub}`}`;
}

/** Bucket and key of a path-style S3 path, decoded; either is empty if the path ends before it. */
export function bucketAndKey(path: string): { bucket: string; key: string } {
  const rest = path.replace(/^\//, "");
  const slash = rest.indexOf("/");
  return slash < 0
    ? { bucket: decodeStrict(rest), key: "" }
    : { bucket: decodeStrict(rest.slice(0, slash)), key: decodeStrict(rest.slice(slash + 1)) };
}

/** The bucket of a virtual-hosted address (`BUCKET.localhost`, `BUCKET.s3.localhost`); undefined for a path-style one. */
export function virtualHost(host: string | undefined): string | undefined {
  return /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.(?:s3\.)?localhost(?::\d+)?$/.exec(host ?? "")?.[1];
}

/**
 * Turns a virtual-hosted request (`BUCKET.localhost`, `BUCKET.s3.localhost`) into a path-style one: clients address buckets this way if the
 * endpoint is a name. The signature covers the original path, so it has to be verified before.
 */
function pathStyle(request: WireRequest): WireRequest {
  const bucket = virtualHost(request.headers.host);
  return bucket === undefined ? request : { ...request, path: `/${bucket}${request.path}` };
}

/** Requests whose checksum headers describe their own body (on CompleteMultipartUpload they describe the whole object). */
function hasCheckedBody({ method, query }: WireRequest): boolean {
  return method === "PUT" || (method === "POST" && query.has("delete"));
}

/** An error as S3 writes it: its fields are siblings of code and message. A HEAD request gets no body (the server removes it). */
function s3Error(error: AwsError, requestId: string): WireResponse {
  const response = xmlResponse(
    "Error",
    {
      Code: error.code,
      Message: error.message,
      ...texts(error.fields),
      RequestId: requestId,
      HostId: "sandbox",
    },
    undefined,
    error.status,
  );
  const { Region: region } = error.fields;
  // HEAD has no body that could say where the bucket is.
  return typeof region === "string"
    ? { ...response, headers: { ...response.headers, "x-amz-bucket-region": region } }
    : response;
}

function texts(fields: AwsError["fields"]): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}

/** S3 has its own words for a signature that cannot be read. */
function inWordsOfS3(error: AwsError): AwsError {
  if (error.code !== "IncompleteSignature") return error;
  if (error.message.startsWith("Unsupported authorization type"))
    return new AwsError("InvalidArgument", "Unsupported Authorization Type", 400, {
      ArgumentName: "Authorization",
    });
  if (error.message.includes("'X-Amz-Date'"))
    return new AwsError("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header", 403);
  return new AwsError(
    "AuthorizationHeaderMalformed",
    `The authorization header is malformed; ${error.message}`,
    400,
  );
}

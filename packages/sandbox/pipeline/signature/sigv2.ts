/**
 * URLs presigned with Signature Version 2, which boto3 and the AWS CLI still use by default for S3's older regions. Sources: Amazon S3
 * Developer Guide, "Signing and authenticating REST requests" ("Query string request authentication alternative"); the regions that never
 * accepted it: AWS General Reference, "Amazon S3 endpoints".
 */
import { createHmac } from "node:crypto";
import { AwsError, type Caller, type WireRequest } from "../../core";
import type { CredentialLookup } from "../../identity/credentials";
import { errorCodes } from "./authErrors";
import { sameText } from "./chunked";
import type { QueryPair } from "../../protocol/encoding";
import type { RawRequest } from "./payload";

/** S3's regions from before 2014. All others answer that the mechanism is not supported. */
export const VERSION_2_REGIONS: ReadonlySet<string> = new Set([
  "us-east-1",
  "us-west-1",
  "us-west-2",
  "eu-west-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-northeast-1",
  "sa-east-1",
]);

/** Query parameters that are part of the signed text. */
const SIGNED_PARAMETERS = new Set(
  (
    "accelerate acl analytics cors delete inventory lifecycle location logging metrics notification object-lock partNumber " +
    "policy replication requestPayment restore select select-type storageClass tagging torrent uploadId uploads versionId " +
    "versioning versions website response-cache-control response-content-disposition response-content-encoding " +
    "response-content-language response-content-type response-expires"
  ).split(" "),
);

/** True for a request with such a signature in its query. */
export function isVersion2(query: readonly QueryPair[]): boolean {
  const names = new Set(query.map(([name]) => name));
  return names.has("AWSAccessKeyId") && names.has("Signature") && !names.has("X-Amz-Algorithm");
}

/**
 * The signer of the URL, and the request as signed: parameters that stand for headers (`x-amz-*`, `content-type`) become headers again.
 * `bucket` is that of a virtual-hosted address. Throws AccessDenied (403) for an expired URL, InvalidAccessKeyId, InvalidToken, ExpiredToken,
 * SignatureDoesNotMatch as S3 does.
 */
export function verifyVersion2(
  raw: RawRequest,
  path: string,
  query: readonly QueryPair[],
  bucket: string | undefined,
  lookup: CredentialLookup,
  now: Date,
): { caller: Caller; request: WireRequest } {
  const parameters = new Map(query);
  const accessKeyId = parameters.get("AWSAccessKeyId") ?? "";
  const signature = parameters.get("Signature") ?? "";
  const expires = parameters.get("Expires") ?? "";
  if (!/^\d{1,12}$/.test(expires))
    throw new AwsError(
      "AccessDenied",
      "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
      403,
    );
  const end = new Date(Number(expires) * 1000);
  if (end < now)
    throw new AwsError("AccessDenied", "Request has expired", 403, {
      Expires: end.toISOString(),
      ServerTime: now.toISOString(),
    });
  const headers = { ...raw.headers };
  for (const [name, value] of query) if (isHeader(name)) headers[name.toLowerCase()] = value;
  const codes = errorCodes("s3");
  const token = headers["x-amz-security-token"];
  const unknownKey = () => codes.unknownKey(accessKeyId, token !== undefined);
  const credential = lookup(accessKeyId, token);
  if (!credential) throw unknownKey();
  const text = textToSign(raw.method, headers, expires, resource(path, query, bucket));
  const expected = createHmac("sha1", credential.secret).update(text, "utf8").digest("base64");
  if (!sameText(expected, signature))
    throw new AwsError(
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      403,
      { AWSAccessKeyId: accessKeyId, StringToSign: text, SignatureProvided: signature },
    );
  if (credential.expires && credential.expires <= now) throw codes.expiredToken();
  const caller = credential.caller();
  if (!caller) throw unknownKey();
  const rest = query.filter(([name]) => !isHeader(name) && !CREDENTIALS.has(name));
  return {
    caller,
    request: {
      method: raw.method,
      path,
      query: new URLSearchParams(rest.map(([name, value]): [string, string] => [name, value])),
      headers,
      body: raw.body,
    },
  };
}

const CREDENTIALS = new Set(["AWSAccessKeyId", "Signature", "Expires"]);

function isHeader(name: string): boolean {
  return /^x-amz-/i.test(name) || /^content-(md5|type)$/i.test(name);
}

function textToSign(
  method: string,
  headers: Readonly<Record<string, string>>,
  expires: string,
  signedResource: string,
): string {
  const own = Object.keys(headers)
    .filter((name) => name.startsWith("x-amz-"))
    .sort()
    .map((name) => `${name}:${(headers[name] ?? "").trim()}\n`);
  return [
    method,
    headers["content-md5"] ?? "",
    headers["content-type"] ?? "",
    expires,
    own.join("") + signedResource,
  ].join("\n");
}

function resource(path: string, query: readonly QueryPair[], bucket: string | undefined): string {
  const parameters = query
    .filter(([name]) => SIGNED_PARAMETERS.has(name))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`))
    .sort();
  const suffix = parameters.length > 0 ? `?${parameters.join("&")}` : "";
  return `${bucket === undefined ? "" : `/${bucket}`}${path}${suffix}`;
}

/**
 * The canonical request of Signature Version 4, its string to sign and its signing key.
 * Source: IAM User Guide, "Create a signed AWS API request"; Amazon S3 API Reference, "Authenticating Requests".
 */
import { createHash, createHmac } from "node:crypto";
import { decodeStrict, encodeStrict, type QueryPair } from "../../protocol/encoding";

/** The inputs of a signature, in the terms of the canonical request. */
export interface CanonicalInput {
  readonly method: string;
  /** As on the wire: percent-encoded, without the query. */
  readonly path: string;
  readonly query: readonly QueryPair[];
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: readonly string[];
  /** Hex SHA-256 of the payload, or one of S3's words such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
  /** S3 encodes the path once and leaves it unchanged; all other services normalize it and encode it again. */
  readonly s3: boolean;
}

export function sha256Hex(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

export function hmac(key: Buffer | string, data: string): Buffer {
  return createHmac("sha256", key).update(data, "utf8").digest();
}

/** The canonical request: six parts, one a line. */
export function canonicalRequest(input: CanonicalInput): string {
  const headers = input.signedHeaders.map(
    (name) => `${name}:${(input.headers[name] ?? "").trim().replace(/\s+/g, " ")}\n`,
  );
  return [
    input.method,
    input.s3 ? singleEncoded(input.path) : doubleEncoded(input.path),
    canonicalQuery(input.query),
    headers.join(""),
    input.signedHeaders.join(";"),
    input.payloadHash,
  ].join("\n");
}

function singleEncoded(path: string): string {
  return path
    .split("/")
    .map((segment) => encodeStrict(decodeStrict(segment)))
    .join("/");
}

function doubleEncoded(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const trailing = kept.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${kept.map(encodeStrict).join("/")}${trailing}`;
}

function canonicalQuery(query: readonly QueryPair[]): string {
  return query
    .map(([name, value]) => [encodeStrict(name), encodeStrict(value)] as const)
    .sort(([n1, v1], [n2, v2]) => compare(n1, n2) || compare(v1, v2))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The string to sign. `time` is the request's `X-Amz-Date`, `scope` is `DATE/REGION/SERVICE/aws4_request`. */
export function stringToSign(time: string, scope: string, canonical: string): string {
  return ["AWS4-HMAC-SHA256", time, scope, sha256Hex(canonical)].join("\n");
}

/** The key derived from a secret for one day, region and service. */
export function signingKey(secret: string, date: string, region: string, service: string): Buffer {
  return hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), "aws4_request");
}

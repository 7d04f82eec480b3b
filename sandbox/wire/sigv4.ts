/**
 * Verification of Signature Version 4: who signed this request, and is every signed byte as it was signed?
 * Sources: IAM User Guide, "AWS Signature Version 4 for API requests"; Amazon S3 API Reference, "Authenticating Requests".
 */
import { AwsError, type Caller, type WireRequest } from "../core";
import { canonicalRequest, hmac, sha256Hex, signingKey, stringToSign } from "./canonical";
import { decodeChunks, sameText, type DecodedPayload } from "./chunked";
import { parseQuery, splitTarget, type QueryPair } from "./encoding";
import { readAuthorization, type Authorization } from "./authorization";
import { errorCodes, signatureMismatch } from "./authErrors";

/** A request as it came over the wire. `target` is the request line's: path and query, still encoded. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  /** Lower-case names; repeated headers joined with `,`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** IP address of the client. */
  readonly clientAddress?: string;
}

/** A key that requests may be signed with. `caller` is asked for only once the signature was found right. */
export interface SigningCredential {
  readonly secret: string;
  /** When a temporary credential ends. */
  readonly expires?: Date;
  /** Undefined if the principal is gone or the key inactive. */
  caller(): Caller | undefined;
}

/** Finds the key of an access key ID; undefined if unknown, or if the session token is not that key's own. */
export type CredentialLookup = (
  accessKeyId: string,
  sessionToken: string | undefined,
) => SigningCredential | undefined;

export interface Authenticated {
  /** Absent for a request without any signature. */
  readonly caller?: Caller;
  /** Of the credential scope; absent without a signature. */
  readonly region?: string;
  readonly service?: string;
  readonly signedAt?: Date;
  readonly request: WireRequest;
}

const clockSkew = 15 * 60 * 1000;

/**
 * Verifies a request's signature, its payload's hash and chunk signatures, and removes `aws-chunked` framing.
 * Throws `AwsError` with the code that the signed-for service uses (`SignatureDoesNotMatch`, `InvalidSignatureException`,
 * `RequestTimeTooSkewed`, `ExpiredToken`, `InvalidClientTokenId`, ...).
 */
export function authenticate(raw: RawRequest, lookup: CredentialLookup, now: Date): Authenticated {
  const { path, rawQuery } = splitTarget(raw.target);
  const query = parseQuery(rawQuery);
  const authorization = readAuthorization(raw.headers, query);
  const request = (decoded: DecodedPayload): WireRequest => ({
    method: raw.method,
    path,
    query: new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])),
    headers: { ...raw.headers, ...decoded.trailers },
    body: decoded.body,
  });
  if (!authorization) return { request: request(decodePayload(raw, undefined)) };

  const codes = errorCodes(authorization.service);
  checkTimes(authorization, codes, now);
  const credential = lookup(authorization.accessKeyId, authorization.sessionToken);
  const unknownKey = () =>
    codes.unknownKey(authorization.accessKeyId, authorization.sessionToken !== undefined);
  if (!credential) throw unknownKey();

  const scope = `${authorization.date}/${authorization.region}/${authorization.service}/aws4_request`;
  const key = signingKey(credential.secret, authorization.date, authorization.region, authorization.service);
  const s3 = authorization.service === "s3";
  const canonical = canonicalRequest({
    method: raw.method,
    path,
    query: signedQuery(query, authorization),
    headers: raw.headers,
    signedHeaders: authorization.signedHeaders,
    payloadHash: payloadHash(raw, authorization),
    s3,
  });
  const text = stringToSign(authorization.time, scope, canonical);
  const expected = hmac(key, text).toString("hex");
  if (!sameText(expected, authorization.signature)) throw signatureMismatch(authorization, canonical, text);
  if (credential.expires && credential.expires <= now) throw codes.expiredToken();
  if (s3) checkSigned(raw.headers, authorization);

  const decoded = decodePayload(raw, { key, time: authorization.time, scope, seed: expected });
  const caller = credential.caller();
  if (!caller) throw unknownKey();
  return {
    caller,
    region: authorization.region,
    service: authorization.service,
    signedAt: authorization.signedAt,
    request: request(decoded),
  };
}

function checkTimes(authorization: Authorization, codes: ReturnType<typeof errorCodes>, now: Date): void {
  const age = now.getTime() - authorization.signedAt.getTime();
  if (authorization.expiresSeconds === undefined) {
    if (Math.abs(age) > clockSkew) throw codes.skewed(authorization.signedAt, now);
  } else if (age > authorization.expiresSeconds * 1000) {
    throw codes.presignedExpired(authorization.signedAt, authorization.expiresSeconds, now);
  } else if (age < -clockSkew) {
    throw new AwsError("AccessDenied", "Request is not yet valid", 403);
  }
}

function signedQuery(query: readonly QueryPair[], authorization: Authorization): readonly QueryPair[] {
  return authorization.presigned ? query.filter(([name]) => name !== "X-Amz-Signature") : query;
}

/** The payload's part of the canonical request; a hash that the client states is checked against the bytes. */
function payloadHash(raw: RawRequest, authorization: Authorization): string {
  const stated = raw.headers["x-amz-content-sha256"];
  if (authorization.service !== "s3") return sha256Hex(raw.body);
  if (stated === undefined) {
    if (authorization.presigned) return "UNSIGNED-PAYLOAD";
    throw new AwsError(
      "InvalidRequest",
      "Missing required header for this request: x-amz-content-sha256",
      400,
    );
  }
  if (stated === "UNSIGNED-PAYLOAD" || stated.startsWith("STREAMING-")) return stated;
  if (!/^[0-9a-f]{64}$/.test(stated))
    throw new AwsError(
      "InvalidArgument",
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, " +
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
      400,
      { ArgumentName: "x-amz-content-sha256", ArgumentValue: stated },
    );
  const actual = sha256Hex(raw.body);
  if (actual !== stated)
    throw new AwsError(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      400,
      { ClientComputedContentSHA256: stated, S3ComputedContentSHA256: actual },
    );
  return stated;
}

/** S3 refuses `x-amz-*` headers that the signature does not cover. */
function checkSigned(headers: Readonly<Record<string, string>>, authorization: Authorization): void {
  const unsigned = Object.keys(headers).filter(
    (name) =>
      name.startsWith("x-amz-") &&
      !authorization.signedHeaders.includes(name) &&
      !(authorization.presigned && name === "x-amz-content-sha256"),
  );
  if (unsigned.length > 0)
    throw new AwsError(
      "AccessDenied",
      "There were headers present in the request which were not signed",
      403,
      {
        HeadersNotSigned: unsigned.join(", "),
      },
    );
}

type Signing = Parameters<typeof decodeChunks>[1];

function decodePayload(raw: RawRequest, signing: Signing): DecodedPayload {
  const kind = raw.headers["x-amz-content-sha256"];
  if (!kind?.startsWith("STREAMING-")) return { body: raw.body, trailers: {} };
  const decoded = decodeKind(raw.body, kind, signing);
  const stated = raw.headers["x-amz-decoded-content-length"];
  if (stated === undefined)
    throw new AwsError("MissingContentLength", "You must provide the Content-Length HTTP header.", 411);
  if (Number(stated) !== decoded.body.length)
    throw new AwsError(
      "IncompleteBody",
      "You did not provide the number of bytes specified by the Content-Length HTTP header",
      400,
    );
  return decoded;
}

function decodeKind(body: Buffer, kind: string, signing: Signing): DecodedPayload {
  switch (kind) {
    case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
      return decodeChunks(body, undefined, true);
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD":
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
      if (!signing) throw new AwsError("AccessDenied", "Signed chunks need a signed request.", 403);
      return decodeChunks(body, signing, kind.endsWith("-TRAILER"));
    default:
      throw new AwsError("NotImplemented", `The sandbox does not implement payloads of kind ${kind}.`, 501);
  }
}

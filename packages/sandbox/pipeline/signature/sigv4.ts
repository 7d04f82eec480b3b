/**
 * Verification of Signature Version 4: who signed the request, and whether every signed byte is unchanged.
 * Sources: IAM User Guide, "AWS Signature Version 4 for API requests"; Amazon S3 API Reference, "Authenticating Requests".
 */
import { AwsError, type Caller, type WireRequest } from "../../core";
import type { CredentialLookup } from "../../identity/credentials";
import { canonicalRequest, hmac, signingKey, stringToSign } from "./canonical";
import { sameText, type DecodedPayload } from "./chunked";
import { parseQuery, splitTarget, type QueryPair } from "../../protocol/encoding";
import { readAuthorization, type Authorization } from "./authorization";
import { virtualHost } from "../../protocol/s3";
import { isVersion2, verifyVersion2 } from "./sigv2";
import { decodePayload, payloadHash, unframedHeaders, type RawRequest } from "./payload";
import { errorCodes, signatureMismatch } from "./authErrors";

export type { RawRequest } from "./payload";

export interface Authenticated {
  /** Absent for a request without any signature. */
  readonly caller?: Caller;
  /** From the credential scope; absent without a signature. */
  readonly region?: string;
  readonly service?: string;
  readonly signedAt?: Date;
  /** The signature's version; version 2 names no region. */
  readonly version?: 2 | 4;
  readonly presigned?: boolean;
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
  if (isVersion2(query) && raw.headers.authorization === undefined) {
    const signed = verifyVersion2(raw, path, query, virtualHost(raw.headers.host), lookup, now);
    return { ...signed, service: "s3", version: 2, presigned: true };
  }
  const authorization = readAuthorization(raw.headers, query);
  const request = (decoded: DecodedPayload): WireRequest => ({
    method: raw.method,
    path,
    query: new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])),
    headers: { ...unframedHeaders(raw.headers, decoded), ...decoded.trailers },
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
    version: 4,
    presigned: authorization.presigned,
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

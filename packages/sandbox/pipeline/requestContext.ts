/** Condition keys of every request: those of the connection, and of S3's signatures. */
import type { Call, WireRequest } from "../core";
import type { Authenticated } from "./signature/sigv4";

/** The condition keys of a request itself. Source: IAM User Guide, "AWS global condition context keys". */
export function requestContext(
  request: WireRequest,
  region: string,
  address: string | undefined,
): Call["context"] {
  const agent = request.headers["user-agent"];
  const referer = request.headers.referer;
  return {
    "aws:SourceIp": address ?? "127.0.0.1",
    // Loopback stands for TLS: nothing leaves the machine, and policies that demand TLS must be testable.
    "aws:SecureTransport": "true",
    "aws:RequestedRegion": region,
    "aws:ViaAWSService": "false",
    ...(agent === undefined ? {} : { "aws:UserAgent": agent }),
    ...(referer === undefined ? {} : { "aws:Referer": referer }),
  };
}

/**
 * The condition keys of an S3 request's signature. Source: Amazon S3 API Reference, "Amazon S3 Signature Version 4 authentication specific
 * policy keys". `signatureAge` is in milliseconds.
 */
export function signatureContext(
  { version, presigned, signedAt }: Authenticated,
  now: Date,
): Call["context"] {
  if (version === undefined) return { "s3:authType": "Anonymous" };
  return {
    "s3:authType": presigned ? "REST-QUERY-STRING" : "REST-HEADER",
    "s3:signatureversion": version === 4 ? "AWS4-HMAC-SHA256" : "AWS",
    ...(signedAt ? { "s3:signatureAge": String(Math.max(0, now.getTime() - signedAt.getTime())) } : {}),
  };
}

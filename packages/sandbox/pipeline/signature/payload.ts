/** The payload of a signed request: its hash as signed, and its bytes without `aws-chunked` framing. */
import { AwsError } from "../../core";
import type { Authorization } from "./authorization";
import { sha256Hex } from "./canonical";
import { decodeChunks, type ChunkSigning, type DecodedPayload } from "./chunked";

/** A request as received. `target` is the request line's: path and query, still encoded. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  /** Lower-case names; repeated headers joined with `,`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** IP address of the client. */
  readonly clientAddress?: string;
}

/** The payload's part of the canonical request; checks a hash that the client states against the bytes. */
export function payloadHash(raw: RawRequest, authorization: Authorization): string {
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

/** Headers as they would be without `aws-chunked` framing. */
export function unframedHeaders(
  headers: Readonly<Record<string, string>>,
  decoded: DecodedPayload,
): Readonly<Record<string, string>> {
  const { "content-encoding": encoding = "", ...others } = headers;
  const kept = encoding.split(",").filter((word) => word.trim() !== "" && word.trim() !== "aws-chunked");
  if (kept.join(",") === encoding) return headers;
  return {
    ...others,
    ...(kept.length > 0 ? { "content-encoding": kept.join(",").trim() } : {}),
    "content-length": String(decoded.body.length),
  };
}

/** The payload without framing, its chunks verified. @throws AwsError what `decodeChunks` throws, and 4xx for a wrong length */
export function decodePayload(raw: RawRequest, signing: ChunkSigning | undefined): DecodedPayload {
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

function decodeKind(body: Buffer, kind: string, signing: ChunkSigning | undefined): DecodedPayload {
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

/**
 * The `aws-chunked` framing of S3 uploads: chunks, their signatures, and trailing headers.
 * Source: Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple
 * Chunks" and "Including Trailing Headers".
 */
import { timingSafeEqual } from "node:crypto";
import { AwsError } from "../../core";
import { hmac, sha256Hex } from "./canonical";

/** The start of the chain of chunk signatures. Absent for `STREAMING-UNSIGNED-PAYLOAD-TRAILER`. */
export interface ChunkSigning {
  readonly key: Buffer;
  readonly time: string;
  readonly scope: string;
  /** The signature of the request's headers: the first link of the chain. */
  readonly seed: string;
}

export interface DecodedPayload {
  readonly body: Buffer;
  /** Trailing headers, lower-case names. */
  readonly trailers: Readonly<Record<string, string>>;
}

const maximumLine = 4096;

/**
 * Removes the framing, and verifies each chunk's signature if `signing` is given. `trailer` says that the payload announces trailing headers.
 * Throws `IncompleteBody` (400), `InvalidChunkSizeError`-like 400s and `SignatureDoesNotMatch` (403).
 */
export function decodeChunks(
  payload: Buffer,
  signing: ChunkSigning | undefined,
  trailer: boolean,
): DecodedPayload {
  const chunks: Buffer[] = [];
  let previous = signing?.seed ?? "";
  let offset = 0;
  for (;;) {
    const { line, next } = readLine(payload, offset);
    const [size, ...extensions] = line.split(";");
    if (size === undefined || !/^[0-9a-fA-F]{1,8}$/.test(size)) throw incomplete();
    const length = Number.parseInt(size, 16);
    const data = payload.subarray(next, next + length);
    if (data.length !== length) throw incomplete();
    if (signing) {
      const given = extensions.find((extension) => extension.startsWith("chunk-signature="))?.slice(16);
      previous = verifyLink(
        signing,
        "AWS4-HMAC-SHA256-PAYLOAD",
        previous,
        [sha256Hex(""), sha256Hex(data)],
        given,
      );
    }
    offset = next + length;
    if (length === 0) break;
    if (payload.toString("latin1", offset, offset + 2) !== "\r\n") throw incomplete();
    offset += 2;
    chunks.push(data);
  }
  const trailers = trailer ? readTrailers(payload, offset, signing, previous) : {};
  return { body: Buffer.concat(chunks), trailers };
}

function readTrailers(
  payload: Buffer,
  start: number,
  signing: ChunkSigning | undefined,
  previous: string,
): Record<string, string> {
  const trailers: Record<string, string> = {};
  let signed = "";
  let signature: string | undefined;
  for (const line of payload.toString("utf8", start).split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (line === "") continue;
    if (colon < 1) throw malformedTrailer();
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "x-amz-trailer-signature") signature = value;
    else {
      trailers[name] = value;
      signed += `${name}:${value}\n`;
    }
  }
  if (signing) verifyLink(signing, "AWS4-HMAC-SHA256-TRAILER", previous, [sha256Hex(signed)], signature);
  return trailers;
}

function verifyLink(
  signing: ChunkSigning,
  algorithm: string,
  previous: string,
  hashes: readonly string[],
  given: string | undefined,
): string {
  const text = [algorithm, signing.time, signing.scope, previous, ...hashes].join("\n");
  const expected = hmac(signing.key, text).toString("hex");
  if (!sameText(expected, given ?? ""))
    throw new AwsError(
      "SignatureDoesNotMatch",
      "The chunk signature we calculated does not match the signature you provided. Check your key and signing method.",
      403,
    );
  return expected;
}

/** Compares two strings in constant time. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function readLine(payload: Buffer, offset: number): { line: string; next: number } {
  const end = payload.indexOf("\r\n", offset, "latin1");
  if (end < 0 || end - offset > maximumLine) throw incomplete();
  return { line: payload.toString("latin1", offset, end), next: end + 2 };
}

function incomplete(): AwsError {
  return new AwsError(
    "IncompleteBody",
    "The request body terminated unexpectedly or its aws-chunked framing is malformed.",
    400,
  );
}

function malformedTrailer(): AwsError {
  return new AwsError(
    "MalformedTrailerError",
    "The request contained trailing data that was not well-formed.",
    400,
  );
}

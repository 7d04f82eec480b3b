/**
 * The checksums that S3 clients send with a body (`x-amz-checksum-*`, `content-md5`), calculated and verified.
 * Source: Amazon S3 User Guide, "Checking object integrity".
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AwsError } from "../core";

export const checksumAlgorithms = [
  "crc32",
  "crc32c",
  "crc64nvme",
  "sha1",
  "sha256",
  "sha512",
  "md5",
] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** The checksum of `data` as S3 writes it: base64 of the big-endian bytes. */
export function checksum(algorithm: ChecksumAlgorithm, data: Buffer): string {
  switch (algorithm) {
    case "crc32":
      return base64OfUint32(crc32(data));
    case "crc32c":
      return base64OfUint32(crc32c(data));
    case "crc64nvme": {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64BE(crc64nvme(data));
      return bytes.toString("base64");
    }
    case "sha1":
    case "sha256":
    case "sha512":
    case "md5":
      return createHash(algorithm).update(data).digest("base64");
  }
}

/**
 * Verifies every `x-amz-checksum-*` header (or trailer, given as a header) and `content-md5` against the decoded body. Throws `BadDigest`
 * (400), or `InvalidRequest`/`InvalidDigest` (400) for a value that is no checksum, and `NotImplemented` (501) for an algorithm that the
 * sandbox cannot verify: it never skips a verification that a client asks for.
 */
export function verifyChecksums(headers: Readonly<Record<string, string>>, body: Buffer): void {
  const foreign = Object.keys(headers).find((name) => name.startsWith("x-amz-checksum-xxhash"));
  if (foreign !== undefined)
    throw new AwsError("NotImplemented", `The sandbox does not implement the checksum of ${foreign}`, 501);
  for (const algorithm of checksumAlgorithms) {
    const claimed = headers[`x-amz-checksum-${algorithm}`];
    if (claimed === undefined) continue;
    const actual = checksum(algorithm, body);
    if (Buffer.from(claimed, "base64").length !== Buffer.from(actual, "base64").length)
      throw new AwsError("InvalidRequest", `Value for x-amz-checksum-${algorithm} header is invalid.`, 400);
    if (claimed !== actual)
      throw new AwsError(
        "BadDigest",
        `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
        400,
      );
  }
  const md5 = headers["content-md5"];
  if (md5 === undefined) return;
  if (Buffer.from(md5, "base64").length !== 16)
    throw new AwsError("InvalidDigest", "The Content-MD5 you specified was invalid.", 400);
  if (createHash("md5").update(body).digest("base64") !== md5)
    throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.", 400);
}

function base64OfUint32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString("base64");
}

let table32: Uint32Array | undefined;

/** CRC-32C (Castagnoli), reflected polynomial 0x82F63B78. */
function crc32c(data: Buffer): number {
  table32 ??= Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    return value >>> 0;
  });
  let crc = 0xffffffff;
  for (const byte of data) crc = (crc >>> 8) ^ (table32[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}

let table64: { low: Uint32Array; high: Uint32Array } | undefined;

/** CRC-64/NVME, reflected polynomial 0x9A6C9329AC4BC9B5, in two 32-bit halves. */
function crc64nvme(data: Buffer): bigint {
  table64 ??= makeTable64();
  let low = 0xffffffff;
  let high = 0xffffffff;
  for (const byte of data) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (table64.low[index] ?? 0);
    high = (high >>> 8) ^ (table64.high[index] ?? 0);
  }
  return (BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0);
}

function makeTable64(): { low: Uint32Array; high: Uint32Array } {
  const low = new Uint32Array(256);
  const high = new Uint32Array(256);
  for (let index = 0; index < 256; index++) {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
    low[index] = Number(value & 0xffffffffn);
    high[index] = Number(value >> 32n);
  }
  return { low, high };
}

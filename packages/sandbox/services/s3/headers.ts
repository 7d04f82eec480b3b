/** The headers of objects: those that a put stores and a read returns, and the condition keys for them. */
import type { RequestContext } from "@feature-store-access/iam";
import { AwsError, type WireRequest } from "../../core";
import { checksum, checksumAlgorithms, type ChecksumAlgorithm } from "../../protocol/checksum";
import { encryptionHeaders } from "./encryption";
import type { Bucket, ObjectVersion } from "./state";

const KEPT_HEADERS = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
  "x-amz-website-redirect-location",
];

export function objectContext(version: ObjectVersion | undefined, versionId: string | null): RequestContext {
  return {
    ...(versionId === null ? {} : { "s3:VersionId": versionId }),
    ...Object.fromEntries(
      Object.entries(version?.tags ?? {}).map(([name, value]) => [`s3:ExistingObjectTag/${name}`, value]),
    ),
  };
}

/** Condition keys of a put. Source: Service Authorization Reference, "Amazon S3". */
export function putContext(
  headers: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>>,
): RequestContext {
  const named = [
    "x-amz-acl",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-content-sha256",
    "if-none-match",
    "if-match",
  ];
  const names = Object.keys(tags);
  return {
    ...Object.fromEntries(
      named.filter((name) => headers[name] !== undefined).map((name) => [`s3:${name}`, headers[name] ?? ""]),
    ),
    ...Object.fromEntries(
      Object.entries(tags).map(([name, value]) => [`s3:RequestObjectTag/${name}`, value]),
    ),
    ...(names.length > 0 ? { "s3:RequestObjectTagKeys": names } : {}),
  };
}

/** @throws AwsError MetadataTooLarge, InvalidStorageClass (400) */
export function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name]) => KEPT_HEADERS.includes(name) || name.startsWith(METADATA),
  );
  const metadata = kept.filter(([name]) => name.startsWith(METADATA));
  const size = metadata.reduce(
    (sum, [name, value]) => sum + name.length - METADATA.length + Buffer.byteLength(value),
    0,
  );
  if (size > 2048)
    throw new AwsError(
      "MetadataTooLarge",
      "Your metadata headers exceed the maximum allowed metadata size",
      400,
      { Size: size, MaxSizeAllowed: 2048 },
    );
  return { "content-type": "binary/octet-stream", ...Object.fromEntries(kept), ...storageClass(headers) };
}

const METADATA = "x-amz-meta-";

/** Storage classes whose objects can be read immediately. */
const STORAGE_CLASSES = [
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "REDUCED_REDUNDANCY",
  "GLACIER_IR",
];

/** The header if it names another class than STANDARD, which S3 does not return. @throws AwsError InvalidStorageClass (400) */
export function storageClass(headers: Readonly<Record<string, string>>): Record<string, string> {
  const named = headers["x-amz-storage-class"] ?? "STANDARD";
  if (named === "STANDARD") return {};
  if (named === "GLACIER" || named === "DEEP_ARCHIVE")
    throw new AwsError("NotImplemented", `The sandbox does not implement the storage class ${named}`, 501);
  if (!STORAGE_CLASSES.includes(named))
    throw new AwsError("InvalidStorageClass", "The storage class you specified is not valid", 400, {
      StorageClassRequested: named,
    });
  return { "x-amz-storage-class": named };
}

export function checksumsOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const algorithm of checksumAlgorithms) {
    const value = headers[`x-amz-checksum-${algorithm}`];
    if (value !== undefined) found[algorithm] = value;
  }
  return found;
}

/** Checksums as headers; without a type (for a part) `type` is undefined. */
export function checksumHeaders(
  checksums: Readonly<Record<string, string>>,
  type: "COMPOSITE" | "FULL_OBJECT" | undefined = "FULL_OBJECT",
): Record<string, string> {
  const headers = Object.fromEntries(
    Object.entries(checksums).map(([algorithm, value]) => [`x-amz-checksum-${algorithm}`, value]),
  );
  return Object.keys(headers).length > 0 && type ? { ...headers, "x-amz-checksum-type": type } : headers;
}

/** Checksums as elements: `ChecksumSHA256`. */
export function checksumElements(checksums: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(checksums).map(([algorithm, value]) => [`Checksum${algorithm.toUpperCase()}`, value]),
  );
}

/** The checksums to store for a body: those that the request has, or the one that S3 calculates itself. */
export function checksumsFor(
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Record<string, string> {
  const sent = checksumsOf(headers);
  return Object.keys(sent).length > 0 ? sent : { crc64nvme: checksum("crc64nvme", body) };
}

/** `x-amz-checksum-algorithm` (or the SDKs' own header), if it names one. @throws AwsError InvalidRequest (400) */
export function namedAlgorithm(headers: Readonly<Record<string, string>>): ChecksumAlgorithm | undefined {
  const named = headers["x-amz-checksum-algorithm"];
  if (named === undefined) return undefined;
  const known = checksumAlgorithms.find((algorithm) => algorithm === named.toLowerCase());
  if (known) return known;
  throw new AwsError(
    "InvalidRequest",
    "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256, SHA512, MD5]",
    400,
  );
}

export const isChecksumWanted = ({ headers }: Pick<WireRequest, "headers">) =>
  headers["x-amz-checksum-mode"]?.toUpperCase() === "ENABLED";

export function objectHeaders(
  bucket: Bucket,
  version: ObjectVersion,
  request: WireRequest,
): Record<string, string> {
  const overrides = [...request.query]
    .filter(([name]) => name.startsWith("response-"))
    .map(([name, value]) => [name.slice("response-".length), value]);
  const tagCount = Object.keys(version.tags).length;
  return {
    ...version.headers,
    ...(Object.fromEntries(overrides) as Record<string, string>),
    etag: version.etag,
    "last-modified": new Date(version.modified).toUTCString(),
    "accept-ranges": "bytes",
    ...(tagCount > 0 ? { "x-amz-tagging-count": String(tagCount) } : {}),
    ...(version.partList && request.query.has("partNumber")
      ? { "x-amz-mp-parts-count": String(version.partList.length) }
      : {}),
    ...versionHeader(bucket, version),
    ...encryptionHeaders(version.encryption),
    ...(isChecksumWanted(request) ? checksumHeaders(version.checksums, version.checksumType) : {}),
  };
}

export function versionHeader(bucket: Bucket, { versionId }: ObjectVersion): Record<string, string> {
  return bucket.versioning ? { "x-amz-version-id": versionId } : {};
}

/** `a=b&c=d`, percent-encoded. @throws AwsError BadRequest, InvalidTag, InvalidArgument (400) */
export function tagsOfHeader(header: string | undefined): Record<string, string> {
  const pairs = [...new URLSearchParams(header ?? "")];
  const tags = Object.fromEntries(pairs);
  if (Object.keys(tags).length < pairs.length)
    throw new AwsError("InvalidTag", "Cannot provide multiple Tags with the same key", 400);
  if (pairs.length > 10) throw new AwsError("BadRequest", "Object tags cannot be greater than 10", 400);
  const odd = pairs.find(([key, value]) => key === "" || key.length > 128 || value.length > 256);
  if (odd)
    throw new AwsError("InvalidTag", "The TagKey or TagValue you have provided is invalid", 400, {
      TagKey: odd[0],
    });
  return tags;
}

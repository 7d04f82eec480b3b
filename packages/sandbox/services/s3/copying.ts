/** Copies of objects. Source: Amazon S3 API Reference, CopyObject. */
import { AwsError, type WireRequest, type WireResponse } from "../../core";
import { checksum, checksumAlgorithms } from "../../protocol/checksum";
import { decodeStrict } from "../../protocol/encoding";
import { authorizeObject } from "./access";
import { checkAcl } from "./aclCheck";
import { encryptionHeaders, requestedEncryption } from "./encryption";
import {
  checksumElements,
  keptHeaders,
  namedAlgorithm,
  objectContext,
  storageClass,
  tagsOfHeader,
  versionHeader,
} from "./headers";
import { authorizePut, readable, readVersion, store } from "./objects";
import { checkPrecondition } from "./preconditions";
import { checkCopySource } from "./reading";
import { findBucket, type ObjectVersion, type OnBucket, type OnObject } from "./state";
import { xmlAnswer } from "./xml";

interface CopySource {
  readonly from: OnObject;
  /** The version ID that the request names, if any. */
  readonly versionId?: string;
  readonly version: ObjectVersion;
}

/** The source of the copy, after checking that the caller may read it and that its conditions hold. */
export function copySource({ world, call }: OnBucket, request: WireRequest): CopySource {
  const { headers } = request;
  const named = parsed(headers["x-amz-copy-source"] ?? "");
  const bucket = findBucket(world, call, named.bucket);
  const owner = headers["x-amz-source-expected-bucket-owner"];
  if (owner !== undefined && owner !== bucket.owner) throw new AwsError("AccessDenied", "Access Denied", 403);
  const query = new URLSearchParams(named.versionId === undefined ? {} : { versionId: named.versionId });
  const from = { world, call, bucket, key: named.key };
  const version = readable(from, { method: "GET", query });
  checkCopySource(headers, version);
  return { from, version, ...(named.versionId === undefined ? {} : { versionId: named.versionId }) };
}

export async function copyObject(on: OnObject, request: WireRequest): Promise<WireResponse> {
  const { bucket, key } = on;
  const { headers } = request;
  const source = copySource(on, request);
  const { from, version } = source;
  const replaceTags = directive(headers, "x-amz-tagging-directive") === "REPLACE";
  const replaceHeaders = directive(headers, "x-amz-metadata-directive") === "REPLACE";
  const tags = replaceTags ? tagsOfHeader(headers["x-amz-tagging"]) : version.tags;
  authorizePut(on, headers, replaceTags ? tags : {});
  if (!replaceTags && Object.keys(tags).length > 0) authorizeTags(source, on);
  checkAcl(bucket, headers["x-amz-acl"], headers);
  checkPrecondition(on, headers);
  const requested = requestedEncryption(headers);
  if (
    from.bucket.name === bucket.name &&
    from.key === key &&
    source.versionId === undefined &&
    !replaceHeaders &&
    requested === undefined &&
    headers["x-amz-storage-class"] === undefined
  )
    throw new AwsError(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      400,
    );
  // A copy has the requested storage class, not its source's.
  const { "x-amz-storage-class": _, ...copied } = version.headers;
  const named = namedAlgorithm(headers);
  const body = await readVersion(on, version);
  const algorithm = named ?? checksumAlgorithms.find((each) => each in version.checksums) ?? "crc64nvme";
  const checksums = { [algorithm]: checksum(algorithm, body) };
  const made = await store(
    on,
    {
      body,
      headers: replaceHeaders ? keptHeaders(headers) : { ...copied, ...storageClass(headers) },
      requested,
      tags,
      checksums,
    },
    { unless: () => checkPrecondition(on, headers) },
  );
  const sourceVersion: Record<string, string> = from.bucket.versioning
    ? { "x-amz-copy-source-version-id": version.versionId }
    : {};
  return xmlAnswer(
    "CopyObjectResult",
    {
      ETag: made.etag,
      LastModified: made.modified,
      ChecksumType: "FULL_OBJECT",
      ...checksumElements(checksums),
    },
    {
      ...sourceVersion,
      ...versionHeader(bucket, made),
      ...encryptionHeaders(made.encryption),
    },
  );
}

/** Copying tags needs separate permissions to read and write them. Source: S3 User Guide, "Copying objects". */
function authorizeTags({ from, version, versionId }: CopySource, on: OnObject): void {
  const read = versionId === undefined ? "s3:GetObjectTagging" : "s3:GetObjectVersionTagging";
  authorizeObject(from, read, objectContext(version, versionId ?? null));
  authorizeObject(on, "s3:PutObjectTagging");
}

/** COPY or REPLACE. @throws AwsError InvalidArgument (400) */
function directive(headers: Readonly<Record<string, string>>, name: string): string {
  const value = headers[name]?.toUpperCase() ?? "COPY";
  if (value === "COPY" || value === "REPLACE") return value;
  const what = name === "x-amz-tagging-directive" ? "tagging" : "metadata";
  throw new AwsError("InvalidArgument", `Unknown ${what} directive.`, 400, {
    ArgumentName: name,
    ArgumentValue: headers[name],
  });
}

/** `/bucket/key?versionId=...`, percent-encoded. */
function parsed(header: string): { bucket: string; key: string; versionId?: string } {
  const [path = "", query = ""] = header.split("?");
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decodeStrict(path));
  if (!match)
    throw new AwsError(
      "InvalidArgument",
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      400,
      { ArgumentName: "x-amz-copy-source", ArgumentValue: header },
    );
  const versionId = new URLSearchParams(query).get("versionId");
  return { bucket: match[1] ?? "", key: match[2] ?? "", ...(versionId === null ? {} : { versionId }) };
}

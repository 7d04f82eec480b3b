/** Copies of objects. Source: Amazon S3 API Reference, CopyObject. */
import { AwsError, type Call, type WireRequest, type WireResponse, type World } from "../../core";
import { checksum, checksumAlgorithms } from "../../protocol/checksum";
import { decodeStrict } from "../../protocol/encoding";
import { xmlResponse } from "../../protocol/rest";
import { authorizeObject } from "./access";
import { checkAcl } from "./acl";
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
import { findBucket, type Bucket, type ObjectVersion } from "./state";
import { XMLNS } from "./xml";

interface CopySource {
  readonly from: Bucket;
  readonly key: string;
  /** What the request names, not what is found. */
  readonly versionId?: string;
  readonly version: ObjectVersion;
}

/** What the request copies, once its caller may read it and its conditions hold. */
export function copySource(world: World, call: Call, request: WireRequest): CopySource {
  const { headers } = request;
  const { bucket, key, versionId } = parsed(headers["x-amz-copy-source"] ?? "");
  const from = findBucket(world, call, bucket);
  const owner = headers["x-amz-source-expected-bucket-owner"];
  if (owner !== undefined && owner !== from.owner) throw new AwsError("AccessDenied", "Access Denied", 403);
  const query = new URLSearchParams(versionId === undefined ? {} : { versionId });
  const version = readable(world, call, from, key, { ...request, method: "GET", query, headers: {} });
  checkCopySource(headers, version);
  return { from, key, version, ...(versionId === undefined ? {} : { versionId }) };
}

export async function copyObject(
  world: World,
  call: Call,
  bucket: Bucket,
  key: string,
  request: WireRequest,
): Promise<WireResponse> {
  const { headers } = request;
  const source = copySource(world, call, request);
  const { from, version } = source;
  const replaceTags = directive(headers, "x-amz-tagging-directive") === "REPLACE";
  const replaceHeaders = directive(headers, "x-amz-metadata-directive") === "REPLACE";
  const tags = replaceTags ? tagsOfHeader(headers["x-amz-tagging"]) : version.tags;
  authorizePut(world, call, bucket, key, headers, replaceTags ? tags : {});
  if (!replaceTags && Object.keys(tags).length > 0) authorizeTags(world, call, source, bucket, key);
  checkAcl(bucket, headers["x-amz-acl"], headers);
  checkPrecondition(world, call, bucket, key, headers);
  const requested = requestedEncryption(headers);
  if (
    from.name === bucket.name &&
    source.key === key &&
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
  // A copy is of the class that is asked for, not of its source's.
  const { "x-amz-storage-class": _, ...copied } = version.headers;
  const named = namedAlgorithm(headers);
  const body = await readVersion(world, call, version);
  const algorithm = named ?? checksumAlgorithms.find((each) => each in version.checksums) ?? "crc64nvme";
  const checksums = { [algorithm]: checksum(algorithm, body) };
  const made = await store(
    world,
    call,
    bucket,
    key,
    {
      body,
      headers: replaceHeaders ? keptHeaders(headers) : { ...copied, ...storageClass(headers) },
      requested,
      tags,
      checksums,
    },
    { unless: () => checkPrecondition(world, call, bucket, key, headers) },
  );
  const response = xmlResponse(
    "CopyObjectResult",
    {
      ETag: made.etag,
      LastModified: made.modified,
      ChecksumType: "FULL_OBJECT",
      ...checksumElements(checksums),
    },
    XMLNS,
  );
  const sourceVersion: Record<string, string> = from.versioning
    ? { "x-amz-copy-source-version-id": version.versionId }
    : {};
  return {
    ...response,
    headers: {
      ...response.headers,
      ...sourceVersion,
      ...versionHeader(bucket, made),
      ...encryptionHeaders(made.encryption),
    },
  };
}

/** Tags that go with a copy are read and written with the permissions of their own. Source: S3 User Guide, "Copying objects". */
function authorizeTags(
  world: World,
  call: Call,
  { from, key: name, version, versionId }: CopySource,
  bucket: Bucket,
  key: string,
): void {
  const read = versionId === undefined ? "s3:GetObjectTagging" : "s3:GetObjectVersionTagging";
  authorizeObject(world, call, read, from, name, objectContext(version, versionId ?? null));
  authorizeObject(world, call, "s3:PutObjectTagging", bucket, key);
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

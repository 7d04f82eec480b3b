/** Writes, reads and removes objects. Source: Amazon S3 API Reference. */
import { createHash, randomUUID } from "node:crypto";
import type { RequestContext } from "@feature-store-access/iam";
import { AwsError, type WireRequest, type WireResponse } from "../../core";
import { authorizeObject, mayList } from "./access";
import { checkAcl } from "./aclCheck";
import {
  encryptionHeaders,
  newDataKey,
  open,
  openDataKey,
  requestedEncryption,
  seal,
  type RequestedEncryption,
} from "./encryption";
import {
  checksumHeaders,
  checksumsFor,
  isChecksumWanted,
  keptHeaders,
  objectContext,
  objectHeaders,
  putContext,
  tagsOfHeader,
  versionHeader,
} from "./headers";
import { checkPrecondition, notImplementedHeader } from "./preconditions";
import { conditionalRead, sectionHeaders, sectionOf } from "./reading";
import {
  buckets,
  etagOf,
  findVersion,
  newVersionId,
  noSuchBucket,
  objectKey,
  objects,
  type ObjectVersion,
  type OnBucket,
  type OnObject,
} from "./state";

export interface NewObject {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly requested: RequestedEncryption;
  readonly tags?: Record<string, string>;
  readonly checksums?: Readonly<Record<string, string>>;
}

export async function putObject(on: OnObject, request: WireRequest): Promise<WireResponse> {
  const { bucket } = on;
  const { headers } = request;
  // Only directory buckets can append: elsewhere it must not replace the existing object.
  if (headers["x-amz-write-offset-bytes"] !== undefined)
    throw notImplementedHeader("x-amz-write-offset-bytes");
  const requested = requestedEncryption(headers);
  const tags = tagsOfHeader(headers["x-amz-tagging"]);
  authorizePut(on, headers, tags);
  checkAcl(bucket, headers["x-amz-acl"], headers);
  checkPrecondition(on, headers);
  const checksums = checksumsFor(headers, request.body);
  const version = await store(
    on,
    { body: request.body, headers: keptHeaders(headers), requested, tags, checksums },
    { unless: () => checkPrecondition(on, headers) },
  );
  return {
    status: 200,
    headers: {
      etag: version.etag,
      ...versionHeader(bucket, version),
      ...encryptionHeaders(version.encryption),
      ...checksumHeaders(checksums),
    },
  };
}

/** s3:PutObject, and the further permissions of a request that sets an ACL or tags. */
export function authorizePut(
  on: OnObject,
  headers: Readonly<Record<string, string>>,
  tags: Readonly<Record<string, string>>,
  more: RequestContext = { "s3:ObjectCreationOperation": "true" },
): void {
  const context = { ...putContext(headers, tags), ...more };
  authorizeObject(on, "s3:PutObject", context);
  if (headers["x-amz-acl"] !== undefined) authorizeObject(on, "s3:PutObjectAcl", context);
  if (Object.keys(tags).length > 0) authorizeObject(on, "s3:PutObjectTagging", context);
  // No bucket here has Object Lock: this is S3's answer for such a bucket.
  if (Object.keys(headers).some((name) => name.startsWith("x-amz-object-lock-")))
    throw new AwsError("InvalidRequest", "Bucket is missing Object Lock Configuration", 400);
}

/** The parts of a write other than its bytes. */
export interface Write {
  /** Only for an object that was uploaded in parts. */
  readonly uploaded?: Pick<ObjectVersion, "etag" | "partList" | "checksumType">;
  /** @throws AwsError if another write happened in the meantime, so that this one must not take effect */
  readonly unless?: () => void;
}

/**
 * Writes the bytes, encrypted as the caller, and makes them the newest version. Other requests are served between the two steps, so the
 * conditions are checked again: of several simultaneous conditional writes, only one succeeds.
 * Source: S3 User Guide, "How to prevent object overwrites with conditional writes".
 */
export async function store(
  on: OnObject,
  object: NewObject,
  { uploaded, unless }: Write = {},
): Promise<ObjectVersion> {
  const { world, call, bucket, key } = on;
  const { encryption, dataKey } = newDataKey(on, object.requested);
  const blob = `s3-${randomUUID()}`;
  await world.store.putBlob(blob, seal(dataKey, object.body));
  try {
    if (buckets(world).get(bucket.name) !== bucket) throw noSuchBucket(bucket.name);
    unless?.();
  } catch (error) {
    await world.store.deleteBlob(blob);
    throw error;
  }
  const version: ObjectVersion = {
    versionId: bucket.versioning === "Enabled" ? newVersionId() : "null",
    key,
    modified: world.now().toISOString(),
    owner: bucket.ownership === "ObjectWriter" ? call.caller.account : bucket.owner,
    size: object.body.length,
    etag: etagOf(createHash("md5").update(object.body).digest("hex")),
    blob,
    encryption,
    headers: object.headers,
    checksums: object.checksums ?? {},
    tags: object.tags ?? {},
    ...uploaded,
  };
  await addVersion(on, version);
  return version;
}

/** Adds the version; without versioning it replaces the existing one, whose bytes are deleted. */
async function addVersion({ world, bucket }: OnBucket, version: ObjectVersion): Promise<void> {
  const id = objectKey(bucket.name, version.key);
  const kept = objects(world).get(id) ?? { bucket: bucket.name, key: version.key, versions: [] };
  const replaced =
    version.versionId === "null" ? kept.versions.filter(({ versionId }) => versionId === "null") : [];
  kept.versions = [version, ...kept.versions.filter((each) => !replaced.includes(each))];
  objects(world).set(id, kept);
  for (const { blob } of replaced) if (blob !== "") await world.store.deleteBlob(blob);
}

export async function getObject(on: OnObject, request: WireRequest): Promise<WireResponse> {
  const { bucket } = on;
  const version = readable(on, request);
  const unchanged = conditionalRead(request.headers, version);
  if (unchanged) return unchanged;
  const section = sectionOf(request, version);
  const bytes = await readVersion(on, version);
  const headers = objectHeaders(bucket, version, request);
  if (!section) return { status: 200, headers, body: bytes };
  return {
    status: 206,
    headers: sectionHeaders(section, version.size, headers),
    body: bytes.subarray(section.from, section.to + 1),
  };
}

export function headObject(on: OnObject, request: WireRequest): WireResponse {
  const { bucket } = on;
  const version = readable(on, request);
  const unchanged = conditionalRead(request.headers, version);
  if (unchanged) return unchanged;
  const section = sectionOf(request, version);
  checkChecksumReader(on, version, isChecksumWanted(request));
  const headers = objectHeaders(bucket, version, request);
  if (!section) return { status: 200, headers: { ...headers, "content-length": String(version.size) } };
  return {
    status: 206,
    headers: {
      ...sectionHeaders(section, version.size, headers),
      "content-length": String(section.to - section.from + 1),
    },
  };
}

/**
 * Anyone who may read an object that is encrypted under a key gets its metadata, but only those who may decrypt it get its checksum, which
 * depends on the contents. Source: S3 API Reference, HeadObject (`ChecksumMode`).
 */
export function checkChecksumReader(
  on: OnBucket,
  { encryption, checksums }: ObjectVersion,
  isWanted: boolean,
): void {
  if (isWanted && encryption?.algorithm === "aws:kms" && Object.keys(checksums).length > 0)
    openDataKey(on, encryption);
}

/** The bytes of a version, decrypted as the caller. */
export async function readVersion(on: OnBucket, version: ObjectVersion): Promise<Buffer> {
  const { world } = on;
  const sealed = world.store.getBlob(version.blob);
  if (!version.encryption) return sealed;
  const dataKey = openDataKey(on, version.encryption);
  return open(dataKey, await sealed);
}

/** `s3:GetObject`, or `s3:GetObjectVersion` if the request names a version. */
export function versionedAction(operation: string, { query }: Pick<WireRequest, "query">): string {
  return `s3:${query.has("versionId") ? operation.replace("Object", "ObjectVersion") : operation}`;
}

/**
 * The version that a read asks for, after checking that the caller may read it. Only callers who may list the bucket learn that an object
 * does not exist. Source: S3 API Reference, GetObject ("Permissions").
 */
export function readable(
  on: OnObject,
  request: Pick<WireRequest, "method" | "query">,
  operation = "GetObject",
): ObjectVersion {
  const { key } = on;
  const versionId = request.query.get("versionId");
  const version = findVersion(on, versionId);
  const action = versionedAction(operation, request);
  authorizeObject(on, action, objectContext(version, versionId));
  if (version && !version.deleteMarker) return version;
  if (!mayList(on)) throw new AwsError("AccessDenied", "Access Denied", 403);
  if (version && versionId !== null)
    throw new AwsError(
      "MethodNotAllowed",
      "The specified method is not allowed against this resource.",
      405,
      { Method: request.method },
    );
  if (versionId !== null && !/^(null|[A-Za-z0-9._-]{22,})$/.test(versionId))
    throw new AwsError("InvalidArgument", "Invalid version id specified", 400, {
      ArgumentName: "versionId",
      ArgumentValue: versionId,
    });
  if (versionId !== null)
    throw new AwsError("NoSuchVersion", "The specified version does not exist.", 404, {
      Key: key,
      VersionId: versionId,
    });
  throw new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: key });
}

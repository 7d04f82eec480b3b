/** Copies, attributes and tags of objects. */
import { AwsError, type Call, type WireRequest, type WireResponse, type World } from "../../core";
import { decodeStrict } from "../../wire/encoding";
import { xmlResponse } from "../../wire/rest";
import { authorizeObject } from "./access";
import { checkAcl } from "./acl";
import { NO_CONTENT, OK } from "./configs";
import { encryptionHeaders, requestedEncryption } from "./encryption";
import { keptHeaders, objectContext, tagsOfHeader, versionHeader } from "./headers";
import { authorizePut, readable, readVersion, store, versionedAction } from "./objects";
import { findBucket, objects, type Bucket } from "./state";
import { rootElement, tagSet, tagsOf, XMLNS } from "./xml";

export async function copyObject(
  world: World,
  call: Call,
  bucket: Bucket,
  key: string,
  request: WireRequest,
): Promise<WireResponse> {
  const { headers } = request;
  const source = sourceOf(headers["x-amz-copy-source"] ?? "");
  const from = findBucket(world, call, source.bucket);
  const query = new URLSearchParams(source.versionId === undefined ? {} : { versionId: source.versionId });
  const version = readable(world, call, from, source.key, { ...request, method: "GET", query, headers: {} });
  const replaceTags = headers["x-amz-tagging-directive"]?.toUpperCase() === "REPLACE";
  const replaceHeaders = headers["x-amz-metadata-directive"]?.toUpperCase() === "REPLACE";
  const tags = replaceTags ? tagsOfHeader(headers["x-amz-tagging"]) : version.tags;
  authorizePut(world, call, bucket, key, headers, replaceTags ? tags : {});
  checkAcl(bucket, headers["x-amz-acl"], headers);
  const requested = requestedEncryption(headers);
  if (
    from.name === bucket.name &&
    source.key === key &&
    source.versionId === undefined &&
    !replaceHeaders &&
    requested === undefined
  )
    throw new AwsError(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      400,
    );
  const body = await readVersion(world, call, version);
  const made = await store(world, call, bucket, key, {
    body,
    headers: replaceHeaders ? keptHeaders(headers) : version.headers,
    requested,
    tags,
    checksums: version.checksums,
  });
  const response = xmlResponse("CopyObjectResult", { ETag: made.etag, LastModified: made.modified }, XMLNS);
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

/** `/bucket/key?versionId=...`, percent-encoded. */
function sourceOf(header: string): { bucket: string; key: string; versionId?: string } {
  const [path = "", query = ""] = header.split("?");
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decodeStrict(path));
  if (!match)
    throw new AwsError(
      "InvalidArgument",
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
      400,
    );
  const versionId = new URLSearchParams(query).get("versionId");
  return { bucket: match[1] ?? "", key: match[2] ?? "", ...(versionId === null ? {} : { versionId }) };
}

export function getAttributes(
  world: World,
  call: Call,
  bucket: Bucket,
  key: string,
  request: WireRequest,
): WireResponse {
  const version = readable(world, call, bucket, key, request);
  authorizeObject(world, call, versionedAction("GetObjectAttributes", request), bucket, key);
  const wanted = new Set(
    (request.headers["x-amz-object-attributes"] ?? "").split(",").map((name) => name.trim()),
  );
  const checksums = Object.entries(version.checksums).map(([name, value]): [string, string] => [
    `Checksum${name.toUpperCase()}`,
    value,
  ]);
  const response = xmlResponse(
    "GetObjectAttributesResponse",
    {
      ...(wanted.has("ETag") ? { ETag: version.etag.replace(/"/g, "") } : {}),
      ...(wanted.has("Checksum") && checksums.length > 0 ? { Checksum: Object.fromEntries(checksums) } : {}),
      ...(wanted.has("StorageClass") ? { StorageClass: "STANDARD" } : {}),
      ...(wanted.has("ObjectSize") ? { ObjectSize: version.size } : {}),
    },
    XMLNS,
  );
  return {
    ...response,
    headers: {
      ...response.headers,
      "last-modified": new Date(version.modified).toUTCString(),
      ...versionHeader(bucket, version),
    },
  };
}

export function getObjectTagging(
  world: World,
  call: Call,
  bucket: Bucket,
  key: string,
  request: WireRequest,
): WireResponse {
  const version = readable(world, call, bucket, key, request, "GetObjectTagging");
  const response = xmlResponse("Tagging", tagSet(version.tags), XMLNS);
  return { ...response, headers: { ...response.headers, ...versionHeader(bucket, version) } };
}

export async function putObjectTagging(
  world: World,
  call: Call,
  bucket: Bucket,
  key: string,
  request: WireRequest,
): Promise<WireResponse> {
  const tags = tagsOf(await rootElement(request, "Tagging"));
  if (Object.keys(tags).length > 10)
    throw new AwsError("BadRequest", "Object tags cannot be greater than 10", 400);
  const context = Object.fromEntries(
    Object.entries(tags).map(([name, value]) => [`s3:RequestObjectTag/${name}`, value]),
  );
  authorizeObject(world, call, versionedAction("PutObjectTagging", request), bucket, key, context);
  const version = readable(world, call, bucket, key, request, "PutObjectTagging");
  version.tags = tags;
  objects(world).touch();
  return OK;
}

export function deleteObjectTagging(
  world: World,
  call: Call,
  bucket: Bucket,
  key: string,
  request: WireRequest,
): WireResponse {
  authorizeObject(
    world,
    call,
    versionedAction("DeleteObjectTagging", request),
    bucket,
    key,
    objectContext(undefined, request.query.get("versionId")),
  );
  const version = readable(world, call, bucket, key, request, "DeleteObjectTagging");
  version.tags = {};
  objects(world).touch();
  return NO_CONTENT;
}

/** Attributes and tags of objects. */
import { AwsError, type WireRequest, type WireResponse } from "../../core";
import { authorizeObject } from "./access";
import { NO_CONTENT, OK } from "./configs";
import { checksumElements, objectContext, versionHeader } from "./headers";
import { checkChecksumReader, readable, versionedAction } from "./objects";
import { objects, type ObjectPart, type OnObject } from "./state";
import { rootElement, tagSet, tagsOf, xmlAnswer } from "./xml";

export function getAttributes(on: OnObject, request: WireRequest): WireResponse {
  const { bucket } = on;
  const version = readable(on, request);
  authorizeObject(on, versionedAction("GetObjectAttributes", request));
  const wanted = new Set(
    (request.headers["x-amz-object-attributes"] ?? "").split(",").map((name) => name.trim()),
  );
  const checksums = checksumElements(version.checksums);
  const hasChecksum = wanted.has("Checksum") && Object.keys(checksums).length > 0;
  checkChecksumReader(on, version, hasChecksum);
  return xmlAnswer(
    "GetObjectAttributesResponse",
    {
      ...(wanted.has("ETag") ? { ETag: version.etag.replace(/"/g, "") } : {}),
      ...(hasChecksum
        ? { Checksum: { ...checksums, ChecksumType: version.checksumType ?? "FULL_OBJECT" } }
        : {}),
      ...(wanted.has("ObjectParts") && version.partList
        ? { ObjectParts: shownParts(version.partList, request.headers) }
        : {}),
      ...(wanted.has("StorageClass")
        ? { StorageClass: version.headers["x-amz-storage-class"] ?? "STANDARD" }
        : {}),
      ...(wanted.has("ObjectSize") ? { ObjectSize: version.size } : {}),
    },
    {
      "last-modified": new Date(version.modified).toUTCString(),
      ...versionHeader(bucket, version),
    },
  );
}

/** Lists the parts one by one only if they have their own checksums, as on AWS. */
function shownParts(parts: readonly ObjectPart[], headers: Readonly<Record<string, string>>) {
  const limit = Math.min(Number(headers["x-amz-max-parts"] ?? 1000) || 1000, 1000);
  const after = Number(headers["x-amz-part-number-marker"] ?? 0) || 0;
  const rest = parts.filter(({ number }) => number > after);
  const page = rest.slice(0, limit);
  const hasChecksums = parts.every(({ checksums }) => Object.keys(checksums).length > 0);
  return {
    PartsCount: parts.length,
    ...(hasChecksums
      ? {
          PartNumberMarker: after,
          ...(rest.length > page.length ? { NextPartNumberMarker: page.at(-1)?.number } : {}),
          MaxParts: limit,
          IsTruncated: rest.length > page.length,
          Part: page.map(({ number, size, checksums }) => ({
            PartNumber: number,
            Size: size,
            ...checksumElements(checksums),
          })),
        }
      : {}),
  };
}

export function getObjectTagging(on: OnObject, request: WireRequest): WireResponse {
  const { bucket } = on;
  const version = readable(on, request, "GetObjectTagging");
  return xmlAnswer("Tagging", tagSet(version.tags), { ...versionHeader(bucket, version) });
}

export async function putObjectTagging(on: OnObject, request: WireRequest): Promise<WireResponse> {
  const { world } = on;
  const tags = tagsOf(await rootElement(request, "Tagging"));
  if (Object.keys(tags).length > 10)
    throw new AwsError("BadRequest", "Object tags cannot be greater than 10", 400);
  const context = Object.fromEntries(
    Object.entries(tags).map(([name, value]) => [`s3:RequestObjectTag/${name}`, value]),
  );
  authorizeObject(on, versionedAction("PutObjectTagging", request), context);
  const version = readable(on, request, "PutObjectTagging");
  version.tags = tags;
  objects(world).touch();
  return OK;
}

export function deleteObjectTagging(on: OnObject, request: WireRequest): WireResponse {
  const { world } = on;
  authorizeObject(
    on,
    versionedAction("DeleteObjectTagging", request),
    objectContext(undefined, request.query.get("versionId")),
  );
  const version = readable(on, request, "DeleteObjectTagging");
  version.tags = {};
  objects(world).touch();
  return NO_CONTENT;
}

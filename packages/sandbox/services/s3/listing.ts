/** Lists of objects and of their versions. Source: S3 API Reference, ListObjects, ListObjectsV2, ListObjectVersions. */
import type { RequestContext } from "@feature-store-access/iam";
import { AwsError, type WireRequest, type WireResponse } from "../../core";
import { authorizeBucket } from "./access";
import { canonicalId, objects, type Bucket, type ObjectVersion, type Versions, type OnBucket } from "./state";
import { xmlAnswer } from "./xml";

interface Question {
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
  readonly encode: (text: string) => string;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly prefixes: readonly string[];
  /** The last name of the page, if more follow. */
  readonly next?: string;
}

export function listObjectsV2(on: OnBucket, request: WireRequest): WireResponse {
  const { bucket } = on;
  const question = ask(on, "s3:ListBucket", request);
  const { query } = request;
  const token = query.get("continuation-token");
  const startAfter = query.get("start-after") ?? "";
  const after = token === null ? startAfter : readToken(token);
  const { items, prefixes, next } = pageOf(currentObjects(on), ({ key }) => key, question, after);
  const owner = query.get("fetch-owner") === "true";
  return xmlAnswer("ListBucketResult", {
    ...shownQuestion(bucket, question, query),
    ...(startAfter === "" ? {} : { StartAfter: question.encode(startAfter) }),
    ...(token === null ? {} : { ContinuationToken: token }),
    KeyCount: items.length + prefixes.length,
    IsTruncated: next !== undefined,
    ...(next === undefined ? {} : { NextContinuationToken: Buffer.from(next).toString("base64url") }),
    Contents: items.map((version) => entry(version, question, owner)),
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: question.encode(prefix) })),
  });
}

export function listObjectsV1(on: OnBucket, request: WireRequest): WireResponse {
  const { bucket } = on;
  const question = ask(on, "s3:ListBucket", request);
  const marker = request.query.get("marker") ?? "";
  const { items, prefixes, next } = pageOf(currentObjects(on), ({ key }) => key, question, marker);
  return xmlAnswer("ListBucketResult", {
    ...shownQuestion(bucket, question, request.query),
    Marker: question.encode(marker),
    IsTruncated: next !== undefined,
    ...(next === undefined ? {} : { NextMarker: question.encode(next) }),
    Contents: items.map((version) => entry(version, question, true)),
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: question.encode(prefix) })),
  });
}

export function listObjectVersions(on: OnBucket, request: WireRequest): WireResponse {
  const { bucket } = on;
  const question = ask(on, "s3:ListBucketVersions", request);
  const keyMarker = request.query.get("key-marker") ?? "";
  const idMarker = request.query.get("version-id-marker") ?? "";
  const all = sortedKeys(on).flatMap(({ versions }) =>
    versions.map((version, index) => ({ version, isLatest: index === 0 })),
  );
  // A position in the list is a key and a version of it: pages may end between two versions of one key.
  const from =
    idMarker === ""
      ? 0
      : 1 + all.findIndex(({ version }) => version.key === keyMarker && version.versionId === idMarker);
  const rest = idMarker === "" ? all.filter(({ version }) => version.key > keyMarker) : all.slice(from);
  const { items, prefixes, next } = pageOf(rest, ({ version }) => version.key, question, "");
  const last = items[items.length - 1]?.version;
  const shown = (marker: boolean) =>
    items
      .filter(({ version }) => (version.deleteMarker ?? false) === marker)
      .map(({ version, isLatest }) => ({
        ...(marker ? markerEntry(version, question) : entry(version, question, true)),
        VersionId: version.versionId,
        IsLatest: isLatest,
      }));
  return xmlAnswer("ListVersionsResult", {
    ...shownQuestion(bucket, question, request.query),
    KeyMarker: question.encode(keyMarker),
    VersionIdMarker: idMarker,
    IsTruncated: next !== undefined,
    ...(next === undefined
      ? {}
      : {
          NextKeyMarker: question.encode(next),
          NextVersionIdMarker: last?.key === next ? last.versionId : "",
        }),
    Version: shown(false),
    DeleteMarker: shown(true),
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: question.encode(prefix) })),
  });
}

/** The bucket's keys in byte order, each with its newest version unless that is a delete marker. */
export function currentObjects(on: OnBucket): ObjectVersion[] {
  return sortedKeys(on).flatMap(({ versions: [newest] }) => (newest && !newest.deleteMarker ? [newest] : []));
}

/** s3:ListBucket with the condition keys that restrict it to a part. */
export function listContext(prefix: string | null, delimiter: string | null, limit?: number): RequestContext {
  return {
    ...(prefix === null ? {} : { "s3:prefix": prefix }),
    ...(delimiter === null ? {} : { "s3:delimiter": delimiter }),
    ...(limit === undefined ? {} : { "s3:max-keys": String(limit) }),
  };
}

function ask(on: OnBucket, action: string, { query }: WireRequest): Question {
  const limit = Number(query.get("max-keys") ?? 1000);
  if (!Number.isInteger(limit) || limit < 0)
    throw new AwsError(
      "InvalidArgument",
      "Argument maxKeys must be an integer between 0 and 2147483647",
      400,
      { ArgumentName: "maxKeys", ArgumentValue: query.get("max-keys") },
    );
  authorizeBucket(
    on,
    action,
    listContext(query.get("prefix"), query.get("delimiter"), query.has("max-keys") ? limit : undefined),
  );
  const isUrl = query.get("encoding-type") === "url";
  return {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    limit: Math.min(limit, 1000),
    encode: (text) => (isUrl ? encodeURIComponent(text).replace(/%2F/g, "/") : text),
  };
}

function pageOf<T>(
  all: readonly T[],
  nameOf: (item: T) => string,
  { prefix, delimiter, limit }: Question,
  after: string,
): Page<T> {
  const items: T[] = [];
  const prefixes: string[] = [];
  let last = "";
  for (const item of all) {
    const name = nameOf(item);
    if (!name.startsWith(prefix)) continue;
    const end = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : name.slice(0, end + delimiter.length);
    const place = common ?? name;
    if (after !== "" && place <= after) continue;
    if (common !== undefined && prefixes[prefixes.length - 1] === common) continue;
    if (items.length + prefixes.length >= limit)
      return limit === 0 ? { items, prefixes } : { items, prefixes, next: last };
    last = place;
    if (common === undefined) items.push(item);
    else prefixes.push(common);
  }
  return { items, prefixes };
}

function sortedKeys(on: OnBucket): Versions[] {
  const { world, bucket } = on;
  const own = [...objects(world).values()].filter((kept) => kept.bucket === bucket.name);
  return own.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

function shownQuestion(
  bucket: Bucket,
  { prefix, delimiter, limit, encode }: Question,
  query: URLSearchParams,
) {
  return {
    Name: bucket.name,
    Prefix: encode(prefix),
    ...(delimiter === "" ? {} : { Delimiter: encode(delimiter) }),
    MaxKeys: limit,
    ...(query.get("encoding-type") === "url" ? { EncodingType: "url" } : {}),
  };
}

function entry(version: ObjectVersion, { encode }: Question, withOwner: boolean) {
  const algorithms = Object.keys(version.checksums).map((name) => name.toUpperCase());
  return {
    Key: encode(version.key),
    LastModified: version.modified,
    ETag: version.etag,
    ...(algorithms.length > 0
      ? { ChecksumAlgorithm: algorithms, ChecksumType: version.checksumType ?? "FULL_OBJECT" }
      : {}),
    Size: version.size,
    StorageClass: version.headers["x-amz-storage-class"] ?? "STANDARD",
    ...(withOwner ? { Owner: { ID: canonicalId(version.owner) } } : {}),
  };
}

function markerEntry(version: ObjectVersion, { encode }: Question) {
  return {
    Key: encode(version.key),
    LastModified: version.modified,
    Owner: { ID: canonicalId(version.owner) },
  };
}

/** @throws AwsError InvalidArgument (400) for text that is not a list's token */
function readToken(token: string): string {
  const key = Buffer.from(token, "base64url").toString();
  if (key !== "" && Buffer.from(key).toString("base64url") === token) return key;
  throw new AwsError("InvalidArgument", "The continuation token provided is incorrect", 400, {
    ArgumentName: "continuation-token",
  });
}

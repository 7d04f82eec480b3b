/** Amazon S3, by paths: `/bucket/key`. Source: Amazon S3 API Reference, version 2006-03-01. */
import {
  AwsError,
  type Call,
  type S3Internal,
  type Service,
  type WireRequest,
  type WireResponse,
  type World,
} from "../../core";
import { notImplemented } from "../../pipeline/route";
import { bucketAndKey } from "../../protocol/rest";
import { isS3Control } from "../../protocol/s3Control";
import { authorizeBucket, checkExpectedOwner } from "./access";
import { checkAcl, getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from "./acl";
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from "./buckets";
import {
  encryption,
  ownershipControls,
  publicAccessBlock,
  tagging,
  versioning,
  type Subresource,
} from "./configs";
import { controlRequest } from "./control";
import { deleteObject, deleteObjects } from "./deleting";
import { keptConfigs } from "./keptConfigs";
import { currentObjects, listContext, listObjectsV1, listObjectsV2, listObjectVersions } from "./listing";
import { copyObject } from "./copying";
import { deleteObjectTagging, getAttributes, getObjectTagging, putObjectTagging } from "./more";
import { abortUpload, completeUpload, createUpload } from "./multipart";
import { copyPart, uploadPart } from "./parts";
import { listParts, listUploads } from "./uploadLists";
import { keptHeaders } from "./headers";
import { authorizePut, getObject, headObject, putObject, readable, readVersion, store } from "./objects";
import { deletePolicy, getPolicy, getPolicyStatus, putPolicy } from "./policy";
import { buckets, findBucket, type Bucket } from "./state";

type Answer = Promise<WireResponse> | WireResponse;

const subresources: Readonly<Record<string, Subresource>> = {
  ...keptConfigs,
  versioning,
  encryption,
  ownershipControls,
  publicAccessBlock,
  tagging,
  policy: { get: getPolicy, put: putPolicy, remove: deletePolicy },
  policyStatus: { get: getPolicyStatus },
  acl: { get: getBucketAcl, put: putBucketAcl },
  location: { get: getBucketLocation },
  uploads: { get: listUploads },
  versions: { get: listObjectVersions },
};

/** Query parameters that are no subresources: those of lists, of presigned requests, and of the SDKs' own counting. */
const PLAIN = new Set([
  "prefix",
  "delimiter",
  "marker",
  "max-keys",
  "encoding-type",
  "list-type",
  "continuation-token",
  "start-after",
  "fetch-owner",
  "versionId",
  "x-id",
  "partNumber",
  "uploadId",
  "key-marker",
  "upload-id-marker",
  "version-id-marker",
  "max-uploads",
]);

export function createS3(world: World): Service & S3Internal {
  return {
    async handle(call, request) {
      if (isS3Control(request)) return controlRequest(world, call, request);
      const { bucket, key } = bucketAndKey(request.path);
      if (bucket === "")
        return request.method === "GET" ? listBuckets(world, call, request) : unknown(request);
      if (key === "") return bucketRequest(world, call, bucket, request);
      checkKey(key);
      const found = findBucket(world, call, bucket);
      checkExpectedOwner(request, found);
      return objectRequest(world, call, found, key, request);
    },
    async putObject(call, { bucket, key, body, contentType, acl, sse, metadata = {} }) {
      const found = findBucket(world, call, bucket);
      const headers = putHeaders(contentType, acl, sse, metadata);
      authorizePut(world, call, found, key, headers, {});
      checkAcl(found, acl);
      const { etag } = await store(world, call, found, key, {
        body,
        headers: keptHeaders(headers),
        requested: sse,
      });
      return { etag };
    },
    async getObject(call, bucket, key) {
      const found = findBucket(world, call, bucket);
      const request = {
        method: "GET",
        path: "",
        query: new URLSearchParams(),
        headers: {},
        body: Buffer.alloc(0),
      };
      return readVersion(world, call, readable(world, call, found, key, request));
    },
    listObjects(call, bucket, prefix) {
      const found = findBucket(world, call, bucket);
      authorizeBucket(world, call, "s3:ListBucket", found, listContext(prefix, null));
      return currentObjects(world, found)
        .filter((version) => version.key.startsWith(prefix))
        .map(({ key, size, modified }) => ({ key, size, lastModified: modified }));
    },
    checkBucketAcl: (call, bucket) => void getBucketAcl(world, call, findBucket(world, call, bucket)),
    bucketLocation(call, bucket) {
      const found = findBucket(world, call, bucket);
      authorizeBucket(world, call, "s3:GetBucketLocation", found);
      return found.region;
    },
    bucketInfo(bucket) {
      const found = buckets(world).get(bucket);
      return found && { region: found.region, owner: found.owner };
    },
  };
}

/** Throws KeyTooLongError (400). Source: Amazon S3 User Guide, "Naming Amazon S3 objects". */
function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > 1024)
    throw new AwsError("KeyTooLongError", "Your key is too long", 400, { Size: size, MaxSizeAllowed: 1024 });
}

function bucketRequest(world: World, call: Call, name: string, request: WireRequest): Answer {
  const { method, query } = request;
  const sub = [...query.keys()].find((parameter) => !PLAIN.has(parameter) && !/^x-amz-/i.test(parameter));
  if (method === "PUT" && sub === undefined) return createBucket(world, call, name, request);
  const bucket = findBucket(world, call, name);
  checkExpectedOwner(request, bucket);
  if (method === "POST" && query.has("delete")) return deleteObjects(world, call, bucket, request);
  if (sub !== undefined) return subresource(world, call, bucket, sub, request);
  if (method === "HEAD") return headBucket(world, call, bucket);
  if (method === "DELETE") return deleteBucket(world, call, bucket);
  if (method === "GET")
    return query.get("list-type") === "2"
      ? listObjectsV2(world, call, bucket, request)
      : listObjectsV1(world, call, bucket, request);
  return unknown(request, sub);
}

function subresource(world: World, call: Call, bucket: Bucket, name: string, request: WireRequest): Answer {
  const known = Object.hasOwn(subresources, name) ? subresources[name] : undefined;
  const method = { GET: known?.get, PUT: known?.put, DELETE: known?.remove }[request.method];
  return method ? method(world, call, bucket, request) : unknown(request, name);
}

function objectRequest(world: World, call: Call, bucket: Bucket, key: string, request: WireRequest): Answer {
  const { method, query, headers } = request;
  const has = (name: string) => query.has(name);
  if (has("uploadId")) {
    if (method === "PUT")
      return headers["x-amz-copy-source"] === undefined
        ? uploadPart(world, call, bucket, key, request)
        : copyPart(world, call, bucket, key, request);
    if (method === "POST") return completeUpload(world, call, bucket, key, request);
    if (method === "DELETE") return abortUpload(world, call, bucket, key, request);
    if (method === "GET") return listParts(world, call, bucket, key, request);
  }
  if (has("uploads") && method === "POST") return createUpload(world, call, bucket, key, request);
  if (has("tagging")) {
    if (method === "GET") return getObjectTagging(world, call, bucket, key, request);
    if (method === "PUT") return putObjectTagging(world, call, bucket, key, request);
    if (method === "DELETE") return deleteObjectTagging(world, call, bucket, key, request);
  }
  if (has("acl") && method === "GET") {
    return getObjectAcl(readable(world, call, bucket, key, request, "GetObjectAcl").owner);
  }
  if (has("acl") && method === "PUT") return putObjectAcl(world, call, bucket, key, request);
  if (has("attributes") && method === "GET") return getAttributes(world, call, bucket, key, request);
  const sub = [...query.keys()].find(
    (name) => !PLAIN.has(name) && !/^x-amz-/i.test(name) && !name.startsWith("response-"),
  );
  if (sub !== undefined) return unknown(request, sub);
  if (method === "GET") return getObject(world, call, bucket, key, request);
  if (method === "HEAD") return headObject(world, call, bucket, key, request);
  if (method === "DELETE") return deleteObject(world, call, bucket, key, request);
  if (method === "PUT")
    return headers["x-amz-copy-source"] === undefined
      ? putObject(world, call, bucket, key, request)
      : copyObject(world, call, bucket, key, request);
  return unknown(request);
}

/** What a service puts as, in the headers that a client would send. */
function putHeaders(
  contentType: string | undefined,
  acl: string | undefined,
  sse: { algorithm: string; keyId?: string } | undefined,
  metadata: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...(contentType ? { "content-type": contentType } : {}),
    ...(acl ? { "x-amz-acl": acl } : {}),
    ...(sse ? { "x-amz-server-side-encryption": sse.algorithm } : {}),
    ...(sse?.keyId ? { "x-amz-server-side-encryption-aws-kms-key-id": sse.keyId } : {}),
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
}

function unknown(request: WireRequest, sub = ""): never {
  throw notImplemented("s3", `${request.method}${sub === "" ? "" : ` ?${sub}`}`);
}

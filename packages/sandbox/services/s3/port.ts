/** What other services do in S3: as its operations, with a caller, authorized. */
import type { Call, PutObjectInput, S3Port, World } from "../../core";
import { authorizeBucket, bucketCheck } from "./access";
import { checkAcl, getBucketAcl } from "./acl";
import { keptHeaders } from "./headers";
import { currentObjects, listContext } from "./listing";
import { authorizePut, readable, readVersion, store } from "./objects";
import { bucketArn, buckets, findBucket, objectArn } from "./state";

export function s3Port(world: World): S3Port {
  return {
    async putObject(call, input) {
      const { found, headers } = checkedPut(world, call, input);
      const { body, sse } = input;
      const kept = { body, headers: keptHeaders(headers), requested: sse };
      const { etag } = await store(world, call, found, input.key, kept);
      return { etag };
    },
    checkPutObject: (call, input) => void checkedPut(world, call, input),
    allows(call, action, bucket, key, context = {}) {
      const found = findBucket(world, call, bucket);
      const resource = key === undefined ? bucketArn(found) : objectArn(found, key);
      return world.allowed(call, bucketCheck(call, action, resource, found, context));
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

function checkedPut(world: World, call: Call, input: Omit<PutObjectInput, "body">) {
  const found = findBucket(world, call, input.bucket);
  const headers = putHeaders(input);
  authorizePut(world, call, found, input.key, headers, {});
  checkAcl(found, input.acl);
  return { found, headers };
}

/** The headers that a client would send. */
function putHeaders({
  contentType,
  acl,
  sse,
  metadata = {},
}: Omit<PutObjectInput, "body">): Record<string, string> {
  return {
    ...(contentType ? { "content-type": contentType } : {}),
    ...(acl ? { "x-amz-acl": acl } : {}),
    ...(sse ? { "x-amz-server-side-encryption": sse.algorithm } : {}),
    ...(sse?.keyId ? { "x-amz-server-side-encryption-aws-kms-key-id": sse.keyId } : {}),
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
}

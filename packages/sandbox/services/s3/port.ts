/** The calls that other services make to S3: like its operations, with a caller, authorized. */
import type { Call, PutObjectInput, S3Port, World } from "../../core";
import { authorizeBucket, checkOf } from "./access";
import { getBucketAcl } from "./acl";
import { checkAcl } from "./aclCheck";
import { keptHeaders } from "./headers";
import { currentObjects, listContext } from "./listing";
import { authorizePut, readable, readVersion, store } from "./objects";
import { bucketArn, buckets, findBucket, objectArn, type OnBucket } from "./state";

export function s3Port(world: World): S3Port {
  const find = (call: Call, name: string): OnBucket => ({
    world,
    call,
    bucket: findBucket(world, call, name),
  });
  const checkedPut = (call: Call, input: Omit<PutObjectInput, "body">) => {
    const on = { ...find(call, input.bucket), key: input.key };
    const headers = putHeaders(input);
    authorizePut(on, headers, {});
    checkAcl(on.bucket, input.acl);
    return { on, headers };
  };
  return {
    async putObject(call, input) {
      const { on, headers } = checkedPut(call, input);
      const { body, sse } = input;
      const { etag } = await store(on, { body, headers: keptHeaders(headers), requested: sse });
      return { etag };
    },
    checkPutObject: (call, input) => void checkedPut(call, input),
    allows(call, action, bucket, key, context = {}) {
      const on = find(call, bucket);
      const resource = key === undefined ? bucketArn(on.bucket) : objectArn(on.bucket, key);
      return world.allowed(call, checkOf(on, action, resource, context));
    },
    async getObject(call, bucket, key) {
      const on = { ...find(call, bucket), key };
      return readVersion(on, readable(on, { method: "GET", query: new URLSearchParams() }));
    },
    listObjects(call, bucket, prefix) {
      const on = find(call, bucket);
      authorizeBucket(on, "s3:ListBucket", listContext(prefix, null));
      return currentObjects(on)
        .filter((version) => version.key.startsWith(prefix))
        .map(({ key, size, modified }) => ({ key, size, lastModified: modified }));
    },
    checkBucketAcl: (call, bucket) => void getBucketAcl(find(call, bucket)),
    bucketLocation(call, bucket) {
      const on = find(call, bucket);
      authorizeBucket(on, "s3:GetBucketLocation");
      return on.bucket.region;
    },
    bucketInfo(bucket) {
      const found = buckets(world).get(bucket);
      return found && { region: found.region, owner: found.owner };
    },
  };
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

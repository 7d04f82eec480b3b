/** What other services do in S3: as its operations, with a caller, authorized. */
import type { S3Port, World } from "../../core";
import { authorizeBucket } from "./access";
import { checkAcl, getBucketAcl } from "./acl";
import { keptHeaders } from "./headers";
import { currentObjects, listContext } from "./listing";
import { authorizePut, readable, readVersion, store } from "./objects";
import { buckets, findBucket } from "./state";

export function s3Port(world: World): S3Port {
  return {
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
    checkPutObject(call, { bucket, key, contentType, acl, sse, metadata = {} }) {
      const headers = putHeaders(contentType, acl, sse, metadata);
      authorizePut(world, call, findBucket(world, call, bucket), key, headers, {});
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

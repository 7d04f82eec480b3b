/** Writes as the query's caller: the result file, and the data of a new table. */
import { AwsError, type Call, type World } from "../../core";
import { outputBucket } from "./outputLocation";
import { QueryFailed } from "./sql";
import type { Query } from "./state";

/** Puts `body` at `s3://BUCKET/KEY`. @throws QueryFailed in Athena's words if the caller may not write it */
export type Put = (place: { bucket: string; key: string }, body: Buffer) => Promise<void>;

/** Encrypts like the query's results, and expects the owner of the results' bucket. */
export function outputOf(world: World, call: Call, { result }: Query): Put {
  const { EncryptionConfiguration: encryption, ExpectedBucketOwner: owner } = result;
  const { bucket: results } = outputBucket(result.OutputLocation ?? "");
  const { s3 } = world.services;
  const sse =
    encryption === undefined
      ? undefined
      : encryption.EncryptionOption === "SSE_KMS"
        ? ({ algorithm: "aws:kms", keyId: encryption.KmsKey } as const)
        : ({ algorithm: "AES256" } as const);
  const acl = result.AclConfiguration ? "bucket-owner-full-control" : undefined;
  return async ({ bucket, key }, body) => {
    try {
      if (owner !== undefined && bucket === results && s3.bucketInfo(bucket)?.owner !== owner)
        throw new AwsError("AccessDenied", `the bucket's owner is not the expected ${owner}`, 403);
      await s3.putObject(call, { bucket, key, body, contentType: "application/octet-stream", acl, sse });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new QueryFailed(
        `Access denied when writing output to url: s3://${bucket}/${key} . Please ensure you are allowed to access the S3 bucket. ` +
          `If you are encrypting query results with KMS key, please ensure you are allowed to access your KMS key (${error.message})`,
      );
    }
  };
}

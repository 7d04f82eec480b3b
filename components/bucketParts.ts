/** The configuration of every bucket of the project: no public access, the owner owns all objects, encryption, and expiry of old data. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

type Rule = aws.types.input.s3.BucketLifecycleConfigurationRule;

interface Part {
  /** Logical name of the component: the names of its parts begin with it. */
  readonly name: string;
  readonly bucket: aws.s3.Bucket;
  readonly parent: pulumi.Resource;
}

export function blockPublicAccess({ name, bucket, parent }: Part): aws.s3.BucketPublicAccessBlock {
  return new aws.s3.BucketPublicAccessBlock(
    `${name}-public-access`,
    {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    { parent },
  );
}

/** The bucket's owner owns every object, no matter who writes it, and ACLs do not count. */
export function enforceOwnership({ name, bucket, parent }: Part): aws.s3.BucketOwnershipControls {
  return new aws.s3.BucketOwnershipControls(
    `${name}-ownership`,
    { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    { parent },
  );
}

/** Keeps older versions of objects for this many days. */
export function keepVersions({ name, bucket, parent }: Part, days: pulumi.Input<number>): void {
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
    { parent },
  );
  const rule = { id: "end-old-versions", noncurrentVersionExpiration: { noncurrentDays: days } };
  lifecycle({ name, bucket, parent }, rule, 7, [versioning]);
}

/** Deletes objects after this many days. */
export function endObjects(part: Part, days: pulumi.Input<number>): void {
  lifecycle(part, { id: "end-old-objects", expiration: { days } }, 1);
}

/** @param uploadDays days after which the parts of an incomplete upload are deleted */
function lifecycle(
  { name, bucket, parent }: Part,
  rule: Pick<Rule, "id" | "expiration" | "noncurrentVersionExpiration">,
  uploadDays: number,
  dependsOn: pulumi.Resource[] = [],
): void {
  const abortIncompleteMultipartUpload = { daysAfterInitiation: uploadDays };
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    {
      bucket: bucket.bucket,
      rules: [{ ...rule, status: "Enabled", filter: {}, abortIncompleteMultipartUpload }],
    },
    { parent, dependsOn },
  );
}

/** Stands for a key's ARN: the key that AWS KMS makes for Amazon S3 in the bucket's account. */
export const AWS_MANAGED_KEY = "aws/s3";

/** Encrypts objects whose request names no encryption: under the key, or without one under Amazon S3's own keys (SSE-S3). */
export function encryptByDefault({ name, bucket, parent }: Part, keyArn?: pulumi.Input<string>): void {
  new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      bucket: bucket.bucket,
      rules: [
        keyArn === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
          : {
              applyServerSideEncryptionByDefault: {
                sseAlgorithm: "aws:kms",
                ...(keyArn === AWS_MANAGED_KEY ? {} : { kmsMasterKeyId: keyArn }),
              },
              // Cuts requests to KMS, and their cost, by up to 99 percent.
              bucketKeyEnabled: true,
            },
      ],
    },
    { parent },
  );
}

/** S3 answers OperationAborted to two simultaneous changes of a bucket's access, so the policy comes after the public access block. */
export function bucketPolicy(
  { name, bucket, parent }: Part,
  policy: pulumi.Input<string>,
  publicAccessBlock: aws.s3.BucketPublicAccessBlock,
): aws.s3.BucketPolicy {
  return new aws.s3.BucketPolicy(
    `${name}-policy`,
    { bucket: bucket.bucket, policy },
    { parent, dependsOn: [publicAccessBlock] },
  );
}

/** Account B's side of the offline store: the bucket, which owns every object that account A writes into it. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dataOptions } from "../dataOptions";
import { documentedOfflineBucketPolicy, offlineBucketPolicy } from "../policies/offlineBucket";
import type { PolicyMode } from "../settings";

export interface OfflineBucketArgs {
  bucketName: pulumi.Input<string>;
  /** Without slashes at either end; empty for the whole bucket. */
  prefix: pulumi.Input<string>;
  /** ARNs of the roles of account A that write. They have to exist: S3 refuses a policy that names others. */
  writerRoleArns: pulumi.Input<pulumi.Input<string>[]>;
  /** ARN of account A's key: what a request that names no key is encrypted under. */
  keyArn: pulumi.Input<string>;
  /** Days after which an object's older version is deleted. */
  noncurrentVersionDays: pulumi.Input<number>;
  policyMode: PolicyMode;
  /** Protects the bucket and keeps it when it leaves the program; without it a bucket with objects can be destroyed. */
  protectData: boolean;
}

export class OfflineBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;

  constructor(name: string, args: OfflineBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:offline-store:OfflineBucket", name, {}, opts);
    const { protectData } = args;

    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: args.bucketName, forceDestroy: !protectData },
      { parent: this, ...dataOptions(protectData) },
    );
    const publicAccessBlock = this.blockPublicAccess(name, bucket);
    this.enforceOwnership(name, bucket);
    const versioning = this.keepVersions(name, bucket);
    this.endOldVersions(name, bucket, args, versioning);
    this.encryptByDefault(name, bucket, args);
    const policy = this.grantWriters(name, bucket, args, publicAccessBlock);

    this.bucketName = bucket.bucket;
    // A stage that is given the ARN may write: by then the policy that lets it has to be in place.
    this.bucketArn = pulumi.all([bucket.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }

  private blockPublicAccess(name: string, bucket: aws.s3.Bucket): aws.s3.BucketPublicAccessBlock {
    return new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      { parent: this },
    );
  }

  private enforceOwnership(name: string, bucket: aws.s3.Bucket): aws.s3.BucketOwnershipControls {
    return new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent: this },
    );
  }

  private keepVersions(name: string, bucket: aws.s3.Bucket): aws.s3.BucketVersioning {
    return new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
  }

  private endOldVersions(
    name: string,
    bucket: aws.s3.Bucket,
    { noncurrentVersionDays }: OfflineBucketArgs,
    versioning: aws.s3.BucketVersioning,
  ): aws.s3.BucketLifecycleConfiguration {
    return new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            id: "end-old-versions",
            status: "Enabled",
            filter: {},
            noncurrentVersionExpiration: { noncurrentDays: noncurrentVersionDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      { parent: this, dependsOn: [versioning] },
    );
  }

  private encryptByDefault(
    name: string,
    bucket: aws.s3.Bucket,
    { keyArn }: OfflineBucketArgs,
  ): aws.s3.BucketServerSideEncryptionConfiguration {
    return new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
            // Cuts requests to KMS, and their cost, by up to 99 percent (seed 003).
            bucketKeyEnabled: true,
          },
        ],
      },
      { parent: this },
    );
  }

  private grantWriters(
    name: string,
    bucket: aws.s3.Bucket,
    args: OfflineBucketArgs,
    publicAccessBlock: aws.s3.BucketPublicAccessBlock,
  ): aws.s3.BucketPolicy {
    const document = args.policyMode === "documented" ? documentedOfflineBucketPolicy : offlineBucketPolicy;
    const { prefix, writerRoleArns, keyArn } = args;
    return new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket: bucket.bucket,
        policy: pulumi
          .all([bucket.arn, pulumi.output({ prefix, writerRoleArns, keyArn })])
          .apply(([bucketArn, known]) => JSON.stringify(document({ bucketArn, ...known }))),
      },
      // S3 answers two changes of a bucket's access at once with OperationAborted.
      { parent: this, dependsOn: [publicAccessBlock] },
    );
  }
}

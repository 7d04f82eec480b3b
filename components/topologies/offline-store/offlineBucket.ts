/** Account B's side of the offline store: the bucket, which owns every object that account A writes into it. */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { documentedOfflineBucketPolicy, offlineBucketPolicy } from "./policies/offlineBucket";
import type { PolicyMode } from "../../settings/types";
import { createStoreBucket } from "../../storeBucket";

export interface OfflineBucketArgs {
  bucketName: pulumi.Input<string>;
  /** Without slashes at either end; empty for the whole bucket. */
  prefix: pulumi.Input<string>;
  /** ARNs of the roles of account A that write. They have to exist: S3 refuses a policy that names others. */
  writerRoleArns: pulumi.Input<pulumi.Input<string>[]>;
  /** Unique ID of the first of them: the policy is written anew when that role was made again. */
  writerRoleId: pulumi.Input<string>;
  /** ARN of account A's key: what a request that names no key is encrypted under. */
  keyArn: pulumi.Input<string>;
  /** Days after which an object's older version is deleted. */
  noncurrentVersionDays: pulumi.Input<number>;
  /** True: some feature group has an Iceberg table, whose metadata its writer reads. */
  iceberg?: boolean;
  policyMode: PolicyMode;
  /** Protects the bucket and keeps it when it leaves the program; without it a bucket with objects can be destroyed. */
  protectData: boolean;
}

export class OfflineBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;

  constructor(name: string, args: OfflineBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:offline-store:OfflineBucket", name, {}, opts);
    const { bucketName, keyArn, noncurrentVersionDays, protectData } = args;
    const document = (bucket: aws.s3.Bucket) => this.policyFor(bucket, args);
    const { bucket, policy } = createStoreBucket(
      name,
      { bucketName, keyArn, noncurrentVersionDays, policy: document, protectData },
      this,
    );

    this.bucketName = bucket.bucket;
    // A stage that is given the ARN may write: by then the policy that lets it has to be in place.
    this.bucketArn = pulumi.all([bucket.arn, policy.id]).apply(([arn]) => arn);
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }

  private policyFor(bucket: aws.s3.Bucket, args: OfflineBucketArgs): pulumi.Output<string> {
    const document = args.policyMode === "documented" ? documentedOfflineBucketPolicy : offlineBucketPolicy;
    const { prefix, writerRoleArns, writerRoleId, keyArn, iceberg } = args;
    return pulumi
      .all([bucket.arn, pulumi.output({ prefix, writerRoleArns, writerRoleId, keyArn })])
      .apply(([bucketArn, known]) => JSON.stringify(document({ bucketArn, iceberg, ...known })));
  }
}

/** The bucket of a store: private, owned by its account only, versioned, and encrypted under the store's key. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import {
  AWS_MANAGED_KEY,
  blockPublicAccess,
  bucketPolicy,
  encryptByDefault,
  enforceOwnership,
  keepVersions,
} from "./bucketParts";
import { dataOptions } from "./dataOptions";

export interface StoreBucketArgs {
  bucketName: pulumi.Input<string>;
  /** ARN of the default encryption key; absent: AWS's own key of Amazon S3. */
  keyArn?: pulumi.Input<string>;
  /** Days after which an object's older version is deleted. */
  noncurrentVersionDays: pulumi.Input<number>;
  /** The bucket's policy, as JSON. */
  policyOf: (bucketArn: pulumi.Output<string>) => pulumi.Input<string>;
  /** Protects the bucket, and keeps it in AWS when it leaves the program; without it a bucket with objects can be destroyed. */
  protectData: boolean;
}

/**
 * Makes `NAME-bucket` and its configuration.
 * @param parent the component that they belong to
 */
export function createStoreBucket(
  name: string,
  args: StoreBucketArgs,
  parent: pulumi.Resource,
): { readonly bucket: aws.s3.Bucket; readonly policy: aws.s3.BucketPolicy } {
  const { bucketName, protectData } = args;
  const bucket = new aws.s3.Bucket(
    `${name}-bucket`,
    { bucket: bucketName, forceDestroy: !protectData },
    { parent, ...dataOptions(protectData) },
  );
  const part = { name, bucket, parent };
  const publicAccessBlock = blockPublicAccess(part);
  enforceOwnership(part);
  keepVersions(part, args.noncurrentVersionDays);
  encryptByDefault(part, args.keyArn ?? AWS_MANAGED_KEY);
  return { bucket, policy: bucketPolicy(part, args.policyOf(bucket.arn), publicAccessBlock) };
}

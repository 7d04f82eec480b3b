/**
 * The document's own policies for the role that a consumer assumes, corrected. Source: AWS, "Using STS assumed roles to enable
 * cross account access for SageMaker Feature Store".
 */
import type { CrossAccountAccessFacts } from "./facts";
import { allow, policy, type Policy } from "../../../policies/document";

/** The document's own custom policy, corrected: objects of the results bucket too, and lower-case names. */
export function documentedResultsPolicy({
  partition,
  results,
  onlineKeyArn,
  offlineKeyArn,
}: CrossAccountAccessFacts): Policy {
  const keys = [...new Set([onlineKeyArn, offlineKeyArn, results.keyArn])].filter((arn) => arn !== undefined);
  return policy(
    allow(
      "AthenaResultsS3BucketCrossAccountAccessPolicy",
      ["s3:*"],
      [`${results.bucketArn}/*`, results.bucketArn, `arn:${partition}:s3:::*sagemaker*`],
    ),
    // None of the document's managed policies permits use of the store's keys, and callers need kms:Decrypt.
    keys.length === 0 ? undefined : allow("UseKeys", ["kms:Decrypt", "kms:GenerateDataKey"], keys),
  );
}

/** The managed policies that the document attaches to the role. */
export function documentedManagedPolicyArns(partition: string): readonly string[] {
  const names = ["AmazonS3FullAccess", "AmazonAthenaFullAccess", "AmazonSageMakerFullAccess"];
  return names.map((name) => `arn:${partition}:iam::aws:policy/${name}`);
}

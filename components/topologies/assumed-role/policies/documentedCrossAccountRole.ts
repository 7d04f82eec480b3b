/** The document's own policies for the role that a consumer assumes, corrected. Source: seed 001. */
import type { CrossAccountAccessFacts } from "./crossAccountRole";
import { policy, type Policy } from "../../../policies/document";

/** The document's own custom policy, corrected: objects of the results bucket too, and lower-case names. */
export function documentedResultsPolicy({
  partition,
  results,
  onlineKeyArn,
  offlineKeyArn,
}: CrossAccountAccessFacts): Policy {
  const keys = [...new Set([onlineKeyArn, offlineKeyArn, results.keyArn])].filter((arn) => arn !== undefined);
  return policy(
    {
      Sid: "AthenaResultsS3BucketCrossAccountAccessPolicy",
      Effect: "Allow",
      Action: ["s3:*"],
      Resource: [`${results.bucketArn}/*`, results.bucketArn, `arn:${partition}:s3:::*sagemaker*`],
    },
    // None of the document's managed policies lets the role use the store's keys (seed 002: callers need kms:Decrypt).
    keys.length === 0
      ? undefined
      : {
          Sid: "UseKeys",
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: keys,
        },
  );
}

/** The managed policies that the document attaches to the role. */
export function documentedManagedPolicyArns(partition: string): readonly string[] {
  const names = ["AmazonS3FullAccess", "AmazonAthenaFullAccess", "AmazonSageMakerFullAccess"];
  return names.map((name) => `arn:${partition}:iam::aws:policy/${name}`);
}

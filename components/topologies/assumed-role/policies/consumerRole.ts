/**
 * The consumer's execution role. Source: AWS, "Using STS assumed roles to enable cross account access for SageMaker Feature
 * Store", "Inside Account A", corrected.
 */
import { allow, assumedBy, policy, toRole, viaService, type Policy } from "../../../policies/document";
import type { ResultsFacts } from "./facts";

/** Trust policy of an own execution role: SageMaker, whose notebooks, jobs and endpoints run as it. */
export function executionTrustPolicy({ verifierRoleArn }: { readonly verifierRoleArn?: string }): Policy {
  return policy(
    assumedBy({ Service: "sagemaker.amazonaws.com" }, "SageMaker"),
    verifierRoleArn === undefined ? undefined : assumedBy({ AWS: verifierRoleArn }, "Verification"),
  );
}

export interface ConsumerGrantFacts {
  /** Unique ID of the execution role: a recreated role of the same name lacks its policies, and this ID has them written again. */
  readonly executionRoleId: string;
  /** ARN of account B's role. */
  readonly roleArn: string;
  /** Account B's region, where results are written. */
  readonly region: string;
  readonly results: ResultsFacts;
  /** False for a consumer that reads no feature group offline: it gets no results. */
  readonly queries: boolean;
}

/** Permits assuming account B's role and no other, and reading the results of its queries. */
export function consumerGrantsPolicy(facts: ConsumerGrantFacts): Policy {
  const { region, results, queries } = facts;
  if (!queries) return policy(assumeRole(facts));
  const { bucketArn, prefix, keyArn } = results;
  const own = { "aws:ResourceAccount": results.account };
  return policy(
    assumeRole(facts),
    allow("ReadResults", "s3:GetObject", `${bucketArn}/${prefix}/*`, { StringEquals: own }),
    allow("ListResults", "s3:ListBucket", bucketArn, {
      StringEquals: own,
      StringLike: { "s3:prefix": [prefix, `${prefix}/*`] },
    }),
    allow("LocateResults", "s3:GetBucketLocation", bucketArn, { StringEquals: own }),
    keyArn === undefined
      ? undefined
      : allow("DecryptResults", "kms:Decrypt", keyArn, viaService(`s3.${region}.amazonaws.com`)),
  );
}

/** The document's custom policy for the execution role, with PutObjectAcl instead of GetObjectAcl and lower-case names. */
export function documentedStoreAccessPolicy(partition: string): Policy {
  const actions = ["s3:PutObject", "s3:GetBucketAcl", "s3:PutObjectAcl"];
  return policy(allow("FeatureStoreS3AccessPolicy", actions, [`arn:${partition}:s3:::*sagemaker*`]));
}

/** The document's second custom policy: the permission to assume the role. */
export function documentedAssumePolicy(
  facts: Pick<ConsumerGrantFacts, "roleArn" | "executionRoleId">,
): Policy {
  return policy(assumeRole(facts));
}

function assumeRole({ roleArn, executionRoleId }: Pick<ConsumerGrantFacts, "roleArn" | "executionRoleId">) {
  return allow(toRole("AssumeCrossAccountRole", executionRoleId), "sts:AssumeRole", roleArn);
}

/** The managed policy that the document gives every SageMaker execution role. */
export function sageMakerManagedPolicyArn(partition: string): string {
  return `arn:${partition}:iam::aws:policy/AmazonSageMakerFullAccess`;
}

/** The consumer's execution role. Source: seed 001, "Inside Account A", corrected. */
import { policy, toRole, type Policy, type Statement } from "../../../policies/document";
import type { ResultsFacts } from "./crossAccountRole";

/** Trust of an execution role that is made here: SageMaker, whose notebooks, jobs and endpoints run as it. */
export function executionTrustPolicy({ verifierRoleArn }: { readonly verifierRoleArn?: string }): Policy {
  return policy(
    {
      Sid: "SageMaker",
      Effect: "Allow",
      Principal: { Service: "sagemaker.amazonaws.com" },
      Action: "sts:AssumeRole",
    },
    verifierRoleArn === undefined
      ? undefined
      : {
          Sid: "Verification",
          Effect: "Allow",
          Principal: { AWS: verifierRoleArn },
          Action: "sts:AssumeRole",
        },
  );
}

export interface ConsumerGrantFacts {
  /** Unique ID of the execution role: one made again under the same name has lost its policies, and gets them anew. */
  readonly executionRoleId: string;
  /** ARN of account B's role. */
  readonly roleArn: string;
  /** Of account B, where results are written. */
  readonly region: string;
  readonly results: ResultsFacts;
  /** False for a consumer that reads no feature group offline: it has no results. */
  readonly queries: boolean;
}

/** Assumes account B's role and no other, and reads the results of its queries. */
export function consumerGrantsPolicy(facts: ConsumerGrantFacts): Policy {
  const { region, results, queries } = facts;
  if (!queries) return policy(assumeRole(facts));
  const own = { "aws:ResourceAccount": results.account };
  return policy(
    assumeRole(facts),
    {
      Sid: "ReadResults",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: `${results.bucketArn}/${results.prefix}/*`,
      Condition: { StringEquals: own },
    },
    {
      Sid: "ListResults",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: results.bucketArn,
      Condition: {
        StringEquals: own,
        StringLike: { "s3:prefix": [results.prefix, `${results.prefix}/*`] },
      },
    },
    {
      Sid: "LocateResults",
      Effect: "Allow",
      Action: "s3:GetBucketLocation",
      Resource: results.bucketArn,
      Condition: { StringEquals: own },
    },
    results.keyArn === undefined
      ? undefined
      : {
          Sid: "DecryptResults",
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: results.keyArn,
          Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
        },
  );
}

/** The document's custom policy for the execution role, with PutObjectAcl for GetObjectAcl and lower-case names. */
export function documentedStoreAccessPolicy(partition: string): Policy {
  return policy({
    Sid: "FeatureStoreS3AccessPolicy",
    Effect: "Allow",
    Action: ["s3:PutObject", "s3:GetBucketAcl", "s3:PutObjectAcl"],
    Resource: [`arn:${partition}:s3:::*sagemaker*`],
  });
}

/** The document's second custom policy: the right to assume the role. */
export function documentedAssumePolicy(
  facts: Pick<ConsumerGrantFacts, "roleArn" | "executionRoleId">,
): Policy {
  return policy(assumeRole(facts));
}

function assumeRole({
  roleArn,
  executionRoleId,
}: Pick<ConsumerGrantFacts, "roleArn" | "executionRoleId">): Statement {
  return {
    Sid: toRole("AssumeCrossAccountRole", executionRoleId),
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Resource: roleArn,
  };
}

/** The managed policy that every SageMaker execution role of the document has. */
export function sageMakerManagedPolicyArn(partition: string): string {
  return `arn:${partition}:iam::aws:policy/AmazonSageMakerFullAccess`;
}

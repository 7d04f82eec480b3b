/** Policy of the consumer's bucket for the results of Athena. Source: seed 001, "Inside Account A", corrected. */
import { RESULTS_OBJECT_ACTIONS } from "./crossAccountRole";
import { accountRoot, naming, policy, type Policy, type Statement } from "../../../policies/document";
import { tlsOnly } from "../../../policies/bucket";

export interface ResultsBucketFacts {
  readonly partition: string;
  readonly bucketArn: string;
  /** Key prefix of the results, without a slash at either end. */
  readonly prefix: string;
  readonly executionRoleArn: string;
  readonly executionRoleId: string;
  /** The role of account B as which Athena writes. */
  readonly crossAccountRoleArn: string;
  readonly crossAccountRoleId: string;
  /** 12 digits each: the consumer's account, and account B. */
  readonly consumerAccount: string;
  readonly storeAccount: string;
}

/** The document's one statement: both roles, and all that the IAM of both accounts lets through. */
export function documentedResultsBucketPolicy(facts: ResultsBucketFacts): Policy {
  const { partition, bucketArn, executionRoleArn, crossAccountRoleArn, consumerAccount, storeAccount } =
    facts;
  const document = policy(
    {
      Sid: "MyStatementSid",
      Effect: "Allow",
      Principal: {
        AWS: [
          executionRoleArn,
          accountRoot(partition, consumerAccount),
          crossAccountRoleArn,
          accountRoot(partition, storeAccount),
        ],
      },
      Action: "s3:*",
      Resource: [bucketArn, `${bucketArn}/*`],
    },
    tlsOnly(bucketArn),
  );
  return naming([facts.executionRoleId, facts.crossAccountRoleId], document);
}

/**
 * Exactly the two roles: account B's writes results and reads them back, the consumer's reads them. Neither, where the
 * consumer reads no feature group offline.
 */
export function resultsBucketPolicy(facts: ResultsBucketFacts & { readonly queries: boolean }): Policy {
  if (!facts.queries) return policy(tlsOnly(facts.bucketArn));
  const document = policy(...resultsStatements(facts), tlsOnly(facts.bucketArn));
  return naming([facts.executionRoleId, facts.crossAccountRoleId], document);
}

/** The statements alone, for a bucket whose policy is its owner's. */
export function resultsStatements(facts: ResultsBucketFacts): Statement[] {
  const { bucketArn, prefix, executionRoleArn, crossAccountRoleArn } = facts;
  const results = `${bucketArn}/${prefix}/*`;
  const within = { StringLike: { "s3:prefix": [prefix, `${prefix}/*`] } };
  return [
    allow("AthenaResultsObjects", crossAccountRoleArn, RESULTS_OBJECT_ACTIONS, results),
    { ...allow("AthenaResultsList", crossAccountRoleArn, "s3:ListBucket", bucketArn), Condition: within },
    allow(
      "AthenaResultsBucket",
      crossAccountRoleArn,
      ["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
      bucketArn,
    ),
    allow("ConsumerResultsObjects", executionRoleArn, "s3:GetObject", results),
    { ...allow("ConsumerResultsList", executionRoleArn, "s3:ListBucket", bucketArn), Condition: within },
    allow("ConsumerResultsBucket", executionRoleArn, "s3:GetBucketLocation", bucketArn),
  ];
}

function allow(Sid: string, role: string, Action: string | readonly string[], Resource: string): Statement {
  return { Sid, Effect: "Allow", Principal: { AWS: role }, Action, Resource };
}

/**
 * Policy of the consumer's bucket for the results of Athena. Source: AWS, "Using STS assumed roles to enable cross account access
 * for SageMaker Feature Store", "Inside Account A", corrected.
 */
import { RESULTS_OBJECT_ACTIONS } from "./crossAccountRole";
import {
  accountRoot,
  allowTo,
  naming,
  policy,
  type Policy,
  type Statement,
} from "../../../policies/document";
import { tlsOnly } from "../../../policies/bucket";

export interface ResultsBucketFacts {
  readonly partition: string;
  readonly bucketArn: string;
  /** Key prefix of the results, without a slash at either end. */
  readonly prefix: string;
  readonly executionRoleArn: string;
  readonly executionRoleId: string;
  /** The role of account B that Athena writes as. */
  readonly crossAccountRoleArn: string;
  readonly crossAccountRoleId: string;
  /** 12 digits each: the consumer's account, and account B. */
  readonly consumerAccount: string;
  readonly storeAccount: string;
}

/** The document's one statement: both roles, and everything that the IAM of both accounts permits. */
export function documentedResultsBucketPolicy(facts: ResultsBucketFacts): Policy {
  const { partition, bucketArn, executionRoleArn, crossAccountRoleArn, consumerAccount, storeAccount } =
    facts;
  const root = (account: string) => accountRoot(partition, account);
  const principals = [executionRoleArn, root(consumerAccount), crossAccountRoleArn, root(storeAccount)];
  const document = policy(
    allowTo({ AWS: principals }, "MyStatementSid", "s3:*", [bucketArn, `${bucketArn}/*`]),
    tlsOnly(bucketArn),
  );
  return naming([facts.executionRoleId, facts.crossAccountRoleId], document);
}

/**
 * Exactly the two roles: account B's writes results and reads them back, the consumer's reads them. Neither, if the
 * consumer reads no feature group offline.
 */
export function resultsBucketPolicy(facts: ResultsBucketFacts & { readonly queries: boolean }): Policy {
  if (!facts.queries) return policy(tlsOnly(facts.bucketArn));
  const document = policy(...resultsStatements(facts), tlsOnly(facts.bucketArn));
  return naming([facts.executionRoleId, facts.crossAccountRoleId], document);
}

/** The statements only, for a bucket whose owner writes its policy. */
export function resultsStatements(facts: ResultsBucketFacts): Statement[] {
  const { bucketArn, prefix, executionRoleArn, crossAccountRoleArn } = facts;
  const results = `${bucketArn}/${prefix}/*`;
  const within = { StringLike: { "s3:prefix": [prefix, `${prefix}/*`] } };
  const store = { AWS: crossAccountRoleArn };
  const consumer = { AWS: executionRoleArn };
  return [
    allowTo(store, "AthenaResultsObjects", RESULTS_OBJECT_ACTIONS, results),
    allowTo(store, "AthenaResultsList", "s3:ListBucket", bucketArn, within),
    allowTo(
      store,
      "AthenaResultsBucket",
      ["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
      bucketArn,
    ),
    allowTo(consumer, "ConsumerResultsObjects", "s3:GetObject", results),
    allowTo(consumer, "ConsumerResultsList", "s3:ListBucket", bucketArn, within),
    allowTo(consumer, "ConsumerResultsBucket", "s3:GetBucketLocation", bucketArn),
  ];
}

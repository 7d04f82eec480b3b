/** The consumer's side once account B's role exists: the right to assume it, and the policy of the results bucket. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Wired } from "../../contract";
import { policy } from "../../policies/document";
import type { PolicyMode } from "../../settings/types";
import type { ConsumerContract, CrossAccountRoleContract } from "./kinds";
import {
  consumerGrantsPolicy,
  documentedAssumePolicy,
  documentedStoreAccessPolicy,
} from "./policies/consumerRole";
import type { ResultsFacts } from "./policies/crossAccountRole";
import {
  documentedResultsBucketPolicy,
  resultsBucketPolicy,
  resultsStatements,
  type ResultsBucketFacts,
} from "./policies/resultsBucket";
import type { ConsumerSettings } from "./settings";

export interface ConsumerGrantsArgs {
  partition: string;
  consumer: ConsumerSettings;
  /** 12 digits: the consumer's account, in which this component's provider acts. */
  accountId: string;
  /** 12 digits: account B. */
  storeAccountId: string;
  /** Of account B. */
  region: string;
  /** The outputs of stages `consumer` and `crossAccountRole`. */
  consumerSide: Wired<ConsumerContract>;
  crossAccountRole: Wired<CrossAccountRoleContract>;
  policyMode: PolicyMode;
}

export class ConsumerGrants extends pulumi.ComponentResource {
  /** For a results bucket that existed before: the policy that its owner has to add to the bucket's, as JSON. */
  readonly requiredBucketPolicy?: pulumi.Output<string>;

  constructor(name: string, args: ConsumerGrantsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:assumed-role:ConsumerGrants", name, {}, opts);

    this.permitExecutionRole(name, args);
    const facts = bucketFacts(args);
    if (!args.consumer.resultsBucket.existing) this.permitResults(name, args, facts);
    else if (queriesOf(args.consumer))
      this.requiredBucketPolicy = facts.apply((known) => JSON.stringify(policy(...resultsStatements(known))));
    this.registerOutputs({ requiredBucketPolicy: this.requiredBucketPolicy });
  }

  private permitExecutionRole(name: string, args: ConsumerGrantsArgs): void {
    const { partition, consumerSide, crossAccountRole, region } = args;
    const role = consumerSide.executionRoleArn.apply((arn) => arn.slice(arn.lastIndexOf("/") + 1));
    const facts = pulumi
      .all([crossAccountRole.roleArn, consumerSide.executionRoleId, resultsFacts(args)])
      .apply(([roleArn, executionRoleId, results]) => ({ roleArn, executionRoleId, results, region }));
    if (args.policyMode === "documented") {
      const assume = facts.apply((known) => JSON.stringify(documentedAssumePolicy(known)));
      new aws.iam.RolePolicy(`${name}-assume`, { role, policy: assume }, { parent: this });
      const store = JSON.stringify(documentedStoreAccessPolicy(partition));
      new aws.iam.RolePolicy(`${name}-store`, { role, policy: store }, { parent: this });
      return;
    }
    const queries = queriesOf(args.consumer);
    const least = facts.apply((known) => JSON.stringify(consumerGrantsPolicy({ ...known, queries })));
    new aws.iam.RolePolicy(`${name}-access`, { role, policy: least }, { parent: this });
  }

  private permitResults(
    name: string,
    args: ConsumerGrantsArgs,
    facts: pulumi.Output<ResultsBucketFacts>,
  ): void {
    const queries = queriesOf(args.consumer);
    const document = args.policyMode === "documented" ? documentedResultsBucketPolicy : resultsBucketPolicy;
    new aws.s3.BucketPolicy(
      `${name}-results-policy`,
      {
        bucket: args.consumerSide.resultsBucketName,
        policy: facts.apply((known) => JSON.stringify(document({ ...known, queries }))),
      },
      { parent: this },
    );
  }
}

/** Only what is read offline is queried, and gives results. */
function queriesOf({ access }: ConsumerSettings): boolean {
  return Object.values(access).some((permissions) => permissions.includes("readOffline"));
}

function resultsFacts({
  consumer,
  accountId,
  consumerSide,
}: ConsumerGrantsArgs): pulumi.Output<ResultsFacts> {
  const { prefix, keyArn } = consumer.resultsBucket;
  return consumerSide.resultsBucketArn.apply((bucketArn) => ({
    bucketArn,
    prefix,
    account: accountId,
    keyArn,
  }));
}

function bucketFacts(args: ConsumerGrantsArgs): pulumi.Output<ResultsBucketFacts> {
  const { partition, consumer, accountId, storeAccountId, consumerSide, crossAccountRole } = args;
  return pulumi
    .output({
      bucketArn: consumerSide.resultsBucketArn,
      executionRoleArn: consumerSide.executionRoleArn,
      executionRoleId: consumerSide.executionRoleId,
      crossAccountRoleArn: crossAccountRole.roleArn,
      crossAccountRoleId: crossAccountRole.roleId,
    })
    .apply((known) => ({
      ...known,
      partition,
      prefix: consumer.resultsBucket.prefix,
      consumerAccount: accountId,
      storeAccount: storeAccountId,
    }));
}

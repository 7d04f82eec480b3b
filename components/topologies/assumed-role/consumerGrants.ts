/** The consumer's side once account B's role exists: the permission to assume it, and the policy of the results bucket. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Wired } from "../../contract";
import { policy } from "../../policies/document";
import type { AccountSettings, SharedSettings } from "../../settings/types";
import { resultsFacts } from "./facts";
import type { ConsumerContract, CrossAccountRoleContract } from "./kinds";
import {
  consumerGrantsPolicy,
  documentedAssumePolicy,
  documentedStoreAccessPolicy,
} from "./policies/consumerRole";
import {
  documentedResultsBucketPolicy,
  resultsBucketPolicy,
  resultsStatements,
  type ResultsBucketFacts,
} from "./policies/resultsBucket";
import type { ConsumerSettings } from "./settings";

export interface ConsumerGrantsArgs extends Pick<SharedSettings, "policyMode"> {
  consumer: ConsumerSettings;
  /** True: the consumer reads a feature group offline, so it runs queries and gets results. */
  queries: boolean;
  /** The consumer's account, and account B. */
  place: AccountSettings;
  storePlace: AccountSettings;
  /** The outputs of stages `consumer` and `crossAccountRole`. */
  consumerSide: Wired<ConsumerContract>;
  crossAccountRole: Wired<CrossAccountRoleContract>;
}

export class ConsumerGrants extends pulumi.ComponentResource {
  /** For an existing results bucket: the policy that its owner has to add to the bucket's, as JSON. */
  readonly requiredBucketPolicy?: pulumi.Output<string>;

  constructor(name: string, args: ConsumerGrantsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:assumed-role:ConsumerGrants", name, {}, opts);

    this.permitExecutionRole(name, args);
    const facts = bucketFacts(args);
    if (!args.consumer.resultsBucket.existing) this.permitResults(name, args, facts);
    else if (args.queries)
      this.requiredBucketPolicy = facts.apply((known) => JSON.stringify(policy(...resultsStatements(known))));
    this.registerOutputs({ requiredBucketPolicy: this.requiredBucketPolicy });
  }

  private permitExecutionRole(name: string, args: ConsumerGrantsArgs): void {
    const { consumer, place, storePlace, consumerSide, crossAccountRole, policyMode, queries } = args;
    const { region } = storePlace;
    const role = consumerSide.executionRoleArn.apply((arn) => arn.slice(arn.lastIndexOf("/") + 1));
    const facts = pulumi
      .all([crossAccountRole.roleArn, consumerSide.executionRoleId, consumerSide.resultsBucketArn])
      .apply(([roleArn, executionRoleId, bucketArn]) => ({
        ...{ roleArn, executionRoleId, region, queries },
        results: resultsFacts(consumer, place, bucketArn),
      }));
    const permit = (part: string, document: pulumi.Input<string>) =>
      new aws.iam.RolePolicy(`${name}-${part}`, { role, policy: document }, { parent: this });
    if (policyMode === "documented") {
      permit(
        "assume",
        facts.apply((known) => JSON.stringify(documentedAssumePolicy(known))),
      );
      permit("store", JSON.stringify(documentedStoreAccessPolicy(place.partition)));
    } else
      permit(
        "access",
        facts.apply((known) => JSON.stringify(consumerGrantsPolicy(known))),
      );
  }

  private permitResults(
    name: string,
    { consumerSide, policyMode, queries }: ConsumerGrantsArgs,
    facts: pulumi.Output<ResultsBucketFacts>,
  ): void {
    const document = policyMode === "documented" ? documentedResultsBucketPolicy : resultsBucketPolicy;
    new aws.s3.BucketPolicy(
      `${name}-results-policy`,
      {
        bucket: consumerSide.resultsBucketName,
        policy: facts.apply((known) => JSON.stringify(document({ ...known, queries }))),
      },
      { parent: this },
    );
  }
}

function bucketFacts(args: ConsumerGrantsArgs): pulumi.Output<ResultsBucketFacts> {
  const { consumer, place, storePlace, consumerSide, crossAccountRole } = args;
  return pulumi.output({
    bucketArn: consumerSide.resultsBucketArn,
    executionRoleArn: consumerSide.executionRoleArn,
    executionRoleId: consumerSide.executionRoleId,
    crossAccountRoleArn: crossAccountRole.roleArn,
    crossAccountRoleId: crossAccountRole.roleId,
    partition: place.partition,
    prefix: consumer.resultsBucket.prefix,
    consumerAccount: place.id,
    storeAccount: storePlace.id,
  });
}

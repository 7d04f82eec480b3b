/** A consumer's side before it has access: its workloads' execution role, and the bucket for Athena's results. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { blockPublicAccess, encryptByDefault, endObjects, enforceOwnership } from "../../bucketParts";
import type { Wired } from "../../contract";
import { dataOptions } from "../../dataOptions";
import type { AccountSettings, SharedSettings } from "../../settings/types";
import type { ConsumerContract } from "./kinds";
import { executionTrustPolicy, sageMakerManagedPolicyArn } from "./policies/consumerRole";
import type { ConsumerSettings } from "./settings";

const roleName = (name: string) => `${name}-execution-role`;
/** Logical names of the component of a consumer's stage, and of the execution role that it makes. */
export const consumerName = (consumer: string) => `consumer-${consumer}`;
export const executionRoleName = (consumer: string) => roleName(consumerName(consumer));

export interface ConsumerArgs extends Pick<SharedSettings, "policyMode" | "protectData" | "verification"> {
  consumer: ConsumerSettings;
  /** The consumer's account. */
  place: AccountSettings;
  /** Region of account B: Athena writes results only into its own region. */
  region: string;
}

export class Consumer extends pulumi.ComponentResource {
  /** The outputs of its stage. */
  readonly outputs: Wired<ConsumerContract>;

  constructor(name: string, args: ConsumerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:assumed-role:Consumer", name, {}, opts);

    const role =
      args.consumer.executionRoleArn === undefined
        ? this.createRole(name, args)
        : this.findRole(args.consumer);
    const bucket = args.consumer.resultsBucket.existing
      ? this.findBucket(args)
      : this.createBucket(name, args);

    this.outputs = {
      executionRoleArn: role.arn,
      executionRoleId: role.uniqueId,
      resultsBucketName: bucket.name,
      resultsBucketArn: bucket.arn,
    };
    this.registerOutputs(this.outputs);
  }

  private createRole(name: string, { place, verification, policyMode }: ConsumerArgs) {
    const { partition, deployerRoleArn } = place;
    const verifierRoleArn = verification.trustDeployer ? deployerRoleArn : undefined;
    const role = new aws.iam.Role(
      roleName(name),
      {
        description: "Workloads of Amazon SageMaker that use the central feature store run as this role",
        assumeRolePolicy: JSON.stringify(executionTrustPolicy({ verifierRoleArn })),
        // Another stage, and the role's owner, attach its policies: replacing the role has to detach them.
        forceDetachPolicies: true,
      },
      { parent: this },
    );
    if (policyMode === "documented")
      new aws.iam.RolePolicyAttachment(
        `${name}-sagemaker`,
        { role: role.name, policyArn: sageMakerManagedPolicyArn(partition) },
        { parent: this },
      );
    return { arn: role.arn, uniqueId: role.uniqueId };
  }

  /** The consumer's existing role, read in every run to notice if it was recreated. */
  private findRole({ executionRoleArn = "" }: ConsumerSettings) {
    const name = executionRoleArn.slice(executionRoleArn.lastIndexOf("/") + 1);
    const found = aws.iam.getRoleOutput({ name }, { parent: this });
    const arn = found.arn.apply((actual) => {
      if (actual === executionRoleArn) return actual;
      throw new pulumi.RunError(
        `executionRoleArn is ${executionRoleArn}, but the account's role ${name} is ${actual}`,
      );
    });
    return { arn, uniqueId: found.uniqueId };
  }

  private findBucket({ consumer, region }: ConsumerArgs) {
    const { name } = consumer.resultsBucket;
    const found = aws.s3.getBucketOutput({ bucket: name }, { parent: this });
    const arn = pulumi.all([found.arn, found.bucketRegion]).apply(([actual, bucketRegion]) => {
      if (bucketRegion === region) return actual;
      throw new pulumi.RunError(
        `the results bucket ${name} is in ${bucketRegion}, but Athena writes results only in its own region, ${region}: name a bucket there`,
      );
    });
    return { name: pulumi.output(name), arn };
  }

  private createBucket(name: string, { consumer, protectData }: ConsumerArgs) {
    const { name: bucketName, retentionDays } = consumer.resultsBucket;
    const bucket = new aws.s3.Bucket(
      `${name}-results`,
      { bucket: bucketName, forceDestroy: !protectData },
      { parent: this, ...dataOptions(protectData) },
    );
    const part = { name: `${name}-results`, bucket, parent: this };
    blockPublicAccess(part);
    enforceOwnership(part);
    encryptByDefault(part);
    endObjects(part, retentionDays);
    return { name: bucket.bucket, arn: bucket.arn };
  }
}

/** Account B's central store: feature groups online and offline, the role that writes them, their keys and bucket. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Wired } from "../../contract";
import { createFeatureGroup, describeFeatureGroups } from "../../featureGroup";
import { writerTrustPolicy } from "../../policies/writerRole";
import type { AccountSettings, SharedSettings } from "../../settings/types";
import { createStoreBucket } from "../../storeBucket";
import { storeRoleFacts } from "../../storeFacts";
import { createStoreKeys } from "../../storeKey";
import { attachStoreAccess, permitStoreRole } from "../../storeRole";
import { offlineKeyFacts } from "./facts";
import type { CentralStoreContract } from "./kinds";
import { centralBucketPolicy } from "./policies/centralBucket";
import { centralOfflineKeyPolicy } from "./policies/centralStoreKeys";
import type { CentralStoreSettings } from "./settings";

const roleName = (name: string) => `${name}-role`;
/** Logical names of the stage's component, and of the role that Feature Store writes as. */
export const CENTRAL_STORE = "central-store";
export const CENTRAL_STORE_ROLE = roleName(CENTRAL_STORE);

export interface CentralStoreArgs extends Pick<SharedSettings, "policyMode" | "protectData"> {
  store: CentralStoreSettings;
  /** Account B, in which this component's provider acts. */
  place: AccountSettings;
}

export class CentralStore extends pulumi.ComponentResource {
  /** The outputs of its stage. */
  readonly outputs: Wired<CentralStoreContract>;

  constructor(name: string, args: CentralStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:assumed-role:CentralStore", name, {}, opts);

    const { store, protectData } = args;
    const role = this.createRole(name);
    const keys = createStoreKeys(
      {
        ...args,
        names: { online: `${name}-online`, offline: `${name}-offline` },
        offlinePolicy: this.offlineKeyPolicy(args, role),
      },
      this,
    );
    const { bucket, policy } = this.createBucket(name, args, keys.offlineKeyArn);
    const access = this.permitRole(name, args, role, bucket, keys.offlineKeyArn);

    const { prefix, featureGroups } = store;
    const groupArgs = { roleArn: role.arn, bucketName: bucket.bucket, prefix, ...keys, protectData };
    const groups = featureGroups.map((group) =>
      createFeatureGroup(`${name}-${group.name}`, group, groupArgs, {
        parent: this,
        dependsOn: [...access, policy],
      }),
    );

    this.outputs = {
      featureGroups: describeFeatureGroups(groups, featureGroups),
      roleArn: role.arn,
      roleId: role.uniqueId,
      bucketName: bucket.bucket,
      bucketArn: bucket.arn,
      ...keys,
    };
    this.registerOutputs(this.outputs);
  }

  private createRole(name: string): aws.iam.Role {
    return new aws.iam.Role(
      roleName(name),
      {
        description: "Amazon SageMaker Feature Store writes the central offline store as this role",
        assumeRolePolicy: JSON.stringify(writerTrustPolicy({})),
      },
      { parent: this },
    );
  }

  private offlineKeyPolicy({ store, place }: CentralStoreArgs, role: aws.iam.Role): pulumi.Output<string> {
    return pulumi
      .output({ roleArn: role.arn, roleId: role.uniqueId })
      .apply((made) => JSON.stringify(centralOfflineKeyPolicy(offlineKeyFacts(store, place, made))));
  }

  private createBucket(name: string, args: CentralStoreArgs, keyArn: pulumi.Output<string> | undefined) {
    const { store, protectData } = args;
    const { bucketName, noncurrentVersionDays } = store;
    const policyOf = (bucketArn: pulumi.Output<string>) =>
      pulumi.output({ bucketArn, keyArn }).apply((facts) => JSON.stringify(centralBucketPolicy(facts)));
    return createStoreBucket(
      name,
      { bucketName, keyArn, noncurrentVersionDays, policyOf, protectData },
      this,
    );
  }

  private permitRole(
    name: string,
    { store, place, policyMode }: CentralStoreArgs,
    { name: role, uniqueId: roleId }: aws.iam.Role,
    { arn: bucketArn }: aws.s3.Bucket,
    keyArn: pulumi.Output<string> | undefined,
  ): pulumi.Resource[] {
    const attached =
      policyMode === "documented" ? [attachStoreAccess(name, role, place.partition, this)] : [];
    const facts = storeRoleFacts(store, place, place.id);
    return [
      ...attached,
      ...permitStoreRole(name, { role, roleId, bucketArn, keyArn, facts, policyMode }, this),
    ];
  }
}

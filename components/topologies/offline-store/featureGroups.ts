/** Account A's feature groups, and the permissions of their writer role, once bucket and key are known. */
import * as pulumi from "@pulumi/pulumi";
import type { Wired } from "../../contract";
import { createFeatureGroup, describeFeatureGroups } from "../../featureGroup";
import type { AccountSettings, SharedSettings } from "../../settings/types";
import { storeRoleFacts } from "../../storeFacts";
import { permitStoreRole } from "../../storeRole";
import type { FeatureGroupsContract, OfflineBucketContract, WriterContract } from "./kinds";
import type { OfflineStoreSettings } from "./settings";

export interface FeatureGroupsArgs extends Pick<SharedSettings, "policyMode" | "protectData"> {
  store: OfflineStoreSettings;
  /** Account A, in which this component's provider acts. */
  place: AccountSettings;
  /** The role that Feature Store writes as, without a path in its ARN, and the key. */
  writer: Wired<WriterContract>;
  bucket: Wired<OfflineBucketContract>;
  /** ARN of the online stores' key; absent: AWS's own. */
  onlineKeyArn?: pulumi.Input<string>;
  /** Account B, which owns the bucket. */
  bucketAccount: AccountSettings;
}

export class FeatureGroups extends pulumi.ComponentResource {
  /** The outputs of its stage. */
  readonly outputs: Wired<FeatureGroupsContract>;

  constructor(name: string, args: FeatureGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:offline-store:FeatureGroups", name, {}, opts);

    const { store, place, writer, bucket, onlineKeyArn, bucketAccount, policyMode, protectData } = args;
    const { roleArn, roleId, keyArn } = writer;
    const { bucketName, bucketArn } = bucket;
    const access = permitStoreRole(
      name,
      {
        // The contract has only the ARN: `arn:aws:iam::ACCOUNT:role/NAME`.
        role: roleArn.apply((arn) => arn.slice(arn.lastIndexOf("/") + 1)),
        ...{ roleId, bucketArn, keyArn, policyMode },
        facts: storeRoleFacts(store, place, bucketAccount.id),
      },
      this,
    );
    const { prefix, featureGroups } = store;
    const groupArgs = { roleArn, offlineKeyArn: keyArn, onlineKeyArn, bucketName, prefix, protectData };
    const groups = featureGroups.map((group) =>
      createFeatureGroup(`${name}-${group.name}`, group, groupArgs, { parent: this, dependsOn: access }),
    );

    this.outputs = { featureGroups: describeFeatureGroups(groups, featureGroups) };
    this.registerOutputs(this.outputs);
  }
}

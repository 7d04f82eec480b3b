/** Account B's central store: feature groups online and offline, the role that writes them, their keys and bucket. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CentralStoreContract } from "../contracts";
import { createFeatureGroup, describeFeatureGroups } from "../featureGroup";
import { centralBucketPolicy } from "../policies/centralBucket";
import { centralOfflineKeyPolicy, onlineStoreKeyPolicy } from "../policies/centralStoreKeys";
import {
  documentedWriterKeyPolicy,
  featureStoreManagedPolicyArn,
  writerAccessPolicy,
  writerTrustPolicy,
} from "../policies/writerRole";
import type { FeatureGroupSettings, PolicyMode } from "../settings";
import { createStoreBucket } from "../storeBucket";
import { createStoreKey } from "../storeKey";

export interface CentralStoreArgs {
  partition: string;
  /** 12 digits: account B, in which this component's provider acts. */
  accountId: string;
  bucketName: pulumi.Input<string>;
  /** Without slashes at either end; empty for the whole bucket. */
  prefix: string;
  featureGroups: readonly FeatureGroupSettings[];
  /** ARNs of roles of account B that administer the keys, besides those whom its IAM allows to. */
  keyAdministrators: readonly string[];
  /** Days, 7 to 30, between a key's deletion being asked for and done. */
  keyDeletionWindowDays: pulumi.Input<number>;
  /** Days after which an object's older version is deleted. */
  noncurrentVersionDays: pulumi.Input<number>;
  policyMode: PolicyMode;
  /** Protects feature groups, bucket and keys, and keeps them when they leave the program. */
  protectData: boolean;
}

export class CentralStore extends pulumi.ComponentResource {
  /** By name: what consumers of a group need to know. */
  readonly featureGroups: pulumi.Output<CentralStoreContract["featureGroups"]>;
  /** ARN of the role that Feature Store writes the offline stores as. */
  readonly roleArn: pulumi.Output<string>;
  /** Unique ID of that role: another, if the role was made again. */
  readonly roleId: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  readonly onlineKeyArn: pulumi.Output<string>;
  readonly offlineKeyArn: pulumi.Output<string>;

  constructor(name: string, args: CentralStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:assumed-role:CentralStore", name, {}, opts);

    const role = this.createRole(name);
    const onlineKey = this.createOnlineKey(name, args);
    const offlineKey = this.createOfflineKey(name, args, role);
    const { bucket, policy } = this.createBucket(name, args, offlineKey);
    const access = this.grantRole(name, args, role, bucket, offlineKey);

    const groupArgs = {
      roleArn: role.arn,
      bucketName: bucket.bucket,
      prefix: args.prefix,
      offlineKeyArn: offlineKey.arn,
      onlineKeyArn: onlineKey.arn,
      protectData: args.protectData,
    };
    const groups = args.featureGroups.map((group) =>
      createFeatureGroup(`${name}-${group.name}`, group, groupArgs, {
        parent: this,
        dependsOn: [...access, policy],
      }),
    );

    this.featureGroups = describeFeatureGroups(groups);
    this.roleArn = role.arn;
    this.roleId = role.uniqueId;
    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.onlineKeyArn = onlineKey.arn;
    this.offlineKeyArn = offlineKey.arn;
    this.registerOutputs(this.contract());
  }

  /** What the stage gives. */
  contract(): { [K in keyof CentralStoreContract]: pulumi.Output<CentralStoreContract[K]> } {
    const { featureGroups, roleArn, roleId, bucketName, bucketArn, onlineKeyArn, offlineKeyArn } = this;
    return { featureGroups, roleArn, roleId, bucketName, bucketArn, onlineKeyArn, offlineKeyArn };
  }

  private createRole(name: string): aws.iam.Role {
    return new aws.iam.Role(
      `${name}-role`,
      {
        description: "Amazon SageMaker Feature Store writes the central offline store as this role",
        assumeRolePolicy: JSON.stringify(writerTrustPolicy({})),
      },
      { parent: this },
    );
  }

  private createOnlineKey(name: string, args: CentralStoreArgs): aws.kms.Key {
    const policy = JSON.stringify(onlineStoreKeyPolicy(keyFacts(args)));
    const { keyDeletionWindowDays: deletionWindowDays, protectData } = args;
    const description = "Online store of Amazon SageMaker Feature Store";
    return createStoreKey(`${name}-online`, { description, policy, deletionWindowDays, protectData }, this);
  }

  private createOfflineKey(name: string, args: CentralStoreArgs, role: aws.iam.Role): aws.kms.Key {
    const policy = pulumi
      .all([role.arn, role.uniqueId])
      .apply(([writerRoleArn, writerRoleId]) =>
        JSON.stringify(centralOfflineKeyPolicy({ ...keyFacts(args), writerRoleArn, writerRoleId })),
      );
    const { keyDeletionWindowDays: deletionWindowDays, protectData } = args;
    const description = "Offline store of Amazon SageMaker Feature Store";
    return createStoreKey(`${name}-offline`, { description, policy, deletionWindowDays, protectData }, this);
  }

  private createBucket(name: string, args: CentralStoreArgs, key: aws.kms.Key) {
    const { bucketName, noncurrentVersionDays, protectData } = args;
    const policy = (bucket: aws.s3.Bucket) =>
      pulumi
        .all([bucket.arn, key.arn])
        .apply(([bucketArn, keyArn]) => JSON.stringify(centralBucketPolicy({ bucketArn, keyArn })));
    const bucketArgs = { bucketName, keyArn: key.arn, noncurrentVersionDays, policy, protectData };
    return createStoreBucket(name, bucketArgs, this);
  }

  private grantRole(
    name: string,
    args: CentralStoreArgs,
    { name: role, uniqueId }: aws.iam.Role,
    bucket: aws.s3.Bucket,
    key: aws.kms.Key,
  ): pulumi.Resource[] {
    const { partition, prefix, accountId: bucketAccount } = args;
    if (args.policyMode === "documented") {
      const policyArn = featureStoreManagedPolicyArn(partition);
      const policy = pulumi
        .all([key.arn, uniqueId])
        .apply(([keyArn, roleId]) => JSON.stringify(documentedWriterKeyPolicy({ keyArn, roleId })));
      return [
        new aws.iam.RolePolicyAttachment(`${name}-store-access`, { role, policyArn }, { parent: this }),
        new aws.iam.RolePolicy(`${name}-key-access`, { role, policy }, { parent: this }),
      ];
    }
    const policy = pulumi
      .all([bucket.arn, key.arn, uniqueId])
      .apply(([bucketArn, keyArn, roleId]) =>
        JSON.stringify(writerAccessPolicy({ roleId, bucketArn, bucketAccount, keyArn, prefix })),
      );
    return [new aws.iam.RolePolicy(`${name}-access`, { role, policy }, { parent: this })];
  }
}

function keyFacts({ partition, accountId, keyAdministrators }: CentralStoreArgs) {
  return { partition, keyAccount: accountId, administratorRoleArns: keyAdministrators };
}

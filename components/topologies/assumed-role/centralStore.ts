/** Account B's central store: feature groups online and offline, the role that writes them, their keys and bucket. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CentralStoreContract } from "../../contracts";
import { createFeatureGroup, describeFeatureGroups } from "../../featureGroup";
import { centralBucketPolicy } from "./policies/centralBucket";
import { centralOfflineKeyPolicy } from "./policies/centralStoreKeys";
import { icebergTables } from "../../policies/iceberg";
import { documentedOnlineStoreKeyPolicy, onlineStoreKeyPolicy } from "../../policies/onlineStoreKey";
import {
  documentedWriterKeyPolicy,
  featureStoreManagedPolicyArn,
  writerAccessPolicy,
  writerTrustPolicy,
} from "../../policies/writerRole";
import type { FeatureGroupSettings, KeySettings, PolicyMode } from "../../settings";
import { createStoreBucket } from "../../storeBucket";
import { createStoreKey, storeKeys } from "../../storeKey";

export interface CentralStoreArgs {
  partition: string;
  /** Of account B: its Data Catalog has the feature groups' tables. */
  region: string;
  /** 12 digits: account B, in which this component's provider acts. */
  accountId: string;
  bucketName: pulumi.Input<string>;
  /** Without slashes at either end; empty for the whole bucket. */
  prefix: string;
  featureGroups: readonly FeatureGroupSettings[];
  /** ARNs of roles of account B that administer the keys, besides those whom its IAM allows to. */
  keyAdministrators: readonly string[];
  /** Which keys the stores use, and how those that are made here are. */
  keys: KeySettings;
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
  /** The keys of the two stores, which may be one; absent: AWS's own. */
  readonly onlineKeyArn?: pulumi.Output<string>;
  readonly offlineKeyArn?: pulumi.Output<string>;

  constructor(name: string, args: CentralStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:assumed-role:CentralStore", name, {}, opts);

    const role = this.createRole(name);
    const { online: onlineKeyArn, offline: offlineKeyArn } = storeKeys(args.keys, {
      online: () => this.createOnlineKey(name, args),
      offline: () => this.createOfflineKey(name, args, role),
    });
    const { bucket, policy } = this.createBucket(name, args, offlineKeyArn);
    const access = this.grantRole(name, args, role, bucket, offlineKeyArn);

    const groupArgs = {
      roleArn: role.arn,
      bucketName: bucket.bucket,
      prefix: args.prefix,
      offlineKeyArn,
      onlineKeyArn,
      protectData: args.protectData,
    };
    const groups = args.featureGroups.map((group) =>
      createFeatureGroup(`${name}-${group.name}`, group, groupArgs, {
        parent: this,
        dependsOn: [...access, policy],
      }),
    );

    this.featureGroups = describeFeatureGroups(groups, args.featureGroups);
    this.roleArn = role.arn;
    this.roleId = role.uniqueId;
    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    if (onlineKeyArn) this.onlineKeyArn = onlineKeyArn;
    if (offlineKeyArn) this.offlineKeyArn = offlineKeyArn;
    this.registerOutputs(this.contract());
  }

  /** What the stage gives. */
  contract(): Record<string, pulumi.Output<unknown>> & {
    [K in keyof CentralStoreContract]?: pulumi.Output<unknown>;
  } {
    const { featureGroups, roleArn, roleId, bucketName, bucketArn, onlineKeyArn, offlineKeyArn } = this;
    return {
      ...{ featureGroups, roleArn, roleId, bucketName, bucketArn },
      ...(onlineKeyArn ? { onlineKeyArn } : {}),
      ...(offlineKeyArn ? { offlineKeyArn } : {}),
    };
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
    const document = args.policyMode === "documented" ? documentedOnlineStoreKeyPolicy : onlineStoreKeyPolicy;
    const policy = JSON.stringify(document({ ...keyFacts(args), viaService: args.keys.viaService }));
    const description = "Online store of Amazon SageMaker Feature Store";
    return createStoreKey(`${name}-online`, { description, policy, ...keyArgs(args) }, this);
  }

  private createOfflineKey(name: string, args: CentralStoreArgs, role: aws.iam.Role): aws.kms.Key {
    const policy = pulumi
      .all([role.arn, role.uniqueId])
      .apply(([writerRoleArn, writerRoleId]) =>
        JSON.stringify(centralOfflineKeyPolicy({ ...keyFacts(args), writerRoleArn, writerRoleId })),
      );
    const description = "Offline store of Amazon SageMaker Feature Store";
    return createStoreKey(`${name}-offline`, { description, policy, ...keyArgs(args) }, this);
  }

  private createBucket(name: string, args: CentralStoreArgs, keyArn: pulumi.Output<string> | undefined) {
    const { bucketName, noncurrentVersionDays, protectData } = args;
    const policy = (bucket: aws.s3.Bucket) =>
      pulumi
        .all([bucket.arn, keyArn])
        .apply(([bucketArn, known]) => JSON.stringify(centralBucketPolicy({ bucketArn, keyArn: known })));
    const bucketArgs = { bucketName, keyArn, noncurrentVersionDays, policy, protectData };
    return createStoreBucket(name, bucketArgs, this);
  }

  private grantRole(
    name: string,
    args: CentralStoreArgs,
    { name: role, uniqueId }: aws.iam.Role,
    bucket: aws.s3.Bucket,
    offlineKeyArn: pulumi.Output<string> | undefined,
  ): pulumi.Resource[] {
    const { partition, region, prefix, accountId: bucketAccount } = args;
    const tables = icebergTables(args.featureGroups);
    if (args.policyMode === "documented") {
      const policyArn = featureStoreManagedPolicyArn(partition);
      const attached = new aws.iam.RolePolicyAttachment(
        `${name}-store-access`,
        { role, policyArn },
        { parent: this },
      );
      if (!offlineKeyArn) return [attached];
      const policy = pulumi
        .all([offlineKeyArn, uniqueId])
        .apply(([keyArn, roleId]) =>
          JSON.stringify(documentedWriterKeyPolicy({ keyArn, roleId, iceberg: tables.length > 0 })),
        );
      return [attached, new aws.iam.RolePolicy(`${name}-key-access`, { role, policy }, { parent: this })];
    }
    const iceberg = { glueArn: `arn:${partition}:glue:${region}:${bucketAccount}`, tables };
    const policy = pulumi
      .all([bucket.arn, offlineKeyArn, uniqueId])
      .apply(([bucketArn, keyArn, roleId]) =>
        JSON.stringify(writerAccessPolicy({ roleId, bucketArn, bucketAccount, keyArn, prefix, iceberg })),
      );
    return [new aws.iam.RolePolicy(`${name}-access`, { role, policy }, { parent: this })];
  }
}

function keyFacts({ partition, accountId, keyAdministrators, keys }: CentralStoreArgs) {
  const { sageMakerReads } = keys;
  return { partition, keyAccount: accountId, administratorRoleArns: keyAdministrators, sageMakerReads };
}

function keyArgs({ keyDeletionWindowDays: deletionWindowDays, keys, protectData }: CentralStoreArgs) {
  const { enableRotation, multiRegion } = keys;
  return { deletionWindowDays, enableRotation, multiRegion, protectData };
}

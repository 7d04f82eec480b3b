/** Account A's feature groups, and what their writer role may do, now that bucket and key are known. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FeatureGroupsContract } from "../../contracts";
import { createFeatureGroup, describeFeatureGroups } from "../../featureGroup";
import { icebergTables } from "../../policies/iceberg";
import { documentedWriterKeyPolicy, writerAccessPolicy } from "../../policies/writerRole";
import type { FeatureGroupSettings, PolicyMode } from "../../settings";

export interface FeatureGroupsArgs {
  /** ARN of the role that Feature Store writes as; a role of account A without a path. */
  writerRoleArn: pulumi.Input<string>;
  /** Unique ID of that role. */
  writerRoleId: pulumi.Input<string>;
  /** `arn:PARTITION:glue:REGION:ACCOUNT`, of account A: its Data Catalog has the feature groups' tables. */
  glueArn: string;
  keyArn: pulumi.Input<string>;
  /** ARN of the online stores' key; absent: AWS's own. */
  onlineKeyArn?: pulumi.Input<string>;
  bucketName: pulumi.Input<string>;
  bucketArn: pulumi.Input<string>;
  /** 12 digits: account B, which owns the bucket. */
  bucketAccountId: pulumi.Input<string>;
  /** Without slashes at either end; empty for the whole bucket. */
  prefix: string;
  featureGroups: readonly FeatureGroupSettings[];
  policyMode: PolicyMode;
  /** Protects the feature groups and keeps them when they leave the program. */
  protectData: boolean;
}

export class FeatureGroups extends pulumi.ComponentResource {
  /** By name: what consumers of a group need to know. */
  readonly featureGroups: pulumi.Output<FeatureGroupsContract["featureGroups"]>;

  constructor(name: string, args: FeatureGroupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:offline-store:FeatureGroups", name, {}, opts);

    const access =
      args.policyMode === "documented" ? this.documentedAccess(name, args) : this.leastAccess(name, args);
    const {
      writerRoleArn: roleArn,
      keyArn: offlineKeyArn,
      onlineKeyArn,
      bucketName,
      prefix,
      protectData,
    } = args;
    const groupArgs = { roleArn, offlineKeyArn, onlineKeyArn, bucketName, prefix, protectData };
    const groups = args.featureGroups.map((group) =>
      createFeatureGroup(`${name}-${group.name}`, group, groupArgs, { parent: this, dependsOn: access }),
    );

    this.featureGroups = describeFeatureGroups(groups, args.featureGroups);
    this.registerOutputs({ featureGroups: this.featureGroups });
  }

  private leastAccess(name: string, args: FeatureGroupsArgs): pulumi.Resource[] {
    const { writerRoleId: roleId, bucketArn, bucketAccountId, keyArn, prefix, glueArn } = args;
    const iceberg = { glueArn, tables: icebergTables(args.featureGroups) };
    const policy = pulumi
      .output({ roleId, bucketArn, bucketAccount: bucketAccountId, keyArn })
      .apply((facts) => JSON.stringify(writerAccessPolicy({ ...facts, prefix, iceberg })));
    return [new aws.iam.RolePolicy(`${name}-access`, { role: roleName(args), policy }, { parent: this })];
  }

  private documentedAccess(name: string, args: FeatureGroupsArgs): pulumi.Resource[] {
    const { keyArn, writerRoleId: roleId } = args;
    const iceberg = icebergTables(args.featureGroups).length > 0;
    const policy = pulumi
      .output({ keyArn, roleId })
      .apply((facts) => JSON.stringify(documentedWriterKeyPolicy({ ...facts, iceberg })));
    return [new aws.iam.RolePolicy(`${name}-key-access`, { role: roleName(args), policy }, { parent: this })];
  }
}

/** `arn:aws:iam::ACCOUNT:role/NAME` -> `NAME`: the contract carries the ARN alone. */
function roleName({ writerRoleArn }: FeatureGroupsArgs): pulumi.Output<string> {
  return pulumi.output(writerRoleArn).apply((arn) => arn.slice(arn.lastIndexOf("/") + 1));
}

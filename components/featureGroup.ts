/** One feature group, and what its users need to know about it. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FeatureGroupContract } from "./contract";
import { dataOptions } from "./dataOptions";
import { tableConfig, throughputConfig, featureDefinition } from "./featureGroupFormat";
import type { FeatureGroupSettings } from "./settings/types";

export interface FeatureGroupArgs {
  /** ARN of the role that Feature Store writes the offline store as. */
  roleArn: pulumi.Input<string>;
  bucketName: pulumi.Input<string>;
  /** Without slashes at either end; empty for the whole bucket. */
  prefix: string;
  /** ARN of the key that the offline store is encrypted under; without it, AWS's own key of Amazon S3. */
  offlineKeyArn?: pulumi.Input<string>;
  /** ARN of the key that the online store is encrypted under; without it, AWS's own. */
  onlineKeyArn?: pulumi.Input<string>;
  /** Protects the group and keeps it when it leaves the program. */
  protectData: boolean;
}

export function createFeatureGroup(
  name: string,
  group: FeatureGroupSettings,
  args: FeatureGroupArgs,
  { parent, dependsOn }: { parent: pulumi.Resource; dependsOn: pulumi.Resource[] },
): aws.sagemaker.FeatureGroup {
  const s3Uri = pulumi.interpolate`s3://${args.bucketName}${args.prefix === "" ? "" : `/${args.prefix}`}`;
  const made = new aws.sagemaker.FeatureGroup(
    name,
    {
      featureGroupName: group.name,
      description: group.description,
      recordIdentifierFeatureName: group.recordIdentifier,
      eventTimeFeatureName: group.eventTime,
      featureDefinitions: group.features.map(featureDefinition),
      roleArn: args.roleArn,
      onlineStoreConfig: group.onlineStore
        ? {
            enableOnlineStore: true,
            ttlDuration: group.ttl,
            storageType: group.storageType,
            securityConfig: args.onlineKeyArn === undefined ? undefined : { kmsKeyId: args.onlineKeyArn },
          }
        : undefined,
      offlineStoreConfig:
        group.offlineStore === false
          ? undefined
          : { s3StorageConfig: { s3Uri, kmsKeyId: args.offlineKeyArn }, ...tableConfig(group) },
      throughputConfig: group.throughput && throughputConfig(group.throughput),
      tags: group.tags,
    },
    { parent, dependsOn, ignoreChanges: IN_PLACE, ...dataOptions(args.protectData) },
  );
  warnOfDifferences(made, group);
  return made;
}

/**
 * The resource replaces the group when these change, which would lose its records, while AWS adds features in place and
 * cannot change the rest. The driver adds features by UpdateFeatureGroup before the engine runs (automation/evolution);
 * a description stays as it was made. Source: hashicorp/terraform-provider-aws#36784, #26809.
 */
const IN_PLACE = ["featureDefinitions", "description"];

/** For `pulumi up`, which no driver prepares: warns if the group's features are not those of the settings. */
function warnOfDifferences(made: aws.sagemaker.FeatureGroup, { name, features }: FeatureGroupSettings): void {
  made.featureDefinitions.apply((definitions) => {
    const has = new Map(definitions.map(({ featureName = "", featureType }) => [featureName, featureType]));
    const named = new Set(features.map((feature) => feature.name));
    const lacking = features.filter((feature) => !has.has(feature.name)).map((feature) => feature.name);
    const others = features.filter(({ name: of, type }) => has.has(of) && has.get(of) !== type);
    const lost = [...has.keys()].filter((of) => !named.has(of)).concat(others.map((feature) => feature.name));
    if (lacking.length > 0)
      void pulumi.log.warn(
        `feature group ${name} does not have ${lacking.join(", ")} yet: npm run evolve -- --group ${name} --apply adds them in place`,
        made,
      );
    if (lost.length > 0)
      void pulumi.log.warn(
        `feature group ${name} keeps ${lost.join(", ")} as they are: AWS neither removes nor retypes features; npm run evolve -- --group ${name} --new-version makes the next version beside it`,
        made,
      );
  });
}

/**
 * The groups by name, as their contract describes them.
 * @param settings of each group, in the order of `groups`
 */
export function describeFeatureGroups(
  groups: readonly aws.sagemaker.FeatureGroup[],
  settings: readonly FeatureGroupSettings[],
): pulumi.Output<Record<string, FeatureGroupContract>> {
  return pulumi
    .all(groups.map((group, index) => describe(group, settings[index]?.offlineStore !== false)))
    .apply((all) => Object.fromEntries(all.map((group) => [group.name, group])));
}

function describe(
  group: aws.sagemaker.FeatureGroup,
  offlineStore: boolean,
): pulumi.Output<FeatureGroupContract> {
  // In a preview, the SDK treats a property that a group does not have as not known yet, so nothing may read it.
  if (!offlineStore)
    return pulumi.all([group.featureGroupName, group.arn]).apply(([name, arn]) => ({ name, arn }));
  return pulumi
    .all([group.featureGroupName, group.arn, group.offlineStoreConfig])
    .apply(([name, arn, offline]) => {
      const s3Uri = offline?.s3StorageConfig.resolvedOutputS3Uri;
      if (s3Uri === undefined) return { name, arn };
      const catalog = offline?.dataCatalogConfig;
      if (catalog?.database === undefined || catalog.tableName === undefined) return { name, arn, s3Uri };
      return {
        name,
        arn,
        s3Uri,
        table: { catalog: catalog.catalog ?? "", database: catalog.database, name: catalog.tableName },
      };
    });
}

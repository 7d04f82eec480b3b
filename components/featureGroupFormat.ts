/**
 * The settings of a group's features and stores, in the resource's form. What the settings leave out is left out here
 * too, so that AWS's own default applies.
 */
import type * as aws from "@pulumi/aws";
import type { FeatureGroupSettings, FeatureSettings } from "./settings/types";

export function featureDefinition({
  name: featureName,
  type: featureType,
  collection,
  dimension,
}: FeatureSettings): aws.types.input.sagemaker.FeatureGroupFeatureDefinition {
  return {
    featureName,
    featureType,
    collectionType: collection,
    collectionConfig: dimension === undefined ? undefined : { vectorConfig: { dimension } },
  };
}

/** The offline store's table. */
export function tableConfig({
  tableFormat,
  disableGlueTableCreation,
  dataCatalog,
}: FeatureGroupSettings): Omit<aws.types.input.sagemaker.FeatureGroupOfflineStoreConfig, "s3StorageConfig"> {
  return {
    tableFormat,
    disableGlueTableCreation,
    dataCatalogConfig: dataCatalog && {
      catalog: dataCatalog.catalog ?? "AwsDataCatalog",
      database: dataCatalog.database,
      tableName: dataCatalog.table,
    },
  };
}

/** Units that a mode or a store does not have are 0, as the provider sends them. */
export function throughputConfig({
  mode,
  readCapacityUnits = 0,
  writeCapacityUnits = 0,
}: NonNullable<FeatureGroupSettings["throughput"]>): aws.types.input.sagemaker.FeatureGroupThroughputConfig {
  if (mode === "OnDemand") return { throughputMode: mode };
  return {
    throughputMode: mode,
    provisionedReadCapacityUnits: readCapacityUnits,
    provisionedWriteCapacityUnits: writeCapacityUnits,
  };
}

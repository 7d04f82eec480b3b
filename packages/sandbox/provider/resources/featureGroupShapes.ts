/** SageMaker: converts feature groups between the resource's properties and the API's shapes. */
import type {
  CreateFeatureGroupCommandInput,
  DescribeFeatureGroupCommandOutput,
} from "@aws-sdk/client-sagemaker";
import { toTags } from "../tags";
import { given, must, text as textOf, type Properties } from "../values";

interface Feature {
  readonly featureName?: string;
  readonly featureType?: string;
  readonly collectionType?: string;
  readonly collectionConfig?: { readonly vectorConfig?: { readonly dimension?: number } };
}
export interface Online {
  readonly enableOnlineStore?: boolean;
  readonly storageType?: string;
  readonly securityConfig?: { readonly kmsKeyId?: string };
  readonly ttlDuration?: { readonly unit?: string; readonly value?: number };
}
interface Offline {
  readonly disableGlueTableCreation?: boolean;
  readonly tableFormat?: string;
  readonly dataCatalogConfig?: {
    readonly catalog?: string;
    readonly database?: string;
    readonly tableName?: string;
  };
  readonly s3StorageConfig: {
    readonly s3Uri: string;
    readonly kmsKeyId?: string;
    readonly resolvedOutputS3Uri?: string;
  };
}
export interface Throughput {
  readonly throughputMode?: string;
  readonly provisionedReadCapacityUnits?: number;
  readonly provisionedWriteCapacityUnits?: number;
}

/** @param tags the resource's tags merged with the provider's */
export function createRequest(
  inputs: Properties,
  tags: Readonly<Record<string, string>>,
): CreateFeatureGroupCommandInput {
  const online = inputs["onlineStoreConfig"] as Online | undefined;
  const offline = inputs["offlineStoreConfig"] as Offline | undefined;
  const throughput = inputs["throughputConfig"] as Throughput | undefined;
  return {
    FeatureGroupName: must(inputs, "featureGroupName"),
    RecordIdentifierFeatureName: must(inputs, "recordIdentifierFeatureName"),
    EventTimeFeatureName: must(inputs, "eventTimeFeatureName"),
    RoleArn: must(inputs, "roleArn"),
    Description: textOf(inputs, "description") || undefined,
    FeatureDefinitions: (inputs["featureDefinitions"] as Feature[]).map(
      ({ featureName, featureType, collectionType, collectionConfig }) => ({
        FeatureName: featureName,
        FeatureType: featureType as "String",
        ...(collectionType ? { CollectionType: collectionType as "List" } : {}),
        ...(collectionConfig?.vectorConfig
          ? { CollectionConfig: { VectorConfig: { Dimension: collectionConfig.vectorConfig.dimension } } }
          : {}),
      }),
    ),
    ...(online ? { OnlineStoreConfig: onlineOf(online) } : {}),
    ...(offline ? { OfflineStoreConfig: offlineOf(offline) } : {}),
    ...(throughput ? { ThroughputConfig: throughputOf(throughput) } : {}),
    Tags: toTags(tags),
  };
}

function onlineOf({
  enableOnlineStore,
  storageType,
  securityConfig,
  ttlDuration,
}: Online): CreateFeatureGroupCommandInput["OnlineStoreConfig"] {
  return {
    EnableOnlineStore: enableOnlineStore ?? false,
    ...(storageType ? { StorageType: storageType as "Standard" } : {}),
    ...(securityConfig?.kmsKeyId ? { SecurityConfig: { KmsKeyId: securityConfig.kmsKeyId } } : {}),
    ...(ttlDuration ? { TtlDuration: { Unit: ttlDuration.unit as "Days", Value: ttlDuration.value } } : {}),
  };
}

function offlineOf({
  disableGlueTableCreation,
  tableFormat,
  dataCatalogConfig: catalog,
  s3StorageConfig,
}: Offline): CreateFeatureGroupCommandInput["OfflineStoreConfig"] {
  return {
    S3StorageConfig: {
      S3Uri: s3StorageConfig.s3Uri,
      ...(s3StorageConfig.kmsKeyId ? { KmsKeyId: s3StorageConfig.kmsKeyId } : {}),
    },
    DisableGlueTableCreation: disableGlueTableCreation ?? false,
    ...(tableFormat ? { TableFormat: tableFormat as "Glue" } : {}),
    ...(catalog
      ? {
          DataCatalogConfig: {
            Catalog: catalog.catalog,
            Database: catalog.database,
            TableName: catalog.tableName,
          },
        }
      : {}),
  };
}

export function throughputOf({
  throughputMode,
  provisionedReadCapacityUnits,
  provisionedWriteCapacityUnits,
}: Throughput) {
  return {
    ThroughputMode: throughputMode as "OnDemand",
    ProvisionedReadCapacityUnits: provisionedReadCapacityUnits,
    ProvisionedWriteCapacityUnits: provisionedWriteCapacityUnits,
  };
}

/** As the real provider shows it, without values that AWS does not return. */
export function shown(group: DescribeFeatureGroupCommandOutput): Properties {
  const { OnlineStoreConfig: online, OfflineStoreConfig: offline, ThroughputConfig: throughput } = group;
  return given({
    featureGroupName: group.FeatureGroupName,
    arn: group.FeatureGroupArn,
    roleArn: group.RoleArn,
    description: group.Description,
    recordIdentifierFeatureName: group.RecordIdentifierFeatureName,
    eventTimeFeatureName: group.EventTimeFeatureName,
    featureDefinitions: (group.FeatureDefinitions ?? []).map(
      ({ FeatureName, FeatureType, CollectionType, CollectionConfig }) =>
        given({
          featureName: FeatureName,
          featureType: FeatureType,
          collectionType: CollectionType,
          collectionConfig: CollectionConfig?.VectorConfig && {
            vectorConfig: { dimension: CollectionConfig.VectorConfig.Dimension },
          },
        }),
    ),
    onlineStoreConfig:
      online &&
      given({
        enableOnlineStore: online.EnableOnlineStore,
        storageType: online.StorageType,
        securityConfig: online.SecurityConfig?.KmsKeyId && { kmsKeyId: online.SecurityConfig.KmsKeyId },
        ttlDuration: online.TtlDuration && { unit: online.TtlDuration.Unit, value: online.TtlDuration.Value },
      }),
    offlineStoreConfig:
      offline &&
      given({
        disableGlueTableCreation: offline.DisableGlueTableCreation,
        tableFormat: offline.TableFormat,
        dataCatalogConfig: offline.DataCatalogConfig && {
          catalog: offline.DataCatalogConfig.Catalog,
          database: offline.DataCatalogConfig.Database,
          tableName: offline.DataCatalogConfig.TableName,
        },
        s3StorageConfig: given({
          s3Uri: offline.S3StorageConfig?.S3Uri,
          kmsKeyId: offline.S3StorageConfig?.KmsKeyId,
          resolvedOutputS3Uri: offline.S3StorageConfig?.ResolvedOutputS3Uri,
        }),
      }),
    throughputConfig:
      throughput &&
      given({
        throughputMode: throughput.ThroughputMode,
        provisionedReadCapacityUnits: throughput.ProvisionedReadCapacityUnits,
        provisionedWriteCapacityUnits: throughput.ProvisionedWriteCapacityUnits,
      }),
  });
}

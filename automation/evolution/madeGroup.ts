/**
 * The properties that a feature group keeps for life, in the settings' form. Source: Amazon SageMaker API Reference,
 * "UpdateFeatureGroup", https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateFeatureGroup.html
 */
import type { DescribeFeatureGroupCommandOutput } from "@aws-sdk/client-sagemaker";
import { definitionsOf } from "./apply";
import type { Definition } from "./compare";

export interface MadeGroup {
  readonly definitions: readonly Definition[];
  /** By setting of the feature group: its value, and true if that is the setting's default. */
  readonly kept: Readonly<Record<string, { readonly value: unknown; readonly isDefault: boolean }>>;
  /** The offline store's table, unless Feature Store named it. */
  readonly table?: { readonly database: string; readonly table: string } | undefined;
}

export function madeGroup(described: DescribeFeatureGroupCommandOutput): MadeGroup {
  const { RecordIdentifierFeatureName, EventTimeFeatureName, OnlineStoreConfig, OfflineStoreConfig } =
    described;
  const online = OnlineStoreConfig?.EnableOnlineStore ?? false;
  const kept: Record<string, { value: unknown; isDefault: boolean }> = {
    recordIdentifier: { value: RecordIdentifierFeatureName, isDefault: false },
    eventTime: { value: EventTimeFeatureName, isDefault: false },
    onlineStore: { value: online, isDefault: online },
    offlineStore: { value: OfflineStoreConfig !== undefined, isDefault: OfflineStoreConfig !== undefined },
    storageType: known(OnlineStoreConfig?.StorageType, "Standard"),
    tableFormat: known(OfflineStoreConfig?.TableFormat, "Glue"),
    disableGlueTableCreation: known(OfflineStoreConfig?.DisableGlueTableCreation, false),
  };
  return { definitions: definitionsOf(described), kept, table: namedTable(described) };
}

/** Undefined for a name that Feature Store chose: `NAME_EPOCH`, with underscores for hyphens. */
function namedTable({
  FeatureGroupName = "",
  OfflineStoreConfig,
}: DescribeFeatureGroupCommandOutput): MadeGroup["table"] {
  const { Database: database, TableName: table } = OfflineStoreConfig?.DataCatalogConfig ?? {};
  if (database === undefined || table === undefined) return undefined;
  const own = `${FeatureGroupName.replace(/-/g, "_")}_`.toLowerCase();
  const made = table.toLowerCase().replace(/-/g, "_");
  if (made.startsWith(own) && /^\d{10,}$/.test(made.slice(own.length))) return undefined;
  return { database, table };
}

/** AWS may or may not return a default value. */
function known<T>(value: T | undefined, standard: T): { value: T; isDefault: boolean } {
  return { value: value ?? standard, isDefault: value === undefined || value === standard };
}

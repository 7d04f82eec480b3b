/** Rules for features and stores beyond their shapes. Pure. Source: Feature Store API reference and developer guide. */
import type { FeatureDefinition, OnlineStore, ThroughputConfig } from "../../core/featureGroups";
import { invalid } from "./state";

const reserved: readonly string[] = ["is_deleted", "write_time", "api_invocation_time"];
const maximumFeatures = 2500;

/** @throws AwsError `ValidationException` for reserved or repeated names, and for collections outside an InMemory online store */
export function checkFeatures(
  features: readonly FeatureDefinition[],
  storage: OnlineStore["StorageType"],
  existing: readonly FeatureDefinition[] = [],
): void {
  if (existing.length + features.length > maximumFeatures)
    throw invalid(
      `A FeatureGroup can have at most ${maximumFeatures} features, and this one would have ${existing.length + features.length}.`,
    );
  // Athena and Glue ignore case: two names that differ only in case would be one column.
  const names = new Set(existing.map(({ FeatureName }) => FeatureName.toLowerCase()));
  for (const feature of features) {
    const { FeatureName, CollectionType, CollectionConfig } = feature;
    const name = FeatureName.toLowerCase();
    if (reserved.includes(name))
      throw invalid(
        `FeatureName ${FeatureName} is reserved. FeatureName cannot be any of the following: ${reserved.join(", ")}.`,
      );
    if (names.has(name))
      throw invalid(`Duplicate feature name found: ${FeatureName}. Feature names must be unique.`);
    names.add(name);
    if (CollectionType && storage !== "InMemory")
      throw invalid(
        `CollectionType ${CollectionType} of feature ${FeatureName} is only supported with the InMemory online store.`,
      );
    if (CollectionType === "Vector" && !CollectionConfig?.VectorConfig)
      throw invalid(`CollectionConfig with VectorConfig is required for the Vector feature ${FeatureName}.`);
    if (CollectionType === "Vector" && feature.FeatureType !== "Fractional")
      throw invalid(`The Vector feature ${FeatureName} must be of type Fractional.`);
    if (CollectionConfig?.VectorConfig && CollectionType !== "Vector")
      throw invalid(`VectorConfig of feature ${FeatureName} is only allowed with the CollectionType Vector.`);
  }
}

/** The record identifier and the event time are features and not collections, and the event time is a String or a Fractional. */
export function checkKeyFeatures(
  features: readonly FeatureDefinition[],
  recordIdentifier: string,
  eventTime: string,
): void {
  for (const [role, name] of [
    ["RecordIdentifierFeatureName", recordIdentifier],
    ["EventTimeFeatureName", eventTime],
  ] as const) {
    const feature = features.find(({ FeatureName }) => FeatureName === name);
    if (!feature) throw invalid(`${role} ${name} must match one of the FeatureName in FeatureDefinitions.`);
    if (feature.CollectionType) throw invalid(`${role} ${name} cannot be a collection.`);
    if (role === "EventTimeFeatureName" && feature.FeatureType === "Integral")
      throw invalid(
        `EventTimeFeatureName ${name} must be of type Fractional or String, and is of type ${feature.FeatureType}.`,
      );
  }
}

/** `Provisioned` needs both capacity units, no other mode may have them, and InMemory cannot be `Provisioned`. */
export function checkThroughput(config: ThroughputConfig, storage?: OnlineStore["StorageType"]): void {
  if (config.ThroughputMode === "Provisioned" && storage === "InMemory")
    throw invalid(
      "ThroughputMode Provisioned is only supported for feature groups that are offline-only or use the Standard online store StorageType.",
    );
  const units = [config.ProvisionedReadCapacityUnits, config.ProvisionedWriteCapacityUnits];
  if (config.ThroughputMode === "Provisioned" && units.includes(undefined))
    throw invalid(
      "ProvisionedReadCapacityUnits and ProvisionedWriteCapacityUnits are required when ThroughputMode is Provisioned.",
    );
  // The AWS provider sends zeros with OnDemand.
  if (config.ThroughputMode === "OnDemand" && units.some((value) => value !== undefined && value !== 0))
    throw invalid(
      "ProvisionedReadCapacityUnits and ProvisionedWriteCapacityUnits are only allowed when ThroughputMode is Provisioned.",
    );
}

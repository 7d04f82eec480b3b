/** Descriptions and parameters of single features. Source: SageMaker API Reference, "UpdateFeatureMetadata". */
import { AwsError, type Call, type World } from "../../core";
import { jsonDate } from "../../protocol/json";
import type { FeatureDefinition, FeatureGroup, FeatureMetadata } from "../../core/featureGroups";
import { authorizedGroup, featureGroups } from "./state";

interface Named {
  readonly FeatureGroupName: string;
  readonly FeatureName: string;
}

interface UpdateRequest extends Named {
  readonly Description?: string | null;
  readonly ParameterAdditions?: { readonly Key: string; readonly Value: string }[] | null;
  readonly ParameterRemovals?: string[] | null;
}

const maximumParameters = 25;

export function describeFeatureMetadata(world: World, call: Call, request: Named) {
  const group = authorizedGroup(world, call, "DescribeFeatureMetadata", request.FeatureGroupName);
  return describedFeature(group, featureOf(group, request.FeatureName));
}

/** A feature as DescribeFeatureMetadata and Search return it. */
export function describedFeature(group: FeatureGroup, feature: FeatureDefinition) {
  const metadata = metadataOf(group, feature);
  return {
    FeatureGroupArn: group.arn,
    FeatureGroupName: group.name,
    FeatureName: feature.FeatureName,
    FeatureType: feature.FeatureType,
    CreationTime: jsonDate(new Date(metadata.created)),
    LastModifiedTime: jsonDate(new Date(metadata.modified)),
    Description: metadata.description,
    Parameters: Object.entries(metadata.parameters).map(([Key, Value]) => ({ Key, Value })),
  };
}

export function updateFeatureMetadata(world: World, call: Call, request: UpdateRequest) {
  const group = authorizedGroup(world, call, "UpdateFeatureMetadata", request.FeatureGroupName);
  const feature = featureOf(group, request.FeatureName);
  const metadata = metadataOf(group, feature);
  const parameters = new Map(Object.entries(metadata.parameters));
  for (const key of request.ParameterRemovals ?? []) parameters.delete(key);
  for (const { Key, Value } of request.ParameterAdditions ?? []) parameters.set(Key, Value);
  if (parameters.size > maximumParameters)
    throw new AwsError(
      "ValidationException",
      `Validation Error: Feature ${feature.FeatureName} would have ${parameters.size} parameters, and a feature can have at most ${maximumParameters}.`,
    );
  group.metadata[feature.FeatureName] = {
    ...metadata,
    modified: world.now().toISOString(),
    ...(request.Description == null ? {} : { description: request.Description }),
    parameters: Object.fromEntries(parameters),
  };
  featureGroups(world.store).touch();
  return {};
}

function featureOf(group: FeatureGroup, name: string): FeatureDefinition {
  const feature = group.features.find(({ FeatureName }) => FeatureName === name);
  if (!feature)
    throw new AwsError(
      "ResourceNotFound",
      `Resource Not Found: Amazon SageMaker can't find a Feature with name ${name} in the FeatureGroup ${group.name}`,
    );
  return feature;
}

function metadataOf(group: FeatureGroup, feature: FeatureDefinition): FeatureMetadata {
  return (
    group.metadata[feature.FeatureName] ?? { created: group.created, modified: group.created, parameters: {} }
  );
}

/** Descriptions and parameters of single features. Source: SageMaker API Reference, "UpdateFeatureMetadata". */
import { AwsError, type Call, type World } from "../../core";
import { jsonDate } from "../../protocol/json";
import { describeFeatureMetadataShape, updateFeatureMetadataShape } from "./model";
import { checked } from "../../protocol/shape";
import {
  authorizedGroup,
  featureGroups,
  type FeatureDefinition,
  type FeatureGroup,
  type FeatureMetadata,
} from "./state";

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

export function describeFeatureMetadata(world: World, call: Call, input: unknown): Record<string, unknown> {
  const request = checked<Named>(describeFeatureMetadataShape, input);
  const group = authorizedGroup(world, call, "DescribeFeatureMetadata", request.FeatureGroupName);
  return describedFeature(group, featureOf(group, request.FeatureName));
}

/** What DescribeFeatureMetadata and Search tell of a feature. */
export function describedFeature(group: FeatureGroup, feature: FeatureDefinition): Record<string, unknown> {
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

export function updateFeatureMetadata(world: World, call: Call, input: unknown): Record<string, unknown> {
  const request = checked<UpdateRequest>(updateFeatureMetadataShape, input);
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

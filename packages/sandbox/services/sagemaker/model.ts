/** The shapes of the feature group operations. Source: Amazon SageMaker API Reference, version 2017-07-24. */
import { boolean, integer, list, oneOf, structure, text, timestamp } from "../../protocol/shape";

const name = { min: 1, max: 64 };
const featureGroupName = text({
  ...name,
  pattern: /^[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}$/,
  printed: "^[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}$",
});
const featureName = text({
  ...name,
  pattern: /^[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}$/,
  printed: "^[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}$",
});
export const featureGroupNameOrArn = text({
  min: 1,
  max: 256,
  pattern:
    /^(arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:feature-group\/)?([a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63})$/,
  printed:
    "(arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:feature-group\\/)?([a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63})",
});
const nextToken = text({ max: 8192 });
const s3Uri = text({ max: 1024, pattern: /^(https|s3):\/\/([^/]+)\/?(.*)$/ });
const kmsKeyId = text({ max: 2048, pattern: /^[a-zA-Z0-9:/_-]*$/ });
const catalogName = text({ min: 1, max: 255 });
const tagCharacters = {
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
  printed: "^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$",
};
const tagKey = text({ min: 1, max: 128, ...tagCharacters });
const tags = list(structure({ "Key!": tagKey, "Value!": text({ max: 256, ...tagCharacters }) }), 0, 50);
const ttlDuration = structure({
  Unit: oneOf("Seconds", "Minutes", "Hours", "Days", "Weeks"),
  Value: integer(1),
});
const featureDefinition = structure({
  "FeatureName!": featureName,
  "FeatureType!": oneOf("Integral", "Fractional", "String"),
  CollectionType: oneOf("List", "Set", "Vector"),
  CollectionConfig: structure({ VectorConfig: structure({ "Dimension!": integer(1, 8192) }) }),
});
const capacity = integer(0, 10000000);
const throughput = {
  ProvisionedReadCapacityUnits: capacity,
  ProvisionedWriteCapacityUnits: capacity,
};
const throughputMode = oneOf("OnDemand", "Provisioned");

const parameterText = text({
  min: 1,
  max: 255,
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+-]*$/u,
  printed: "([\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-]*)",
});

const resourceArn = text({ max: 256, pattern: /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+$/ });

const filter = structure({
  "Name!": text({ min: 1, max: 255 }),
  Operator: oneOf(
    "Equals",
    "NotEquals",
    "GreaterThan",
    "GreaterThanOrEqualTo",
    "LessThan",
    "LessThanOrEqualTo",
    "Contains",
    "Exists",
    "NotExists",
    "In",
  ),
  Value: text({ min: 1, max: 1024 }),
});
const operator = oneOf("And", "Or");
const subExpression = structure({ Filters: list(filter, 1, 20), Operator: operator });

export const shapes = {
  CreateFeatureGroup: structure({
    "FeatureGroupName!": featureGroupName,
    "RecordIdentifierFeatureName!": featureName,
    "EventTimeFeatureName!": featureName,
    "FeatureDefinitions!": list(featureDefinition, 1, 2500),
    OnlineStoreConfig: structure({
      SecurityConfig: structure({ KmsKeyId: kmsKeyId }),
      EnableOnlineStore: boolean,
      TtlDuration: ttlDuration,
      StorageType: oneOf("Standard", "Standard_V2", "InMemory"),
    }),
    OfflineStoreConfig: structure({
      "S3StorageConfig!": structure({ "S3Uri!": s3Uri, KmsKeyId: kmsKeyId, ResolvedOutputS3Uri: s3Uri }),
      DisableGlueTableCreation: boolean,
      DataCatalogConfig: structure({
        "TableName!": catalogName,
        "Catalog!": catalogName,
        "Database!": catalogName,
      }),
      TableFormat: oneOf("Default", "Glue", "Iceberg"),
    }),
    ThroughputConfig: structure({ "ThroughputMode!": throughputMode, ...throughput }),
    RoleArn: text({
      min: 20,
      max: 2048,
      pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/,
      printed: "^arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+$",
    }),
    Description: text({ max: 128 }),
    Tags: tags,
  }),
  DescribeFeatureGroup: structure({
    "FeatureGroupName!": featureGroupNameOrArn,
    NextToken: nextToken,
  }),
  DeleteFeatureGroup: structure({ "FeatureGroupName!": featureGroupName }),
  ListFeatureGroups: structure({
    NameContains: text({ min: 1, max: 64 }),
    FeatureGroupStatusEquals: oneOf("Creating", "Created", "CreateFailed", "Deleting", "DeleteFailed"),
    OfflineStoreStatusEquals: oneOf("Active", "Blocked", "Disabled"),
    CreationTimeAfter: timestamp,
    CreationTimeBefore: timestamp,
    SortOrder: oneOf("Ascending", "Descending"),
    SortBy: oneOf("Name", "FeatureGroupStatus", "OfflineStoreStatus", "CreationTime"),
    MaxResults: integer(1, 100),
    NextToken: nextToken,
  }),
  UpdateFeatureGroup: structure({
    "FeatureGroupName!": featureGroupNameOrArn,
    FeatureAdditions: list(featureDefinition, 1, 100),
    OnlineStoreConfig: structure({ TtlDuration: ttlDuration }),
    ThroughputConfig: structure({ ThroughputMode: throughputMode, ...throughput }),
  }),
  DescribeFeatureMetadata: structure({
    "FeatureGroupName!": featureGroupNameOrArn,
    "FeatureName!": featureName,
  }),
  UpdateFeatureMetadata: structure({
    "FeatureGroupName!": featureGroupNameOrArn,
    "FeatureName!": featureName,
    Description: text({ max: 255 }),
    ParameterAdditions: list(structure({ Key: parameterText, Value: parameterText }), 0, 25),
    ParameterRemovals: list(parameterText, 0, 25),
  }),
  AddTags: structure({ "ResourceArn!": resourceArn, "Tags!": tags }),
  DeleteTags: structure({ "ResourceArn!": resourceArn, "TagKeys!": list(tagKey, 1, 50) }),
  ListTags: structure({
    "ResourceArn!": resourceArn,
    NextToken: nextToken,
    MaxResults: integer(50),
  }),
  Search: structure({
    "Resource!": text(),
    SearchExpression: structure({
      Filters: list(filter, 1, 20),
      SubExpressions: list(subExpression, 1, 20),
      Operator: operator,
    }),
    SortBy: text({ min: 1, max: 255 }),
    SortOrder: oneOf("Ascending", "Descending"),
    NextToken: nextToken,
    MaxResults: integer(1, 100),
  }),
};

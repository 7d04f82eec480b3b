/** The shapes of the runtime's requests. Source: Feature Store runtime API reference, version 2020-07-01. */
import { boolean, integer, list, oneOf, structure, text } from "../../protocol/shape";

const featureGroupNameOrArn = text({
  min: 1,
  max: 150,
  pattern:
    /^(arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:feature-group\/)?([a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63})$/,
  printed:
    "(arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:feature-group/)?([a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63})",
});
const featureName = text({
  min: 1,
  max: 64,
  pattern: /^[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}$/,
  printed: "^[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}",
});
const value = text({ max: 358400 });
const targetStores = list(oneOf("OnlineStore", "OfflineStore"), 1, 2);
const expirationTimeResponse = oneOf("Enabled", "Disabled");

const record = list(
  structure({
    "FeatureName!": featureName,
    ValueAsString: value,
    ValueAsStringList: list(value, 0, 358400),
  }),
  1,
);
const ttlDuration = structure({
  "Unit!": oneOf("Seconds", "Minutes", "Hours", "Days", "Weeks"),
  "Value!": integer(1),
});
const put = {
  "FeatureGroupName!": featureGroupNameOrArn,
  "Record!": record,
  TargetStores: targetStores,
  TtlDuration: ttlDuration,
};

export const shapes = {
  PutRecord: structure(put),
  BatchWriteRecord: structure({
    "Entries!": list(structure(put), 1, 25),
    TtlDuration: ttlDuration,
  }),
  UpdateRecord: structure({
    "FeatureGroupName!": featureGroupNameOrArn,
    "RecordIdentifierValueAsString!": value,
    "Features!": record,
    TargetStores: targetStores,
    TtlDuration: ttlDuration,
  }),
  ListRecords: structure({
    "FeatureGroupName!": featureGroupNameOrArn,
    MaxResults: integer(1, 100),
    NextToken: text({ min: 1, max: 8192 }),
    IncludeSoftDeletedRecords: boolean,
  }),
  GetRecord: structure({
    "FeatureGroupName!": featureGroupNameOrArn,
    "RecordIdentifierValueAsString!": value,
    FeatureNames: list(featureName, 1),
    ExpirationTimeResponse: expirationTimeResponse,
  }),
  DeleteRecord: structure({
    "FeatureGroupName!": featureGroupNameOrArn,
    "RecordIdentifierValueAsString!": value,
    "EventTime!": value,
    TargetStores: targetStores,
    DeletionMode: oneOf("SoftDelete", "HardDelete"),
  }),
  BatchGetRecord: structure({
    "Identifiers!": list(
      structure({
        "FeatureGroupName!": featureGroupNameOrArn,
        "RecordIdentifiersValueAsString!": list(value, 1, 100),
        FeatureNames: list(featureName, 1),
      }),
      1,
      100,
    ),
    ExpirationTimeResponse: expirationTimeResponse,
  }),
};

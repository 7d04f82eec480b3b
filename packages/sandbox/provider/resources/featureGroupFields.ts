/** SageMaker: the properties of a feature group. */
import { block, flag, isArn, length, list, matching, number, oneOf, output, text, within } from "../schema";
import type { Fields, Rule } from "../schema";

const NAME = matching(
  /^[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}$/,
  "must start and end with an alphanumeric character, and can only contain alphanumeric characters, hyphens and underscores",
);
const RESERVED = ["is_deleted", "write_time", "api_invocation_time"];
const notReserved: Rule = (value: string, property) =>
  RESERVED.includes(value)
    ? `expected ${property} to not be any of ${JSON.stringify(RESERVED)}, got ${value}`
    : undefined;
const name = { replace: true, rules: [length(1, 64), NAME] };
const kept = { replace: true } as const;

export const fields: Fields = {
  featureGroupName: text({ required: true, ...name }),
  description: text({ ...kept, rules: [length(0, 128)] }),
  eventTimeFeatureName: text({ required: true, ...name }),
  recordIdentifierFeatureName: text({ required: true, ...name }),
  // Adding features replaces the group, as in the real provider (hashicorp/terraform-provider-aws#36784).
  featureDefinitions: list(
    block({
      featureName: text({ replace: true, rules: [length(1, 64), NAME, notReserved] }),
      featureType: text({ ...kept, rules: [oneOf("Integral", "Fractional", "String")] }),
      collectionType: text({ ...kept, rules: [oneOf("List", "Set", "Vector")] }),
      collectionConfig: block(
        { vectorConfig: block({ dimension: number({ ...kept, rules: [within(1, 8192)] }) }, kept) },
        kept,
      ),
    }),
    { required: true, replace: true, rules: [length(1, 2500)] },
  ),
  offlineStoreConfig: block(
    {
      dataCatalogConfig: block(
        {
          catalog: text({ computed: true, replace: true }),
          database: text({ computed: true, replace: true }),
          tableName: text({ computed: true, replace: true }),
        },
        { computed: true, replace: true },
      ),
      disableGlueTableCreation: flag(kept),
      s3StorageConfig: block(
        {
          kmsKeyId: text({ ...kept, rules: [isArn] }),
          resolvedOutputS3Uri: text({ computed: true, replace: true }),
          s3Uri: text({ required: true, replace: true }),
        },
        { required: true, replace: true },
      ),
      tableFormat: text({ default: "Glue", replace: true, rules: [oneOf("Default", "Glue", "Iceberg")] }),
    },
    kept,
  ),
  onlineStoreConfig: block({
    enableOnlineStore: flag({ default: false, replace: true }),
    securityConfig: block({ kmsKeyId: text({ ...kept, rules: [isArn] }) }, kept),
    storageType: text({ ...kept, computed: true, rules: [oneOf("Standard", "InMemory")] }),
    ttlDuration: block({
      unit: text({ rules: [oneOf("Seconds", "Minutes", "Hours", "Days", "Weeks")] }),
      value: number(),
    }),
  }),
  roleArn: text({ required: true, replace: true, rules: [isArn] }),
  throughputConfig: block(
    {
      throughputMode: text({ computed: true, rules: [oneOf("OnDemand", "Provisioned")] }),
      provisionedReadCapacityUnits: number({ rules: [within(0, 10_000_000)] }),
      provisionedWriteCapacityUnits: number({ rules: [within(0, 10_000_000)] }),
    },
    { computed: true },
  ),
  arn: output(),
};

/** A feature group's columns as Iceberg has them. Source: Iceberg table specification, "Schemas" and "Partitioning". */
import type { FeatureDefinition, FeatureGroup } from "../../core/featureGroups";

export interface IcebergField {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly type: string;
}

export interface IcebergSchema {
  readonly type: "struct";
  readonly "schema-id": number;
  readonly fields: readonly IcebergField[];
}

export interface PartitionSpec {
  readonly "spec-id": number;
  readonly fields: readonly {
    readonly "source-id": number;
    readonly "field-id": number;
    readonly name: string;
    readonly transform: string;
  }[];
}

const TYPES = { Integral: "long", Fractional: "double", String: "string" } as const;

/** Columns that Feature Store adds to each record. */
const OWN = [
  ["write_time", "timestamp"],
  ["api_invocation_time", "timestamp"],
  ["is_deleted", "boolean"],
] as const;

/** The features and Feature Store's own columns, numbered from 1; all optional. */
export function firstSchema(features: readonly FeatureDefinition[]): IcebergSchema {
  const columns = [...features.map(column), ...OWN];
  return {
    type: "struct",
    "schema-id": 0,
    fields: columns.map(([name, type], index) => ({ id: index + 1, name, required: false, type })),
  };
}

/** The schema extended by the features that it lacks, with new IDs after `lastId`; undefined if it lacks none. */
export function widened(
  schema: IcebergSchema,
  features: readonly FeatureDefinition[],
  lastId: number,
  schemaId: number,
): IcebergSchema | undefined {
  const known = new Set(schema.fields.map(({ name }) => name.toLowerCase()));
  const lacking = features.filter(({ FeatureName }) => !known.has(FeatureName.toLowerCase())).map(column);
  if (lacking.length === 0) return undefined;
  const fields = lacking.map(([name, type], index) => ({
    id: lastId + 1 + index,
    name,
    required: false,
    type,
  }));
  return { ...schema, "schema-id": schemaId, fields: [...schema.fields, ...fields] };
}

const column = ({ FeatureName, FeatureType }: FeatureDefinition) =>
  [FeatureName, TYPES[FeatureType]] as const;

type Times = Pick<FeatureGroup, "features" | "eventTime">;

/** The event time's day, if the event time is a text: `truncate[10]` of `2024-01-31T...` gives it. */
export function partitionColumn({ features, eventTime }: Times): string | undefined {
  const feature = features.find(({ FeatureName }) => FeatureName === eventTime);
  return feature?.FeatureType === "String" ? eventTime : undefined;
}

/** Partitions by the event time's day; none if it is a number, which Iceberg cannot truncate. */
export function firstSpec(group: Times, schema: IcebergSchema): PartitionSpec {
  const source = schema.fields.find(({ name }) => name === partitionColumn(group));
  if (!source) return { "spec-id": 0, fields: [] };
  const field = { "source-id": source.id, "field-id": 1000, name: `${source.name}_trunc` };
  return { "spec-id": 0, fields: [{ ...field, transform: "truncate[10]" }] };
}

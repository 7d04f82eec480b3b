/** Parquet files of offline rows, and their names. Source: Feature Store developer guide, "Offline store data format". */
import { createHash } from "node:crypto";
import type { FeatureDefinition } from "../core/featureGroups";

/** Feature name -> its value as sent. */
export type RecordValues = Record<string, string | string[]>;

export interface OfflineRow {
  /** Milliseconds since 1970. */
  readonly eventTime: number;
  /** Milliseconds since 1970 at which PutRecord or DeleteRecord was received. */
  readonly invoked: number;
  readonly deleted: boolean;
  readonly values: RecordValues;
}

/** `year=YYYY/month=MM/day=DD/hour=HH` of an event time, UTC. */
export function partitionOf(eventTime: number): string {
  const [year, month, day, hour] = new Date(eventTime).toISOString().split(/[-T:]/);
  return `year=${year}/month=${month}/day=${day}/hour=${hour}`;
}

/**
 * `YYYYMMDDTHHMMSSZ_XXXXXXXXXXXXXXXX.parquet`: the latest event time in the file, and 16 alphanumeric characters. These derive from `seed`,
 * so a file that is rewritten after a crash replaces itself.
 */
export function fileName(latestEventTime: number, seed: string): string {
  const time = new Date(latestEventTime).toISOString().replace(/[-:]|\.\d+/g, "");
  const characters = createHash("sha256")
    .update(seed)
    .digest("base64")
    .replace(/[^A-Za-z0-9]/g, "");
  return `${time}_${characters.slice(0, 16)}.parquet`;
}

const types = { Integral: "INT64", Fractional: "DOUBLE", String: "STRING" } as const;

/**
 * A Parquet file: the features, all optional, and write_time, api_invocation_time and is_deleted. `writeTime` in milliseconds.
 * @param ids of an Iceberg table's columns by name: with them each column has its ID, and times have microseconds
 */
export async function parquetFile(
  features: readonly FeatureDefinition[],
  rows: readonly OfflineRow[],
  writeTime: number,
  ids?: ReadonlyMap<string, number>,
): Promise<Buffer> {
  // Loaded late: an ES module that only offline writes need.
  const { parquetWriteBuffer, schemaFromColumnData } = await import("hyparquet-writer");
  const written = new Date(writeTime);
  const columnData: Parameters<typeof parquetWriteBuffer>[0]["columnData"] = [
    ...features.map((feature) => ({
      name: feature.FeatureName,
      type: types[feature.FeatureType],
      nullable: true,
      data: rows.map(({ values }) => cell(feature, values[feature.FeatureName])),
    })),
    { name: "write_time", type: "TIMESTAMP", nullable: true, data: rows.map(() => written) },
    {
      name: "api_invocation_time",
      type: "TIMESTAMP",
      nullable: true,
      data: rows.map(({ invoked }) => new Date(invoked)),
    },
    { name: "is_deleted", type: "BOOLEAN", nullable: true, data: rows.map(({ deleted }) => deleted) },
  ];
  const createdBy = "Feature Store sandbox";
  if (!ids) return Buffer.from(parquetWriteBuffer({ createdBy, columnData }));
  const schema = schemaFromColumnData({ columnData }).map((element) => ({
    ...element,
    ...(ids.has(element.name) ? { field_id: ids.get(element.name) } : {}),
    ...(element.converted_type === "TIMESTAMP_MILLIS" ? MICROSECONDS : {}),
  }));
  const plain = columnData.map(({ name, data }) => ({ name, data }));
  return Buffer.from(parquetWriteBuffer({ createdBy, columnData: plain, schema }));
}

/** Iceberg's `timestamp`: without a zone, in microseconds. Source: Iceberg table specification, "Appendix A: Parquet". */
const MICROSECONDS = {
  converted_type: undefined,
  logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "MICROS" },
} as const;

function cell(
  { FeatureType }: FeatureDefinition,
  value: string | string[] | undefined,
): bigint | number | string | null {
  // Collections occur in InMemory groups only, which have no offline store.
  if (typeof value !== "string") return null;
  if (FeatureType === "Integral") return BigInt(value.replace(/^\+/, ""));
  return FeatureType === "Fractional" ? Number(value) : value;
}

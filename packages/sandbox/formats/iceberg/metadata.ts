/** An Iceberg table's metadata, version 2: new, with another snapshot, with more columns. Pure. Source: Iceberg table specification, "Table Metadata". */
import { exactOf, exactText, parseExact } from "./exactJson";
import type { IcebergSchema, PartitionSpec } from "./schema";

/** As `exactJson` returns it: a text if the number is too large for JavaScript. */
type Long = number | string;

export interface Snapshot {
  readonly "snapshot-id": Long;
  readonly "parent-snapshot-id"?: Long;
  readonly "sequence-number": number;
  readonly "timestamp-ms": number;
  readonly "manifest-list": string;
  readonly summary: Readonly<Record<string, string>>;
  readonly "schema-id"?: number;
}

export interface TableMetadata {
  readonly "format-version": number;
  readonly "table-uuid": string;
  readonly location: string;
  readonly "last-sequence-number": number;
  readonly "last-updated-ms": number;
  readonly "last-column-id": number;
  readonly "current-schema-id": number;
  readonly schemas: readonly IcebergSchema[];
  readonly "default-spec-id": number;
  readonly "partition-specs": readonly PartitionSpec[];
  readonly "current-snapshot-id"?: Long;
  readonly refs?: Readonly<Record<string, unknown>>;
  readonly snapshots?: readonly Snapshot[];
  readonly "snapshot-log"?: readonly unknown[];
  readonly "metadata-log"?: readonly unknown[];
  readonly [member: string]: unknown;
}

/** A table without data. @param location without `data` or `metadata` */
export function newMetadata(
  uuid: string,
  location: string,
  schema: IcebergSchema,
  spec: PartitionSpec,
  now: number,
): TableMetadata {
  return {
    "format-version": 2,
    "table-uuid": uuid,
    location,
    "last-sequence-number": 0,
    "last-updated-ms": now,
    "last-column-id": schema.fields.length,
    "current-schema-id": schema["schema-id"],
    schemas: [schema],
    "default-spec-id": spec["spec-id"],
    "partition-specs": [spec],
    "last-partition-id": Math.max(999, ...spec.fields.map((field) => field["field-id"])),
    "default-sort-order-id": 0,
    "sort-orders": [{ "order-id": 0, fields: [] }],
    properties: {
      "write.format.default": "parquet",
      "write.object-storage.enabled": "true",
      "write.data.path": `${location}/data`,
    },
    "current-snapshot-id": -1,
    refs: {},
    snapshots: [],
    statistics: [],
    "snapshot-log": [],
    "metadata-log": [],
  };
}

/** @throws Error for other text, and for versions that the sandbox does not read */
export function parseMetadata(text: string): TableMetadata {
  const metadata = parseExact(text) as TableMetadata;
  if (metadata["format-version"] !== 2)
    throw new Error(
      `its format version is ${String(metadata["format-version"])}, but the sandbox reads only version 2`,
    );
  return metadata;
}

export const metadataText = (metadata: TableMetadata) => exactText(metadata);

export function currentSnapshot(metadata: TableMetadata): Snapshot | undefined {
  const id = metadata["current-snapshot-id"];
  return metadata.snapshots?.find((snapshot) => snapshot["snapshot-id"] === id);
}

export const idOf = (snapshot: Snapshot) => exactOf(snapshot["snapshot-id"]);

export function currentSchema(metadata: TableMetadata): IcebergSchema {
  const found = metadata.schemas.find((schema) => schema["schema-id"] === metadata["current-schema-id"]);
  if (!found) throw new Error("its current schema is not among its schemas");
  return found;
}

export function defaultSpec(metadata: TableMetadata): PartitionSpec {
  const found = metadata["partition-specs"].find((spec) => spec["spec-id"] === metadata["default-spec-id"]);
  if (!found) throw new Error("its default partition spec is not among its specs");
  return found;
}

/** The table's next metadata, after the one located at `at`. */
function following(metadata: TableMetadata, at: string, now: number): TableMetadata {
  const log = { "timestamp-ms": metadata["last-updated-ms"], "metadata-file": at };
  return {
    ...metadata,
    "last-updated-ms": Math.max(now, metadata["last-updated-ms"]),
    "metadata-log": [...(metadata["metadata-log"] ?? []), log],
  };
}

export function withSchema(
  metadata: TableMetadata,
  at: string,
  schema: IcebergSchema,
  now: number,
): TableMetadata {
  return {
    ...following(metadata, at, now),
    schemas: [...metadata.schemas, schema],
    "current-schema-id": schema["schema-id"],
    "last-column-id": Math.max(metadata["last-column-id"], ...schema.fields.map(({ id }) => id)),
  };
}

/** The next metadata, with the snapshot as the newest of the branch `main`. */
export function withSnapshot(
  metadata: TableMetadata,
  at: string,
  snapshot: Snapshot,
  now: number,
): TableMetadata {
  const id = snapshot["snapshot-id"];
  return {
    ...following(metadata, at, now),
    "last-sequence-number": snapshot["sequence-number"],
    "current-snapshot-id": id,
    refs: { ...metadata.refs, main: { "snapshot-id": id, type: "branch" } },
    snapshots: [...(metadata.snapshots ?? []), snapshot],
    "snapshot-log": [
      ...(metadata["snapshot-log"] ?? []),
      { "timestamp-ms": snapshot["timestamp-ms"], "snapshot-id": id },
    ],
  };
}

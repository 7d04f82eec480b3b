/** Manifests and manifest lists, version 2. Source: Iceberg table specification, "Manifests", "Manifest Lists" and "Appendix A: Avro". */
import { byFieldId, readAvro, writeAvro, type AvroField, type AvroRecord } from "./avro";
import type { IcebergSchema, PartitionSpec } from "./schema";

/** A Parquet file of a snapshot. */
export interface DataFile {
  /** `s3://...` */
  readonly path: string;
  readonly size: number;
  readonly rows: number;
  /** The event time's day, where the table is partitioned by it. */
  readonly partition?: string;
}

/** A manifest list's entry for one manifest, by field ID. */
export type ManifestEntry = ReadonlyMap<number, unknown>;

const field = (id: number, name: string, type: unknown): AvroField => ({ name, type, "field-id": id });
const optional = (id: number, name: string, type: unknown): AvroField => ({
  name,
  type: ["null", type],
  default: null,
  "field-id": id,
});

/** Avro names have letters, digits and `_`: Iceberg writes any other character as `_x` and its code. */
function avroName(name: string): string {
  const safe = name.replace(
    /[^A-Za-z0-9_]/g,
    (other) => `_x${other.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return /^\d/.test(safe) ? `_${safe}` : safe;
}

function entrySchema({ fields }: PartitionSpec): AvroRecord {
  const partition: AvroRecord = {
    type: "record",
    name: "r102",
    fields: fields.map((each) => optional(each["field-id"], avroName(each.name), "string")),
  };
  const dataFile: AvroRecord = {
    type: "record",
    name: "r2",
    fields: [
      field(134, "content", "int"),
      field(100, "file_path", "string"),
      field(101, "file_format", "string"),
      field(102, "partition", partition),
      field(103, "record_count", "long"),
      field(104, "file_size_in_bytes", "long"),
    ],
  };
  return {
    type: "record",
    name: "manifest_entry",
    fields: [
      field(0, "status", "int"),
      optional(1, "snapshot_id", "long"),
      optional(3, "sequence_number", "long"),
      optional(4, "file_sequence_number", "long"),
      field(2, "data_file", dataFile),
    ],
  };
}

const summary: AvroRecord = {
  type: "record",
  name: "r508",
  fields: [
    field(509, "contains_null", "boolean"),
    optional(518, "contains_nan", "boolean"),
    optional(510, "lower_bound", "bytes"),
    optional(511, "upper_bound", "bytes"),
  ],
};

const listSchema: AvroRecord = {
  type: "record",
  name: "manifest_file",
  fields: [
    field(500, "manifest_path", "string"),
    field(501, "manifest_length", "long"),
    field(502, "partition_spec_id", "int"),
    field(517, "content", "int"),
    field(515, "sequence_number", "long"),
    field(516, "min_sequence_number", "long"),
    field(503, "added_snapshot_id", "long"),
    field(504, "added_files_count", "int"),
    field(505, "existing_files_count", "int"),
    field(506, "deleted_files_count", "int"),
    field(512, "added_rows_count", "long"),
    field(513, "existing_rows_count", "long"),
    field(514, "deleted_rows_count", "long"),
    optional(507, "partitions", { type: "array", items: summary, "element-id": 508 }),
    optional(519, "key_metadata", "bytes"),
  ],
};

const ADDED = 1;
const DELETED = 2;

/** A manifest with one file that the snapshot adds. Its sequence numbers are inherited from the list. */
export function manifestOf(
  file: DataFile,
  snapshotId: bigint,
  schema: IcebergSchema,
  spec: PartitionSpec,
): Promise<Buffer> {
  const avro = entrySchema(spec);
  const partition = Object.fromEntries(
    spec.fields.map(({ name }) => [avroName(name), file.partition ?? null]),
  );
  const header = {
    schema: JSON.stringify(schema),
    "schema-id": String(schema["schema-id"]),
    "partition-spec": JSON.stringify(spec.fields),
    "partition-spec-id": String(spec["spec-id"]),
    "format-version": "2",
    content: "data",
  };
  return writeAvro(avro, header, [
    {
      status: ADDED,
      snapshot_id: snapshotId,
      sequence_number: null,
      file_sequence_number: null,
      data_file: {
        content: 0,
        file_path: file.path,
        file_format: "PARQUET",
        partition,
        record_count: BigInt(file.rows),
        file_size_in_bytes: BigInt(file.size),
      },
    },
  ]);
}

/** The list's entry for a manifest of `manifestOf`. */
export function listed(
  manifest: { readonly path: string; readonly length: number; readonly file: DataFile },
  spec: PartitionSpec,
  snapshotId: bigint,
  sequenceNumber: number,
): ManifestEntry {
  const { path, length, file } = manifest;
  const bound = Buffer.from(file.partition ?? "");
  const partitions = spec.fields.map(() => ({
    contains_null: false,
    contains_nan: null,
    lower_bound: bound,
    upper_bound: bound,
  }));
  const values: Record<number, unknown> = {
    500: path,
    501: BigInt(length),
    502: spec["spec-id"],
    517: 0,
    515: BigInt(sequenceNumber),
    516: BigInt(sequenceNumber),
    503: snapshotId,
    504: 1,
    505: 0,
    506: 0,
    512: BigInt(file.rows),
    513: 0n,
    514: 0n,
    507: partitions,
    519: null,
  };
  return new Map(Object.entries(values).map(([id, value]) => [Number(id), value]));
}

export function manifestListOf(
  entries: readonly ManifestEntry[],
  snapshotId: bigint,
  parentId: bigint | undefined,
  sequenceNumber: number,
): Promise<Buffer> {
  const header = {
    "snapshot-id": String(snapshotId),
    "parent-snapshot-id": parentId === undefined ? "null" : String(parentId),
    "sequence-number": String(sequenceNumber),
    "format-version": "2",
  };
  const records = entries.map((entry) =>
    Object.fromEntries(
      listSchema.fields.map(({ name, "field-id": id = 0 }) => [name, entry.get(id) ?? null]),
    ),
  );
  return writeAvro(listSchema, header, records);
}

export async function manifestsIn(list: Buffer): Promise<readonly ManifestEntry[]> {
  const { schema, records } = await readAvro(list);
  return records.map((record) => byFieldId(schema, record));
}

export const manifestPath = (entry: ManifestEntry) => entry.get(500) as string;
/** True for a manifest of delete files, which another writer may have added. */
export const hasDeletes = (entry: ManifestEntry) => entry.get(517) === 1;

/** Paths of the data files that live in the manifest. */
export async function filesIn(manifest: Buffer): Promise<readonly string[]> {
  const { schema, records } = await readAvro(manifest);
  const dataFile = schema.fields.find((each) => each["field-id"] === 2)?.type as AvroRecord;
  return records.flatMap((record) => {
    const entry = byFieldId(schema, record);
    if (entry.get(0) === DELETED) return [];
    return [byFieldId(dataFile, entry.get(2) as Record<string, unknown>).get(100) as string];
  });
}

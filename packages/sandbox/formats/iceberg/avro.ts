/** Avro container files, in which Iceberg stores its manifests. Source: Apache Avro 1.12 specification, "Object Container Files". */
import { randomBytes } from "node:crypto";
import { finished } from "node:stream/promises";
import { deflateRawSync } from "node:zlib";
import type { Schema } from "avsc";

/** A record's schema as Iceberg writes it: `field-id` identifies a field, whatever its name. */
export interface AvroField {
  readonly name: string;
  readonly type: unknown;
  readonly "field-id"?: number;
  readonly default?: null;
}
export interface AvroRecord {
  readonly type: "record";
  readonly name: string;
  readonly fields: readonly AvroField[];
}

export interface AvroFile {
  readonly schema: AvroRecord;
  /** The header's own entries, as text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** 64-bit numbers are bigints. */
  readonly records: readonly Record<string, unknown>[];
}

/** Reads 64-bit numbers as bigints: snapshot IDs exceed what a number can hold. */
async function library() {
  // Loaded late: only Iceberg tables need it.
  const { default: avro } = await import("avsc");
  const long = avro.types.LongType.__with({
    fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
    toBuffer(value: bigint) {
      const buffer = Buffer.alloc(8);
      buffer.writeBigInt64LE(value);
      return buffer;
    },
    fromJSON: (value: number) => BigInt(value),
    toJSON: (value: bigint) => Number(value),
    isValid: (value: unknown) => typeof value === "bigint",
    compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
  });
  return { avro, long };
}

/** Writes the schema with its field IDs into the header: the library's own encoder drops unknown members. */
export async function writeAvro(
  schema: AvroRecord,
  metadata: Readonly<Record<string, string>>,
  records: readonly Record<string, unknown>[],
): Promise<Buffer> {
  const { avro, long } = await library();
  const header = avro.Type.forSchema(HEADER);
  const count = avro.Type.forSchema("long");
  const type = avro.Type.forSchema(schema as unknown as Schema, { registry: { long } });
  const entries = { ...metadata, "avro.schema": JSON.stringify(schema), "avro.codec": "deflate" };
  const meta = Object.fromEntries(Object.entries(entries).map(([key, text]) => [key, Buffer.from(text)]));
  const sync = randomBytes(16);
  const parts = [header.toBuffer({ magic: Buffer.from("Obj\u0001"), meta, sync })];
  if (records.length > 0) {
    const body = deflateRawSync(Buffer.concat(records.map((record) => type.toBuffer(record))));
    parts.push(count.toBuffer(records.length), count.toBuffer(body.length), body, sync);
  }
  return Buffer.concat(parts);
}

const HEADER: Schema = {
  type: "record",
  name: "Header",
  fields: [
    { name: "magic", type: { type: "fixed", name: "Magic", size: 4 } },
    { name: "meta", type: { type: "map", values: "bytes" } },
    { name: "sync", type: { type: "fixed", name: "Sync", size: 16 } },
  ],
};

/** @throws the library's Error for other files */
export async function readAvro(bytes: Buffer): Promise<AvroFile> {
  const { avro, long } = await library();
  const decoder = new avro.streams.BlockDecoder({
    parseHook: (schema: Schema) => avro.Type.forSchema(schema, { registry: { long } }),
  });
  const records: Record<string, unknown>[] = [];
  const header: { schema?: AvroRecord; metadata?: Record<string, string> } = {};
  decoder.on("metadata", (_type: unknown, _codec: string, { meta }: { meta: Record<string, Buffer> }) => {
    header.metadata = Object.fromEntries(Object.entries(meta).map(([key, value]) => [key, value.toString()]));
    header.schema = JSON.parse(header.metadata["avro.schema"] ?? "null") as AvroRecord;
  });
  decoder.on("data", (record: Record<string, unknown>) => records.push(record));
  decoder.end(bytes);
  await finished(decoder);
  if (!header.schema || !header.metadata) throw new Error("the file has no Avro header");
  return { schema: header.schema, metadata: header.metadata, records };
}

/** A record's values by field ID, because writers use different names. */
export function byFieldId(
  { fields }: AvroRecord,
  record: Readonly<Record<string, unknown>>,
): ReadonlyMap<number, unknown> {
  return new Map(
    fields.flatMap((field) =>
      field["field-id"] === undefined ? [] : [[field["field-id"], record[field.name]] as const],
    ),
  );
}

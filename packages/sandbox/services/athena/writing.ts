/**
 * CREATE TABLE AS, UNLOAD and DROP TABLE: Parquet files with the caller's permissions on S3, tables with those on the Data Catalog.
 * Source: Athena User Guide, "Create a table from query results (CTAS)", "UNLOAD".
 */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AwsError, type Call, type World } from "../../core";
import { literal, quoted, type SqlEngine } from "./duckdb";
import { outputBucket } from "./outputLocation";
import { outputOf } from "./output";
import { QueryFailed, type ParsedQuery } from "./sql";
import type { Query, Written } from "./state";
import type { Properties, Statement, TableName } from "./statements";
import { glueType } from "./glueTypes";

type CreateTable = Extract<Statement, { kind: "createTable" }>;
type Unload = Extract<Statement, { kind: "unload" }>;

interface Column {
  readonly name: string;
  /** As DuckDB prints it. */
  readonly type: string;
}

/** The context of a statement. `directory` is the only place on the machine that the engine may write to. */
export interface Run {
  readonly world: World;
  readonly call: Call;
  readonly query: Query;
  readonly engine: SqlEngine;
  readonly directory: string;
}

export async function createTableAs(run: Run, statement: CreateTable, parsed: ParsedQuery): Promise<Written> {
  const { world, call, query } = run;
  const { database, table } = named(statement.name, query.database);
  const { bucket, prefix } = outputBucket(query.result.OutputLocation ?? "");
  const asked = location(statement.properties);
  checkFormat(statement.properties, ["external_location", "location", "is_external", "table_type"]);
  const file = `${prefix}tables/${query.id}`;
  const where = asked ?? `s3://${bucket}/${file}/`;
  if (exists(world, call, database, table)) {
    if (statement.ifNotExists) return { kind: "CREATE_TABLE_AS_SELECT", file, rows: 0 };
    throw new QueryFailed(
      `TABLE_ALREADY_EXISTS: line 1:1: Destination table 'awsdatacatalog.${database}.${table}' already exists`,
    );
  }
  const columns = await columnsOf(run, parsed);
  const described = columns.map(({ name, type }) => ({ Name: name, Type: glueType(name, type) }));
  requireEmpty(world, call, where, `table '${database}.${table}'`);
  const written = await write(run, parsed, columns, where, statement.withData);
  try {
    world.services.glue.createTable(call, database, {
      Name: table,
      TableType: "EXTERNAL_TABLE",
      Parameters: { EXTERNAL: "TRUE", has_encrypted_data: "false", numRows: String(written.rows) },
      PartitionKeys: [],
      StorageDescriptor: {
        Columns: described,
        Location: where,
        InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        SerdeInfo: {
          Name: table,
          SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
          Parameters: {},
        },
      },
    });
  } catch (error) {
    throw asQueryFailed(error);
  }
  const manifest = asked === undefined ? `${file}-manifest.csv` : `${prefix}${query.id}-manifest.csv`;
  await listFiles(run, bucket, manifest, written.files);
  return {
    kind: "CREATE_TABLE_AS_SELECT",
    file: asked === undefined ? file : `${prefix}${query.id}`,
    manifest: `s3://${bucket}/${manifest}`,
    rows: written.rows,
  };
}

export async function unload(run: Run, statement: Unload, parsed: ParsedQuery): Promise<Written> {
  const { world, call, query } = run;
  checkFormat(statement.properties, []);
  if (statement.properties["format"] === undefined)
    throw new QueryFailed("INVALID_PROCEDURE_ARGUMENT: UNLOAD needs the property format");
  outputBucket(statement.location);
  const columns = await columnsOf(run, parsed);
  requireEmpty(world, call, statement.location, "UNLOAD");
  const { files, rows } = await write(run, parsed, columns, statement.location, true);
  const { bucket, prefix } = outputBucket(query.result.OutputLocation ?? "");
  const manifest = `${prefix}${query.id}-manifest.csv`;
  await listFiles(run, bucket, manifest, files);
  return { kind: "UNLOAD", file: `${prefix}${query.id}`, manifest: `s3://${bucket}/${manifest}`, rows };
}

export async function dropTable(
  run: Pick<Run, "world" | "call" | "query">,
  statement: Extract<Statement, { kind: "dropTable" }>,
): Promise<Written> {
  const { world, call, query } = run;
  const { database, table } = named(statement.name, query.database);
  const { bucket, prefix } = outputBucket(query.result.OutputLocation ?? "");
  try {
    world.services.glue.deleteTable(call, database, table);
  } catch (error) {
    const isGone = error instanceof AwsError && error.code === "EntityNotFoundException";
    if (isGone && !statement.ifExists)
      throw new QueryFailed(`FAILED: SemanticException [Error 10001]: Table not found ${database}.${table}`);
    if (!isGone) throw asQueryFailed(error);
  }
  const file = `${prefix}${query.id}.txt`;
  await outputOf(world, call, query)({ bucket, key: file }, Buffer.alloc(0));
  return { kind: "DROP_TABLE", file };
}

function named(name: TableName, fallback: string | undefined): { database: string; table: string } {
  const database = name.database ?? fallback;
  if (database === undefined)
    throw new QueryFailed("MISSING_SCHEMA_NAME: Schema must be specified when session schema is not set");
  return { database, table: name.table };
}

function exists(world: World, call: Call, database: string, table: string): boolean {
  try {
    return world.services.glue.hasTable(call, database, table);
  } catch (error) {
    if (error instanceof AwsError && error.code === "EntityNotFoundException")
      throw new QueryFailed(`SCHEMA_NOT_FOUND: line 1:1: Schema '${database}' does not exist`);
    throw asQueryFailed(error);
  }
}

function asQueryFailed(error: unknown): unknown {
  return error instanceof AwsError
    ? new QueryFailed(`Insufficient permissions to execute the query. ${error.message}`)
    : error;
}

/** The location that the statement sets for the table's data, with a slash at the end; undefined if it sets none. */
function location(properties: Properties): string | undefined {
  const given = properties["external_location"] ?? properties["location"];
  if (given === undefined) return undefined;
  if (typeof given !== "string" || !given.startsWith("s3://"))
    throw new QueryFailed(
      `INVALID_TABLE_PROPERTY: External location must be a valid S3 path: ${String(given)}`,
    );
  return given.endsWith("/") ? given : `${given}/`;
}

/** @throws QueryFailed for properties that the sandbox does not implement */
function checkFormat(properties: Properties, more: readonly string[]): void {
  const known = ["format", "write_compression", "parquet_compression", "compression", ...more];
  const other = Object.keys(properties).find((name) => !known.includes(name));
  if (other !== undefined)
    throw new QueryFailed(`NOT_SUPPORTED: the sandbox does not implement the table property '${other}'`);
  const { format = "PARQUET", table_type: type = "HIVE" } = properties;
  if (String(format).toUpperCase() !== "PARQUET")
    throw new QueryFailed(`NOT_SUPPORTED: the sandbox writes the format PARQUET only, not ${String(format)}`);
  if (String(type).toUpperCase() !== "HIVE")
    throw new QueryFailed("NOT_SUPPORTED: the sandbox makes tables of the type HIVE only");
}

/** @throws QueryFailed for columns without a name, or with the same one */
async function columnsOf({ engine }: Run, parsed: ParsedQuery): Promise<Column[]> {
  const [first] = parsed.unnamed;
  if (first !== undefined)
    throw new QueryFailed(
      `MISSING_COLUMN_NAME: line 1:1: Column name not specified at position ${first + 1}`,
    );
  const described = await engine.connection.runAndReadAll(`DESCRIBE (\n${parsed.sql}\n)`);
  const columns = described
    .getRows()
    .map(([name, type]) => ({ name: String(name).toLowerCase(), type: String(type) }));
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new QueryFailed(`DUPLICATE_COLUMN_NAME: line 1:1: Column name '${twice}' specified more than once`);
  return columns;
}

/** @throws QueryFailed if the location is not empty: the table would read the existing objects, too */
function requireEmpty(world: World, call: Call, where: string, what: string): void {
  const { bucket, prefix } = outputBucket(where);
  let found: readonly unknown[];
  try {
    found = world.services.s3.listObjects(call, bucket, prefix);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new QueryFailed(`PERMISSION_DENIED: Permission denied on S3 path: ${where}: ${error.message}`);
  }
  if (found.length > 0)
    throw new QueryFailed(
      `HIVE_PATH_ALREADY_EXISTS: Target directory for ${what} already exists: ${where}. You may need to manually clean the data at location '${where}' before retrying. Athena will not delete data in your account.`,
    );
}

/** Maximum bytes of one statement's data, which is read as a whole. */
const LARGEST = 256 * 1024 * 1024;

async function write(
  { world, call, query, engine, directory }: Run,
  parsed: ParsedQuery,
  columns: readonly Column[],
  where: string,
  withData: boolean,
): Promise<{ files: string[]; rows: number }> {
  const local = join(directory, "0.parquet");
  const types = columns.map(
    ({ name, type }) => `CAST(${quoted(name)} AS ${stored(type)}) AS ${quoted(name)}`,
  );
  const copied = await engine.connection.runAndReadAll(
    `COPY (SELECT ${types.join(", ")} FROM (\n${parsed.sql}\n)${withData ? "" : " LIMIT 0"}) TO ${literal(local)} (FORMAT PARQUET, COMPRESSION SNAPPY)`,
  );
  const rows = Number(copied.getRows()[0]?.[0] ?? 0);
  if (rows === 0) return { files: [], rows };
  const body = await readFile(local);
  if (body.length > LARGEST)
    throw new QueryFailed(`EXCEEDED_LOCAL_MEMORY_LIMIT: the sandbox writes at most ${LARGEST} bytes`);
  const { bucket, prefix } = outputBucket(where);
  const time = new Date(query.submitted * 1000).toISOString().replace(/[-:]|\.\d+Z/g, "");
  const key = `${prefix}${time.replace("T", "_")}_00000_${query.id.slice(0, 5)}_${randomUUID()}`;
  await outputOf(world, call, query)({ bucket, key }, body);
  return { files: [`s3://${bucket}/${key}`], rows };
}

/** The type to store: sums of bigint stay bigint in Trino. */
function stored(type: string): string {
  return type === "HUGEINT" || type === "UBIGINT" ? "BIGINT" : type;
}

async function listFiles(
  { world, call, query }: Run,
  bucket: string,
  key: string,
  files: readonly string[],
): Promise<void> {
  const body = Buffer.from(files.map((file) => `${file}\n`).join(""));
  await outputOf(world, call, query)({ bucket, key }, body);
}

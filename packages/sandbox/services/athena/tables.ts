/** Loads the tables of a query with the permissions of its caller on Glue, S3 and KMS. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsError, type Call, type CatalogTable, type World } from "../../core";
import { liveFiles, placeOf, UnreadableTable } from "../../formats/iceberg/reading";
import { CATALOG, literal, quoted, type SqlEngine } from "./duckdb";
import { QueryFailed, type TableReference } from "./sql";

/** Types of Glue's columns as DuckDB has them. */
const TYPES: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  varchar: "VARCHAR",
  char: "VARCHAR",
  bigint: "BIGINT",
  int: "INTEGER",
  integer: "INTEGER",
  smallint: "SMALLINT",
  tinyint: "TINYINT",
  double: "DOUBLE",
  float: "FLOAT",
  boolean: "BOOLEAN",
  timestamp: "TIMESTAMP",
  date: "DATE",
};

/**
 * Creates the tables in the engine, with their rows. @returns the number of bytes read
 * @throws QueryFailed in Athena's words for absent tables, and for tables that the caller may not read
 */
export async function loadTables(
  world: World,
  call: Call,
  engine: SqlEngine,
  tables: readonly TableReference[],
  context: { readonly database?: string },
): Promise<number> {
  if (context.database !== undefined) await createDatabase(engine, context.database);
  let bytes = 0;
  const made = new Set<string>();
  for (const reference of tables) {
    const database = reference.database || context.database;
    const { table, catalog, at } = reference;
    if (catalog !== "" && catalog !== CATALOG)
      throw new QueryFailed(`CATALOG_NOT_FOUND: ${at}: Catalog '${catalog}' does not exist`);
    if (database === undefined)
      throw new QueryFailed(
        `MISSING_SCHEMA_NAME: ${at}: Schema must be specified when session schema is not set`,
      );
    const name = `${database}.${table}`;
    if (made.has(name)) continue;
    made.add(name);
    const found = findTable(world, call, database, table, at);
    await createDatabase(engine, database);
    bytes += await fill(world, call, engine, found);
  }
  return bytes;
}

async function createDatabase({ connection }: SqlEngine, database: string): Promise<void> {
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${CATALOG}.${quoted(database)}`);
}

function findTable(world: World, call: Call, database: string, table: string, at: string): CatalogTable {
  try {
    const found = world.services.glue.getTable(call, database, table);
    if (found) return found;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === "EntityNotFoundException")
      throw new QueryFailed(`SCHEMA_NOT_FOUND: ${at}: Schema '${database}' does not exist`);
    throw new QueryFailed(`Insufficient permissions to execute the query. ${error.message}`);
  }
  throw new QueryFailed(`TABLE_NOT_FOUND: ${at}: Table '${CATALOG}.${database}.${table}' does not exist`);
}

async function fill(world: World, call: Call, engine: SqlEngine, table: CatalogTable): Promise<number> {
  const objects = await readObjects(world, call, table);
  const directory = await mkdtemp(join(tmpdir(), "sandbox-athena-"));
  try {
    const files: string[] = [];
    for (const [index, body] of objects.entries()) {
      const file = join(directory, `${index}.parquet`);
      await writeFile(file, body, { mode: 0o600 });
      files.push(file);
    }
    await create(engine, table, files);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return objects.reduce((sum, { length }) => sum + length, 0);
}

/** The table's Parquet objects. */
async function readObjects(world: World, call: Call, table: CatalogTable): Promise<Buffer[]> {
  const { location, metadataLocation } = table;
  const { s3 } = world.services;
  try {
    if (metadataLocation === undefined) return await readBelow(world, call, location);
    const files = (await liveFiles(world, call, metadataLocation)).map(placeOf);
    const bodies: Buffer[] = [];
    for (const { bucket, key } of files) bodies.push(await s3.getObject(call, bucket, key));
    return bodies;
  } catch (error) {
    if (error instanceof UnreadableTable)
      throw new QueryFailed(`ICEBERG_INVALID_METADATA: ${table.database}.${table.name}: ${error.message}`);
    if (!(error instanceof AwsError)) throw error;
    throw new QueryFailed(`PERMISSION_DENIED: Permission denied on S3 path: ${location}: ${error.message}`);
  }
}

/** The objects below a location. Hidden ones, by Hive's rule, are not data. */
async function readBelow(world: World, call: Call, location: string): Promise<Buffer[]> {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/.exec(location);
  if (!match) throw new QueryFailed(`HIVE_METASTORE_ERROR: Table location is not an S3 path: ${location}`);
  const [, bucket = "", path = ""] = match;
  const prefix = path === "" || path.endsWith("/") ? path : `${path}/`;
  const { s3 } = world.services;
  const keys = s3
    .listObjects(call, bucket, prefix)
    .filter(({ key, size }) => size > 0 && !isHidden(key.slice(prefix.length)));
  const bodies: Buffer[] = [];
  for (const { key } of keys) bodies.push(await s3.getObject(call, bucket, key));
  return bodies;
}

function isHidden(path: string): boolean {
  return path.split("/").some((part) => part.startsWith("_") || part.startsWith("."));
}

async function create(
  { connection }: SqlEngine,
  table: CatalogTable,
  files: readonly string[],
): Promise<void> {
  const name = `${CATALOG}.${quoted(table.database)}.${quoted(table.name)}`;
  const columns = table.columns.map((column) => ({
    name: column.name.toLowerCase(),
    type: duckType(column.type),
  }));
  await connection.run(
    `CREATE TABLE ${name} (${columns.map((column) => `${quoted(column.name)} ${column.type}`).join(", ")})`,
  );
  if (files.length === 0) return;
  const source = `read_parquet([${files.map(literal).join(", ")}], union_by_name = true, hive_partitioning = false)`;
  try {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
    const present = new Map(
      described.getRows().map(([column]) => [String(column).toLowerCase(), String(column)]),
    );
    // A feature that was added later is missing from the older objects: its value there is NULL.
    const values = columns.map((column) => {
      const stored = present.get(column.name);
      return stored === undefined ? "NULL" : `CAST(${quoted(stored)} AS ${column.type})`;
    });
    await connection.run(`INSERT INTO ${name} SELECT ${values.join(", ")} FROM ${source}`);
  } catch (error) {
    // DuckDB's message names the file, which is a temporary one of the sandbox.
    const reason = (error as Error).message
      .split("\n")[0]
      ?.replace(/'[^']*\.parquet'|"[^"]*\.parquet"/g, table.location);
    throw new QueryFailed(`HIVE_BAD_DATA: ${reason}`);
  }
}

/** `array<string>` -> `VARCHAR[]`. @throws QueryFailed for a type that the sandbox does not read */
function duckType(type: string): string {
  const plain = type.trim().toLowerCase();
  const list = /^array<(.+)>$/.exec(plain);
  if (list) return `${duckType(list[1] ?? "")}[]`;
  const decimal = /^decimal\(\d+,\s*\d+\)$/.exec(plain);
  const known = decimal ? plain.toUpperCase() : TYPES[plain.replace(/\(\d+\)$/, "")];
  if (known === undefined)
    throw new QueryFailed(`NOT_SUPPORTED: the sandbox does not read columns of type ${type}`);
  return known;
}

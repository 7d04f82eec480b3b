/** Tables of the Data Catalog. Source: AWS Glue API Reference, "Table API". */
import {
  AwsError,
  type Call,
  type Place,
  type StorageDescriptor,
  type TableInput,
  type World,
} from "../../core";
import { jsonDate } from "../../protocol/json";
import { pageOf } from "../../protocol/pages";
import {
  alreadyExists,
  authorize,
  catalogOf,
  isSeen,
  entityKey,
  findDatabase,
  findTable,
  notFound,
  partitions,
  tables,
} from "./state";

interface InputRequest {
  readonly CatalogId?: string;
  /** Only for UpdateTable: the version to replace. */
  readonly VersionId?: string;
  readonly DatabaseName: string;
  readonly TableInput: TableInput;
}

export function createTable(world: World, call: Call, request: InputRequest) {
  const catalog = catalogOf(call, request.CatalogId);
  addTable(world, call, catalog, request.DatabaseName.toLowerCase(), request.TableInput);
  return {};
}

/** As CreateTable. @throws AwsError `AccessDeniedException`, `EntityNotFoundException`, `AlreadyExistsException` */
export function addTable(
  world: World,
  call: Call,
  catalog: Place,
  database: string,
  input: TableInput,
): void {
  const name = input.Name.toLowerCase();
  authorize(world, call, "CreateTable", catalog, database, name);
  findDatabase(world, catalog, database);
  const key = entityKey(catalog, database, name);
  if (tables(world.store).has(key)) throw alreadyExists("Table");
  const location = input.StorageDescriptor?.Location;
  if (location !== undefined) world.services.lakeformation.requireLocation(call, catalog, location);
  const time = jsonDate(world.now());
  tables(world.store).set(key, {
    ...content(input),
    Name: name,
    DatabaseName: database,
    CreateTime: time,
    UpdateTime: time,
    CreatedBy: call.caller.arn,
    IsRegisteredWithLakeFormation: false,
    CatalogId: catalog.account,
    VersionId: "0",
  });
  world.services.lakeformation.begin(call, catalog, `table/${database}/${name}`);
}

/** A table's content as the API returns it, with Glue's defaults. */
function content(input: TableInput) {
  return {
    ...input,
    Retention: input.Retention ?? 0,
    StorageDescriptor: input.StorageDescriptor && describe(input.StorageDescriptor),
    PartitionKeys: input.PartitionKeys ?? [],
  };
}

export function describe(descriptor: StorageDescriptor): StorageDescriptor {
  return {
    Columns: [],
    Compressed: false,
    NumberOfBuckets: 0,
    SortColumns: [],
    StoredAsSubDirectories: false,
    ...descriptor,
  };
}

export function updateTable(world: World, call: Call, request: InputRequest) {
  const catalog = catalogOf(call, request.CatalogId);
  const { VersionId: version } = request;
  replaceTable(world, call, catalog, request.DatabaseName.toLowerCase(), request.TableInput, version);
  return {};
}

/**
 * As UpdateTable: the input replaces the table's content.
 * @throws AwsError `AccessDeniedException`, `EntityNotFoundException`; `ConcurrentModificationException` for another version
 */
export function replaceTable(
  world: World,
  call: Call,
  catalog: Place,
  database: string,
  input: TableInput,
  version?: string,
): void {
  const name = input.Name.toLowerCase();
  authorize(world, call, "UpdateTable", catalog, database, name);
  const table = findTable(world, catalog, database, name);
  if (version !== undefined && version !== table.VersionId)
    throw new AwsError(
      "ConcurrentModificationException",
      `Update table failed due to concurrent modifications: it is at version ${table.VersionId}, not ${version}.`,
    );
  tables(world.store).set(entityKey(catalog, database, name), {
    ...content(input),
    Name: name,
    DatabaseName: database,
    CreateTime: table.CreateTime,
    UpdateTime: jsonDate(world.now()),
    CreatedBy: table.CreatedBy,
    IsRegisteredWithLakeFormation: false,
    CatalogId: catalog.account,
    VersionId: String(Number(table.VersionId) + 1),
  });
}

interface NamedRequest {
  readonly CatalogId?: string;
  readonly DatabaseName: string;
  readonly Name: string;
}

export function getTable(world: World, call: Call, request: NamedRequest) {
  const catalog = catalogOf(call, request.CatalogId);
  const [database, name] = [request.DatabaseName.toLowerCase(), request.Name.toLowerCase()];
  authorize(world, call, "GetTable", catalog, database, name);
  return { Table: findTable(world, catalog, database, name) };
}

export function deleteTable(world: World, call: Call, request: NamedRequest) {
  const catalog = catalogOf(call, request.CatalogId);
  const [database, name] = [request.DatabaseName.toLowerCase(), request.Name.toLowerCase()];
  authorize(world, call, "DeleteTable", catalog, database, name);
  findDatabase(world, catalog, database);
  if (!removeTable(world, catalog, database, name)) throw notFound(`Table ${name} not found.`);
  return {};
}

/** Removes a table and its partitions. False if it does not exist. */
export function removeTable(world: World, catalog: Place, database: string, name: string): boolean {
  const key = entityKey(catalog, database, name);
  for (const [partition] of [...partitions(world.store).entries()])
    if (partition.startsWith(`${key}/`)) partitions(world.store).delete(partition);
  return tables(world.store).delete(key);
}

interface ListRequest {
  readonly CatalogId?: string;
  readonly DatabaseName: string;
  readonly Expression?: string;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

/** Lists the tables of a database that the caller may see. */
export function getTables(world: World, call: Call, request: ListRequest) {
  const catalog = catalogOf(call, request.CatalogId);
  const database = request.DatabaseName.toLowerCase();
  authorize(world, call, "GetTables", catalog, database);
  findDatabase(world, catalog, database);
  const prefix = `${entityKey(catalog, database)}/`;
  const pattern = namePattern(request.Expression ?? "");
  const found = [...tables(world.store).entries()]
    .filter(([key, table]) => key.startsWith(prefix) && pattern.test(table.Name))
    .map(([, table]) => table)
    .filter(({ Name }) => isSeen(world, call, "GetTables", catalog, database, Name))
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));
  const page = pageOf(found, request.NextToken, request.MaxResults ?? 100, "InvalidInputException");
  return { TableList: page.items, NextToken: page.next };
}

/** Hive's name patterns: `*` (or `.*`) for any characters, `|` between alternatives. Empty: all names. */
export function namePattern(expression: string): RegExp {
  if (expression === "") return /^/;
  const alternatives = expression.split("|").map((part) =>
    part
      .split(/\.?\*/)
      .map((literal) => literal.replace(/[.+?^${}()[\]\\]/g, "\\$&"))
      .join(".*"),
  );
  return new RegExp(`^(${alternatives.join("|")})$`, "i");
}

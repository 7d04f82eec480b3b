/** Databases of the Data Catalog. Source: AWS Glue API Reference, "Database API". */
import type { Call, Place, World } from "../../core";
import { jsonDate } from "../../protocol/json";
import { pageOf } from "../../protocol/pages";
import {
  alreadyExists,
  authorize,
  catalogOf,
  isSeen,
  databaseArn,
  databases,
  entityKey,
  findDatabase,
  glueTags,
  tables,
  type Database,
} from "./state";
import { removeTable } from "./tables";

interface CreateRequest {
  readonly CatalogId?: string;
  readonly DatabaseInput: Omit<Database, "CatalogId" | "CreateTime">;
  readonly Tags?: Record<string, string>;
}

export function createDatabase(world: World, call: Call, request: CreateRequest) {
  const catalog = catalogOf(call, request.CatalogId);
  const name = request.DatabaseInput.Name.toLowerCase();
  authorize(world, call, "CreateDatabase", catalog, name);
  if (databases(world.store).has(entityKey(catalog, name))) throw alreadyExists("Database");
  addDatabase(world, call, catalog, { ...request.DatabaseInput, Name: name });
  if (request.Tags) glueTags(world.store).set(databaseArn(catalog, name), request.Tags);
  return {};
}

/** Creates a database, for a caller whose permission was checked. */
export function addDatabase(
  world: World,
  call: Call,
  catalog: Place,
  input: Omit<Database, "CatalogId" | "CreateTime">,
): void {
  const { lakeformation } = world.services;
  databases(world.store).set(entityKey(catalog, input.Name), {
    CreateTableDefaultPermissions: lakeformation.tableDefaults(catalog),
    ...input,
    CreateTime: jsonDate(world.now()),
    CatalogId: catalog.account,
  });
  lakeformation.begin(call, catalog, `database/${input.Name}`);
}

interface NamedRequest {
  readonly CatalogId?: string;
  readonly Name: string;
}

export function getDatabase(world: World, call: Call, request: NamedRequest) {
  const catalog = catalogOf(call, request.CatalogId);
  const name = request.Name.toLowerCase();
  authorize(world, call, "GetDatabase", catalog, name);
  return { Database: findDatabase(world, catalog, name) };
}

/** Lists the databases that the caller may see. */
export function getDatabases(
  world: World,
  call: Call,
  request: { CatalogId?: string; NextToken?: string; MaxResults?: number },
) {
  const catalog = catalogOf(call, request.CatalogId);
  authorize(world, call, "GetDatabases", catalog);
  const prefix = `${entityKey(catalog)}/`;
  const found = [...databases(world.store).entries()]
    .filter(([key]) => key.startsWith(prefix))
    .map(([, database]) => database)
    .filter(({ Name }) => isSeen(world, call, "GetDatabases", catalog, Name))
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));
  const page = pageOf(found, request.NextToken, request.MaxResults ?? 100, "InvalidInputException");
  return { DatabaseList: page.items, NextToken: page.next };
}

/** Deletes a database and everything in it. */
export function deleteDatabase(world: World, call: Call, request: NamedRequest) {
  const catalog = catalogOf(call, request.CatalogId);
  const name = request.Name.toLowerCase();
  authorize(world, call, "DeleteDatabase", catalog, name, "*");
  findDatabase(world, catalog, name);
  const prefix = `${entityKey(catalog, name)}/`;
  for (const [key, table] of [...tables(world.store).entries()])
    if (key.startsWith(prefix)) removeTable(world, catalog, name, table.Name);
  databases(world.store).delete(entityKey(catalog, name));
  glueTags(world.store).delete(databaseArn(catalog, name));
  return {};
}

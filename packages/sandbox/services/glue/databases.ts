/** Databases of the Data Catalog. Source: AWS Glue API Reference, "Database API". */
import type { Call, World } from "../../core";
import { jsonDate } from "../../protocol/json";
import { pageOf } from "../../protocol/pages";
import { checked } from "../../protocol/shape";
import { begin } from "../lakeformation/enforce";
import { settingsOf } from "../lakeformation/state";
import { shapes } from "./model";
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
  type Catalog,
  type Database,
} from "./state";
import { removeTable } from "./tables";

interface CreateRequest {
  readonly CatalogId?: string;
  readonly DatabaseInput: Omit<Database, "CatalogId" | "CreateTime">;
  readonly Tags?: Record<string, string>;
}

export function createDatabase(world: World, call: Call, input: unknown): Record<string, unknown> {
  const request = checked<CreateRequest>(shapes.CreateDatabase, input);
  const catalog = catalogOf(call, request.CatalogId);
  const name = request.DatabaseInput.Name.toLowerCase();
  authorize(world, call, "CreateDatabase", catalog, name);
  if (databases(world.store).has(entityKey(catalog, name))) throw alreadyExists("Database");
  addDatabase(world, call, catalog, { ...request.DatabaseInput, Name: name });
  if (request.Tags) glueTags(world.store).set(databaseArn(catalog, name), request.Tags);
  return {};
}

/** Makes a database; whether the caller may is asked before. */
export function addDatabase(
  world: World,
  call: Call,
  catalog: Catalog,
  input: Omit<Database, "CatalogId" | "CreateTime">,
): void {
  databases(world.store).set(entityKey(catalog, input.Name), {
    CreateTableDefaultPermissions: settingsOf(world.store, catalog).CreateTableDefaultPermissions ?? [],
    ...input,
    CreateTime: jsonDate(world.now()),
    CatalogId: catalog.account,
  });
  begin(world, call, catalog, `database/${input.Name}`);
}

interface NamedRequest {
  readonly CatalogId?: string;
  readonly Name: string;
}

export function getDatabase(world: World, call: Call, input: unknown): Record<string, unknown> {
  const request = checked<NamedRequest>(shapes.GetDatabase, input);
  const catalog = catalogOf(call, request.CatalogId);
  const name = request.Name.toLowerCase();
  authorize(world, call, "GetDatabase", catalog, name);
  return { Database: findDatabase(world, catalog, name) };
}

/** Lists the databases that the caller may see. */
export function getDatabases(world: World, call: Call, input: unknown): Record<string, unknown> {
  const request = checked<{ CatalogId?: string; NextToken?: string; MaxResults?: number }>(
    shapes.GetDatabases,
    input,
  );
  const catalog = catalogOf(call, request.CatalogId);
  authorize(world, call, "GetDatabases", catalog);
  const prefix = `${entityKey(catalog)}/`;
  const found = [...databases(world.store).entries()]
    .filter(([key]) => key.startsWith(prefix))
    .map(([, database]) => database)
    .filter(({ Name }) => isSeen(world, call, "GetDatabases", catalog, Name))
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));
  const page = pageOf(found, request.NextToken, request.MaxResults ?? 100, "InvalidInputException");
  return { DatabaseList: page.items, ...(page.next ? { NextToken: page.next } : {}) };
}

/** Deletes a database and all that is in it. */
export function deleteDatabase(world: World, call: Call, input: unknown): Record<string, unknown> {
  const request = checked<NamedRequest>(shapes.DeleteDatabase, input);
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

/** A table as Athena looks it up for its caller. */
import type { Call, CatalogTable, World } from "../../core";
import { requirePermission } from "../lakeformation/enforce";
import { icebergMetadata } from "./offlineTable";
import { authorize, catalogOf, entityKey, findDatabase, tables } from "./state";

/**
 * Undefined if there is no such table. Throws `AccessDeniedException` unless the caller may read database and table, and
 * `EntityNotFoundException` if there is no such database.
 */
export function queriedTable(
  world: World,
  call: Call,
  database: string,
  name: string,
): CatalogTable | undefined {
  const catalog = catalogOf(call, undefined);
  authorize(world, call, "GetDatabase", catalog, database);
  authorize(world, call, "GetTable", catalog, database, name);
  findDatabase(world, catalog, database);
  const table = tables(world.store).get(entityKey(catalog, database, name));
  if (!table) return undefined;
  requirePermission(world, call, catalog, `table/${database}/${name}`, "SELECT");
  const { Location = "", Columns = [] } = table.StorageDescriptor ?? {};
  const metadataLocation = icebergMetadata(table);
  return {
    database,
    name,
    location: Location,
    columns: Columns.map((column) => ({ name: column.Name, type: column.Type ?? "string" })),
    ...(metadataLocation === undefined ? {} : { metadataLocation }),
  };
}

/**
 * Whether a table is there, as who would make it asks: glue:GetDatabase, glue:GetTable. Throws `AccessDeniedException`, and
 * `EntityNotFoundException` if there is no such database.
 */
export function hasTable(world: World, call: Call, database: string, name: string): boolean {
  const catalog = catalogOf(call, undefined);
  authorize(world, call, "GetDatabase", catalog, database);
  findDatabase(world, catalog, database);
  const isThere = tables(world.store).has(entityKey(catalog, database, name));
  if (isThere) authorize(world, call, "GetTable", catalog, database, name);
  return isThere;
}

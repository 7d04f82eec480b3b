/** Looks tables up for Athena, with the permissions of its caller. */
import type { Call, CatalogTable, World } from "../../core";
import { icebergMetadata } from "./offlineTable";
import { authorize, catalogOf, entityKey, findDatabase, tables } from "./state";

/**
 * The table, or undefined if it does not exist.
 * @throws AwsError `AccessDeniedException` unless the caller may read database and table, `EntityNotFoundException` without the
 * database
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
  world.services.lakeformation.requirePermission(call, catalog, `table/${database}/${name}`, "SELECT");
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
 * True if the table exists, asked by a caller that is about to create it: glue:GetDatabase, glue:GetTable.
 * @throws AwsError `AccessDeniedException`; `EntityNotFoundException` without the database
 */
export function hasTable(world: World, call: Call, database: string, name: string): boolean {
  const catalog = catalogOf(call, undefined);
  authorize(world, call, "GetDatabase", catalog, database);
  findDatabase(world, catalog, database);
  const isThere = tables(world.store).has(entityKey(catalog, database, name));
  if (isThere) authorize(world, call, "GetTable", catalog, database, name);
  return isThere;
}

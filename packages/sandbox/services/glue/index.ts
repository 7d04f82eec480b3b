/** AWS Glue's Data Catalog, as far as offline stores and who queries them need it. Source: AWS Glue API Reference. */
import type { Call, GlueInternal, Service, World } from "../../core";
import { notImplemented } from "../../pipeline/route";
import { jsonResponse, parseJson, targetOperation } from "../../protocol/json";
import { createDatabase, deleteDatabase, getDatabase, getDatabases } from "./databases";
import { createOfflineTable, metadataLocation, updateOfflineTable } from "./offlineTable";
import { batchCreatePartition, createPartition, getPartition, getPartitions } from "./partitions";
import { hasTable, queriedTable } from "./queriedTable";
import { catalogOf } from "./state";
import { addTable, createTable, deleteTable, getTable, getTables, updateTable } from "./tables";
import { getTags, tagResource, untagResource } from "./tags";

type Operation = (world: World, call: Call, input: unknown) => Record<string, unknown>;

const operations: Readonly<Record<string, Operation>> = {
  CreateDatabase: createDatabase,
  GetDatabase: getDatabase,
  GetDatabases: getDatabases,
  DeleteDatabase: deleteDatabase,
  CreateTable: createTable,
  GetTable: getTable,
  GetTables: getTables,
  UpdateTable: updateTable,
  DeleteTable: deleteTable,
  CreatePartition: createPartition,
  BatchCreatePartition: batchCreatePartition,
  GetPartition: getPartition,
  GetPartitions: getPartitions,
  GetTags: getTags,
  TagResource: tagResource,
  UntagResource: untagResource,
};

const readings: Readonly<Record<string, Operation>> = {
  GetDatabase: getDatabase,
  GetDatabases: getDatabases,
  GetTable: getTable,
  GetTables: getTables,
};

export function createGlue(world: World): Service & GlueInternal {
  return {
    handle(call, request) {
      const name = targetOperation(request) || `${request.method} ${request.path}`;
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) return Promise.reject(notImplemented("glue", name));
      return new Promise((resolve) => resolve(jsonResponse(operation(world, call, parseJson(request)))));
    },
    getTable: (call, database, name) => queriedTable(world, call, database, name),
    read(call, name, input) {
      const operation = Object.hasOwn(readings, name) ? readings[name] : undefined;
      if (!operation) throw notImplemented("glue", name);
      return operation(world, call, input);
    },
    hasTable: (call, database, name) => hasTable(world, call, database, name),
    createTable: (call, database, input) =>
      addTable(world, call, catalogOf(call, undefined), database, input),
    deleteTable: (call, database, name) =>
      void deleteTable(world, call, { DatabaseName: database, Name: name }),
    createOfflineTable: (call, table) => createOfflineTable(world, call, table),
    updateOfflineTable: (call, table) => updateOfflineTable(world, call, table),
    metadataLocation: (call, table) => metadataLocation(world, call, table),
  };
}

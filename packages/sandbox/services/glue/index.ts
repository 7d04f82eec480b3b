/** AWS Glue's Data Catalog, as far as offline stores and who queries them need it. Source: AWS Glue API Reference. */
import { AwsError, type GluePort } from "../../core";
import { json } from "../../protocol/json";
import { defineService } from "../../protocol/service";
import { createDatabase, deleteDatabase, getDatabase, getDatabases } from "./databases";
import { createOfflineTable, metadataLocation, updateOfflineTable } from "./offlineTable";
import { batchCreatePartition, createPartition, getPartition, getPartitions } from "./partitions";
import { hasTable, queriedTable } from "./queriedTable";
import { catalogOf } from "./state";
import { addTable, createTable, deleteTable, getTable, getTables, updateTable } from "./tables";
import { getTags, tagResource, untagResource } from "./tags";

const readings: Readonly<Record<string, typeof getDatabase>> = {
  GetDatabase: getDatabase,
  GetDatabases: getDatabases,
  GetTable: getTable,
  GetTables: getTables,
};

export const glue = defineService({
  name: "glue",
  protocol: json("AWSGlue"),
  operations: {
    CreateDatabase: { run: createDatabase },
    GetDatabase: { run: getDatabase },
    GetDatabases: { run: getDatabases },
    DeleteDatabase: { run: deleteDatabase },
    CreateTable: { run: createTable },
    GetTable: { run: getTable },
    GetTables: { run: getTables },
    UpdateTable: { run: updateTable },
    DeleteTable: { run: deleteTable },
    CreatePartition: { run: createPartition },
    BatchCreatePartition: { run: batchCreatePartition },
    GetPartition: { run: getPartition },
    GetPartitions: { run: getPartitions },
    GetTags: { run: getTags },
    TagResource: { run: tagResource },
    UntagResource: { run: untagResource },
  },
  port: (world): GluePort => ({
    getTable: (call, database, name) => queriedTable(world, call, database, name),
    read(call, name, input) {
      const operation = Object.hasOwn(readings, name) ? readings[name] : undefined;
      if (!operation)
        throw new AwsError("UnknownOperationException", `The sandbox does not implement glue:${name}`);
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
  }),
});

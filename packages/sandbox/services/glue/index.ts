/**
 * AWS Glue's Data Catalog: the parts that offline stores and their queries need. Source: "AWS Glue Web API Reference",
 * https://docs.aws.amazon.com/glue/latest/webapi/WebAPI_Welcome.html
 */
import type { GluePort } from "../../core";
import { json } from "../../protocol/json";
import { defineService } from "../../protocol/service";
import * as databases from "./databases";
import { shapes } from "./model";
import { createOfflineTable, metadataLocation, updateOfflineTable } from "./offlineTable";
import * as partitions from "./partitions";
import { hasTable, queriedTable } from "./queriedTable";
import { catalogOf, resourcesOf } from "./state";
import * as tables from "./tables";
import * as tags from "./tags";

const readings = {
  GetDatabase: databases.getDatabase,
  GetDatabases: databases.getDatabases,
  GetTable: tables.getTable,
  GetTables: tables.getTables,
};

export const glue = defineService({
  name: "glue",
  protocol: json("AWSGlue"),
  operations: {
    CreateDatabase: { shape: shapes.CreateDatabase, run: databases.createDatabase },
    GetDatabase: { shape: shapes.GetDatabase, run: databases.getDatabase },
    GetDatabases: { shape: shapes.GetDatabases, run: databases.getDatabases },
    DeleteDatabase: { shape: shapes.DeleteDatabase, run: databases.deleteDatabase },
    CreateTable: { shape: shapes.CreateTable, run: tables.createTable },
    GetTable: { shape: shapes.GetTable, run: tables.getTable },
    GetTables: { shape: shapes.GetTables, run: tables.getTables },
    UpdateTable: { shape: shapes.UpdateTable, run: tables.updateTable },
    DeleteTable: { shape: shapes.DeleteTable, run: tables.deleteTable },
    CreatePartition: { shape: shapes.CreatePartition, run: partitions.createPartition },
    BatchCreatePartition: { shape: shapes.BatchCreatePartition, run: partitions.batchCreatePartition },
    GetPartition: { shape: shapes.GetPartition, run: partitions.getPartition },
    GetPartitions: { shape: shapes.GetPartitions, run: partitions.getPartitions },
    GetTags: { shape: shapes.GetTags, run: tags.getTags },
    TagResource: { shape: shapes.TagResource, run: tags.tagResource },
    UntagResource: { shape: shapes.UntagResource, run: tags.untagResource },
  },
  port: (world): GluePort => ({
    getTable: (call, database, name) => queriedTable(world, call, database, name),
    read: (call, operation, input) => readings[operation](world, call, input as never),
    hasTable: (call, database, name) => hasTable(world, call, database, name),
    createTable: (call, database, input) =>
      tables.addTable(world, call, catalogOf(call, undefined), database, input),
    deleteTable: (call, database, name) =>
      void tables.deleteTable(world, call, { DatabaseName: database, Name: name }),
    createOfflineTable: (call, table) => createOfflineTable(world, call, table),
    updateOfflineTable: (call, table) => updateOfflineTable(world, call, table),
    metadataLocation: (call, table) => metadataLocation(world, call, table),
    resources: (place) => resourcesOf(world, place),
  }),
});

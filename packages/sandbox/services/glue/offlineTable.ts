/** The table of a feature group's offline store, as Feature Store creates it. Source: Feature Store developer guide, "Offline store". */
import { AwsError, type Call, type OfflineTable, type Place, type TableInput, type World } from "../../core";
import { addDatabase } from "./databases";
import { authorize, databases, entityKey, findTable, type Table } from "./state";
import { addTable, replaceTable } from "./tables";

/** @throws AwsError `AccessDeniedException`, `AlreadyExistsException` */
export function createOfflineTable(world: World, call: Call, table: OfflineTable): void {
  const catalog: Place = { account: table.account, region: call.region };
  if (!databases(world.store).has(entityKey(catalog, table.database))) {
    authorize(world, call, "CreateDatabase", catalog, table.database);
    addDatabase(world, call, catalog, {
      Name: table.database,
      Description: "Database for the offline stores of SageMaker feature groups",
    });
  }
  addTable(world, call, catalog, table.database, tableInput(table));
}

/** @throws AwsError `AccessDeniedException`; `EntityNotFoundException` if the table was deleted */
export function updateOfflineTable(world: World, call: Call, table: OfflineTable): void {
  const catalog: Place = { account: table.account, region: call.region };
  authorize(world, call, "GetTable", catalog, table.database, table.name);
  findTable(world, catalog, table.database, table.name);
  replaceTable(world, call, catalog, table.database, tableInput(table));
}

/** @throws AwsError `AccessDeniedException`, `EntityNotFoundException`; `InvalidInputException` for a table of another format */
export function metadataLocation(
  world: World,
  call: Call,
  { account, database, name }: Pick<OfflineTable, "account" | "database" | "name">,
): string {
  const catalog: Place = { account, region: call.region };
  authorize(world, call, "GetTable", catalog, database, name);
  const location = icebergMetadata(findTable(world, catalog, database, name));
  if (location === undefined)
    throw new AwsError("InvalidInputException", `Table ${database}.${name} is not an Iceberg table.`);
  return location;
}

/** The location of the metadata, which is a parameter of Iceberg tables. Source: Athena User Guide, "Query Apache Iceberg tables". */
export function icebergMetadata({ Parameters = {} }: Pick<Table, "Parameters">): string | undefined {
  return Parameters["table_type"]?.toUpperCase() === "ICEBERG" ? Parameters["metadata_location"] : undefined;
}

/**
 * There are no partition keys: Feature Store registers no partitions, and Athena reads all objects under the location, including other
 * writers' data under new `year=/month=/day=/hour=` prefixes.
 */
function tableInput(table: OfflineTable): TableInput {
  const { name, location, columns, iceberg } = table;
  if (iceberg) return icebergInput(table, iceberg);
  const hive = "org.apache.hadoop.hive.ql.io.parquet";
  return {
    Name: name,
    TableType: "EXTERNAL_TABLE",
    Parameters: { EXTERNAL: "TRUE", classification: "parquet", "parquet.compression": "SNAPPY" },
    PartitionKeys: [],
    StorageDescriptor: {
      Columns: columns.map((column) => ({ Name: column.name, Type: column.type })),
      Location: location,
      InputFormat: `${hive}.MapredParquetInputFormat`,
      OutputFormat: `${hive}.MapredParquetOutputFormat`,
      SerdeInfo: {
        SerializationLibrary: `${hive}.serde.ParquetHiveSerDe`,
        Parameters: { "serialization.format": "1" },
      },
    },
  };
}

function icebergInput(
  { name, location, columns }: OfflineTable,
  { metadataLocation: current, previous }: NonNullable<OfflineTable["iceberg"]>,
): TableInput {
  return {
    Name: name,
    TableType: "EXTERNAL_TABLE",
    Parameters: {
      table_type: "ICEBERG",
      metadata_location: current,
      ...(previous === undefined ? {} : { previous_metadata_location: previous }),
    },
    PartitionKeys: [],
    StorageDescriptor: {
      Columns: columns.map((column) => ({
        Name: column.name,
        Type: column.type,
        Parameters: column.parameters,
      })),
      Location: location,
    },
  };
}

/** Partitions of tables. Source: AWS Glue API Reference, "Partition API". */
import { AwsError, type Call, type Place, type StorageDescriptor, type World } from "../../core";
import { jsonDate } from "../../protocol/json";
import { pageOf } from "../../protocol/pages";
import { partitionFilter } from "./partitionFilter";
import {
  alreadyExists,
  authorize,
  catalogOf,
  entityKey,
  findTable,
  notFound,
  partitions,
  type Partition,
  type Table,
} from "./state";
import { describe } from "./tables";

interface InTable {
  readonly CatalogId?: string;
  readonly DatabaseName: string;
  readonly TableName: string;
}

interface PartitionInput {
  readonly Values?: string[];
  readonly StorageDescriptor?: StorageDescriptor;
  readonly Parameters?: Record<string, string>;
}

/** The table that a request names, if its caller may do `action` on it. */
function open(
  world: World,
  call: Call,
  action: string,
  request: InTable,
): { catalog: Place; table: Table; prefix: string } {
  const catalog = catalogOf(call, request.CatalogId);
  const [database, name] = [request.DatabaseName.toLowerCase(), request.TableName.toLowerCase()];
  authorize(world, call, action, catalog, database, name);
  const table = findTable(world, catalog, database, name);
  return { catalog, table, prefix: `${entityKey(catalog, database, name)}/` };
}

const placeOf = (values: readonly string[]) => JSON.stringify(values);

export function createPartition(
  world: World,
  call: Call,
  request: InTable & { PartitionInput: PartitionInput },
) {
  const { catalog, table, prefix } = open(world, call, "CreatePartition", request);
  addPartition(world, catalog, table, prefix, request.PartitionInput);
  return {};
}

export function batchCreatePartition(
  world: World,
  call: Call,
  request: InTable & { PartitionInputList: PartitionInput[] },
) {
  const { catalog, table, prefix } = open(world, call, "BatchCreatePartition", request);
  const errors: unknown[] = [];
  for (const partition of request.PartitionInputList) {
    try {
      addPartition(world, catalog, table, prefix, partition);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({
        PartitionValues: partition.Values,
        ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message },
      });
    }
  }
  return { Errors: errors };
}

function addPartition(
  world: World,
  catalog: Place,
  table: Table,
  prefix: string,
  input: PartitionInput,
): void {
  const values = input.Values ?? [];
  if (values.length !== table.PartitionKeys.length)
    throw new AwsError(
      "InvalidInputException",
      `The number of partition keys do not match the number of partition values: the table has ${table.PartitionKeys.length}, and the partition ${values.length}.`,
    );
  const key = prefix + placeOf(values);
  if (partitions(world.store).has(key)) throw alreadyExists("Partition");
  partitions(world.store).set(key, {
    Values: values,
    DatabaseName: table.DatabaseName,
    TableName: table.Name,
    CreationTime: jsonDate(world.now()),
    StorageDescriptor: input.StorageDescriptor && describe(input.StorageDescriptor),
    Parameters: input.Parameters,
    CatalogId: catalog.account,
  });
}

export function getPartition(world: World, call: Call, request: InTable & { PartitionValues: string[] }) {
  const { prefix } = open(world, call, "GetPartition", request);
  const partition = partitions(world.store).get(prefix + placeOf(request.PartitionValues));
  if (!partition) throw notFound("Cannot find partition.");
  return { Partition: partition };
}

interface ListRequest extends InTable {
  readonly Expression?: string;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

export function getPartitions(world: World, call: Call, request: ListRequest) {
  const { table, prefix } = open(world, call, "GetPartitions", request);
  const wanted = partitionFilter(table.PartitionKeys, request.Expression ?? "");
  const found: Partition[] = [];
  for (const [key, partition] of partitions(world.store).entries())
    if (key.startsWith(prefix) && wanted(partition.Values)) found.push(partition);
  const page = pageOf(found, request.NextToken, request.MaxResults ?? 1000, "InvalidInputException");
  return { Partitions: page.items, NextToken: page.next };
}

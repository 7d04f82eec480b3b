/**
 * The Data Catalog as Athena shows it: one catalog, AwsDataCatalog, read as the caller. Source: Amazon Athena API Reference,
 * "ListDatabases", "GetTableMetadata" and related operations.
 */
import { AwsError, type Call, type GluePort, type World } from "../../core";
import { forwarded, invalid } from "./state";

const NAME = "AwsDataCatalog";

interface Request {
  readonly CatalogName: string;
  readonly DatabaseName?: string;
  readonly TableName?: string;
  readonly Expression?: string;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

type Glue = Readonly<Record<string, unknown>>;

function authorize(world: World, call: Call, action: string, catalog: string): void {
  const { account } = call.caller;
  const isList = action === "ListDataCatalogs";
  world.authorize(call, {
    action: `athena:${action}`,
    resource: isList ? "*" : `arn:aws:athena:${call.region}:${account}:datacatalog/${catalog}`,
    resourceAccount: account,
    code: "AccessDeniedException",
  });
  if (!isList && catalog.toLowerCase() !== NAME.toLowerCase())
    throw invalid(`DataCatalog ${catalog} was not found`);
}

/** AWS Glue's answer to the caller. @throws AwsError `MetadataException` (400) for an absent database or table */
function ask(world: World, call: Call, operation: Parameters<GluePort["read"]>[1], input: Glue): Glue {
  try {
    return world.services.glue.read(forwarded(call), operation, input);
  } catch (error) {
    if (error instanceof AwsError && error.code === "EntityNotFoundException")
      throw new AwsError(
        "MetadataException",
        `${error.message} (Service: AWSGlue; Error Code: ${error.code})`,
      );
    if (error instanceof AwsError && error.code === "InvalidInputException") throw invalid(error.message);
    throw error;
  }
}

const page = ({ NextToken, MaxResults = 50 }: Request) => ({ NextToken, MaxResults });

function database({ Name, Description, Parameters }: Glue): Glue {
  return { Name, ...(Description ? { Description } : {}), ...(Parameters ? { Parameters } : {}) };
}

function table(given: Glue): Glue {
  const { Name, CreateTime, TableType, Parameters, PartitionKeys = [] } = given;
  const { Columns = [], Location, InputFormat, OutputFormat } = (given["StorageDescriptor"] ?? {}) as Glue;
  const told = { location: Location, inputformat: InputFormat, outputformat: OutputFormat };
  return {
    Name,
    CreateTime,
    ...(TableType ? { TableType } : {}),
    Columns: (Columns as Glue[]).map(column),
    PartitionKeys: (PartitionKeys as Glue[]).map(column),
    Parameters: {
      ...(Parameters as object | undefined),
      ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
    },
  };
}

function column({ Name, Type, Comment }: Glue): Glue {
  return { Name, ...(Type ? { Type } : {}), ...(Comment ? { Comment } : {}) };
}

export function listDataCatalogs(world: World, call: Call) {
  authorize(world, call, "ListDataCatalogs", NAME);
  return { DataCatalogsSummary: [{ CatalogName: NAME, Type: "GLUE", Status: "CREATE_COMPLETE" }] };
}

export function getDataCatalog(world: World, call: Call, { Name }: { Name: string }) {
  authorize(world, call, "GetDataCatalog", Name);
  const Parameters = { "catalog-id": call.caller.account };
  return { DataCatalog: { Name: NAME, Type: "GLUE", Parameters, Status: "CREATE_COMPLETE" } };
}

export function listDatabases(world: World, call: Call, asked: Request) {
  authorize(world, call, "ListDatabases", asked.CatalogName);
  const answer = ask(world, call, "GetDatabases", page(asked));
  return { DatabaseList: (answer["DatabaseList"] as Glue[]).map(database), NextToken: answer["NextToken"] };
}

export function getDatabase(world: World, call: Call, { CatalogName, DatabaseName }: Request) {
  authorize(world, call, "GetDatabase", CatalogName);
  return { Database: database(ask(world, call, "GetDatabase", { Name: DatabaseName })["Database"] as Glue) };
}

export function listTableMetadata(world: World, call: Call, asked: Request) {
  const { CatalogName, DatabaseName, Expression } = asked;
  authorize(world, call, "ListTableMetadata", CatalogName);
  const answer = ask(world, call, "GetTables", { DatabaseName, Expression, ...page(asked) });
  return { TableMetadataList: (answer["TableList"] as Glue[]).map(table), NextToken: answer["NextToken"] };
}

export function getTableMetadata(
  world: World,
  call: Call,
  { CatalogName, DatabaseName, TableName }: Request,
) {
  authorize(world, call, "GetTableMetadata", CatalogName);
  const answer = ask(world, call, "GetTable", { DatabaseName, Name: TableName });
  return { TableMetadata: table(answer["Table"] as Glue) };
}

/** The Data Catalog in the store: databases, tables and partitions by account and region, in the form of the API. */
import {
  AwsError,
  type AccessCheck,
  type Column,
  type Place,
  type StorageDescriptor,
  type Call,
  type Collection,
  type Store,
  type World,
} from "../../core";

export interface Database {
  readonly Name: string;
  readonly Description?: string;
  readonly LocationUri?: string;
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly CreateTableDefaultPermissions?: unknown;
  readonly CatalogId: string;
  /** Seconds since 1970, as the API writes dates. */
  readonly CreateTime: number;
}

export interface Table {
  readonly Name: string;
  readonly DatabaseName: string;
  readonly Description?: string;
  readonly Owner?: string;
  readonly CreateTime: number;
  readonly UpdateTime: number;
  readonly Retention: number;
  readonly StorageDescriptor?: StorageDescriptor;
  readonly PartitionKeys: readonly Column[];
  readonly TableType?: string;
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly CreatedBy: string;
  readonly IsRegisteredWithLakeFormation: boolean;
  readonly CatalogId: string;
  /** A number as text that counts the updates. */
  readonly VersionId: string;
}

export interface Partition {
  readonly Values: readonly string[];
  readonly DatabaseName: string;
  readonly TableName: string;
  readonly CreationTime: number;
  readonly StorageDescriptor?: StorageDescriptor;
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly CatalogId: string;
}

export const databases = (store: Store): Collection<Database> => store.collection("glue.databases");
export const tables = (store: Store): Collection<Table> => store.collection("glue.tables");
export const partitions = (store: Store): Collection<Partition> => store.collection("glue.partitions");
/** Tags by ARN. */
export const glueTags = (store: Store): Collection<Record<string, string>> => store.collection("glue.tags");

export function catalogOf(call: Call, catalogId: string | null | undefined): Place {
  const account = catalogId ?? call.caller.account;
  if (!/^\d{12}$/.test(account))
    throw new AwsError(
      "InvalidInputException",
      `The CatalogId ${account} is not an account ID of 12 digits.`,
    );
  return { account, region: call.region };
}

/** The key of a database, of a table or of a partition. */
export const entityKey = ({ account, region }: Place, ...names: string[]) =>
  [account, region, ...names].join("/");

export const catalogArn = ({ account, region }: Place) => `arn:aws:glue:${region}:${account}:catalog`;
export const databaseArn = ({ account, region }: Place, database: string) =>
  `arn:aws:glue:${region}:${account}:database/${database}`;
export const tableArn = ({ account, region }: Place, database: string, table: string) =>
  `arn:aws:glue:${region}:${account}:table/${database}/${table}`;

/** True if the caller may see it in a list, by IAM and by Lake Formation. */
export function isSeen(
  world: World,
  call: Call,
  action: string,
  catalog: Place,
  database: string,
  table?: string,
) {
  const arn = table === undefined ? databaseArn(catalog, database) : tableArn(catalog, database, table);
  if (!world.allowed(call, checkOf(world, action, catalog, arn))) return false;
  try {
    world.services.lakeformation.enforce(call, action.replace(/s$/, ""), catalog, database, table);
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

/** Glue checks the action on the catalog, on the database and on the table. Source: Glue Developer Guide, "Data Catalog ARNs". */
export function authorize(
  world: World,
  call: Call,
  action: string,
  catalog: Place,
  database?: string,
  table?: string,
): void {
  const resources = [
    catalogArn(catalog),
    ...(database === undefined ? [] : [databaseArn(catalog, database)]),
    ...(database === undefined || table === undefined ? [] : [tableArn(catalog, database, table)]),
  ];
  for (const resource of resources) world.authorize(call, checkOf(world, action, catalog, resource));
  world.services.lakeformation.enforce(call, action, catalog, database, table);
}

export function checkOf(world: World, action: string, catalog: Place, resource: string): AccessCheck {
  const tags = Object.entries(glueTags(world.store).get(resource) ?? {});
  return {
    action: `glue:${action}`,
    resource,
    resourceAccount: catalog.account,
    context: Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
    code: "AccessDeniedException",
  };
}

export function notFound(message: string): AwsError {
  return new AwsError("EntityNotFoundException", message);
}

export function alreadyExists(kind: "Database" | "Table" | "Partition"): AwsError {
  return new AwsError("AlreadyExistsException", `${kind} already exists.`);
}

/** @throws AwsError `EntityNotFoundException` */
export function findDatabase(world: World, catalog: Place, name: string): Database {
  const database = databases(world.store).get(entityKey(catalog, name));
  if (!database) throw notFound(`Database ${name} not found.`);
  return database;
}

/** @throws AwsError `EntityNotFoundException` */
export function findTable(world: World, catalog: Place, database: string, name: string): Table {
  findDatabase(world, catalog, database);
  const table = tables(world.store).get(entityKey(catalog, database, name));
  if (!table) throw notFound("Entity Not Found");
  return table;
}

/** All databases and tables of a catalog: `database/NAME`, then `table/DATABASE/NAME`. */
export function resourcesOf({ store }: World, catalog: Place): string[] {
  const isOwn = ([key]: [string, unknown]) => key.startsWith(`${entityKey(catalog)}/`);
  return [
    ...[...databases(store).entries()].filter(isOwn).map(([, { Name }]) => `database/${Name}`),
    ...[...tables(store).entries()]
      .filter(isOwn)
      .map(([, { DatabaseName, Name }]) => `table/${DatabaseName}/${Name}`),
  ];
}

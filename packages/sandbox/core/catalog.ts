/** The Data Catalog as other services see it: tables, and the calls that they make to AWS Glue and Lake Formation. */
import type { Call } from "./call";

/** An account (12 digits) in a region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface Column {
  readonly Name: string;
  readonly Type?: string;
  readonly Comment?: string;
  readonly Parameters?: Readonly<Record<string, string>>;
}

export interface StorageDescriptor {
  readonly Columns?: readonly Column[];
  readonly Location?: string;
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

export interface TableInput {
  readonly Name: string;
  readonly Description?: string;
  readonly Owner?: string;
  readonly Retention?: number;
  readonly StorageDescriptor?: StorageDescriptor;
  readonly PartitionKeys?: readonly Column[];
  readonly TableType?: string;
  readonly Parameters?: Readonly<Record<string, string>>;
}

export interface OfflineTable {
  readonly account: string;
  readonly database: string;
  readonly name: string;
  readonly location: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly parameters?: Readonly<Record<string, string>>;
  }[];
  /** Only for an Iceberg table: the locations of its current and its previous metadata. */
  readonly iceberg?: { readonly metadataLocation: string; readonly previous?: string };
}

/** A table for a query. */
export interface CatalogTable {
  readonly database: string;
  readonly name: string;
  /** `s3://bucket/prefix` */
  readonly location: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Only for an Iceberg table: `s3://...metadata.json`. */
  readonly metadataLocation?: string;
}

export interface GluePort {
  /** As GetDatabase and GetTable: glue:GetDatabase, glue:GetTable. Undefined if there is no such table. */
  getTable(call: Call, database: string, name: string): CatalogTable | undefined;
  /** Like these operations, in the API's form. */
  read(
    call: Call,
    operation: "GetDatabase" | "GetDatabases" | "GetTable" | "GetTables",
    input: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>>;
  /** True if the table exists, asked by its future creator: glue:GetDatabase, and glue:GetTable if it does. @throws AwsError for an absent database */
  hasTable(call: Call, database: string, name: string): boolean;
  /** As CreateTable: glue:CreateTable. */
  createTable(call: Call, database: string, input: TableInput): void;
  /** As DeleteTable: glue:DeleteTable. */
  deleteTable(call: Call, database: string, name: string): void;
  /** Creates the offline store's database and table with the caller's glue:CreateDatabase / glue:CreateTable, as Feature Store does. */
  createOfflineTable(call: Call, table: OfflineTable): void;
  /** Updates the table's columns after features were added, with the caller's glue:GetTable / glue:UpdateTable. */
  updateOfflineTable(call: Call, table: OfflineTable): void;
  /** As GetTable: glue:GetTable. The location of an Iceberg table's metadata. @throws AwsError for a table of another format */
  metadataLocation(call: Call, table: Pick<OfflineTable, "account" | "database" | "name">): string;
  /** `database/NAME` and `table/DATABASE/NAME` of everything in a catalog, without an access check: for Lake Formation. */
  resources(place: Place): readonly string[];
}

export interface LakeFormationPort {
  /** @throws AwsError `AccessDeniedException` unless Lake Formation leaves the resource to IAM or permits Glue's action on it */
  enforce(call: Call, action: string, place: Place, database?: string, table?: string): void;
  /** The same for a permission (`SELECT`) on a resource, `database/NAME` or `table/DATABASE/NAME`. */
  requirePermission(call: Call, place: Place, resource: string, permission: string): void;
  /** @throws AwsError `AccessDeniedException` if the location (`s3://...`) is registered, and the caller may not use it */
  requireLocation(call: Call, place: Place, location: string): void;
  /** Leaves a new resource to IAM, or gives its creator all permissions on it, depending on the settings. */
  begin(call: Call, place: Place, resource: string): void;
  /** CreateTableDefaultPermissions of the settings. */
  tableDefaults(place: Place): readonly object[];
}

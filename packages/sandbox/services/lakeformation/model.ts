/** The shapes of Lake Formation's requests. Source: AWS Lake Formation API Reference, version 2017-03-31. */
import { boolean, integer, list, oneOf, structure, text } from "../../protocol/shape";

const catalogId = text({ min: 1, max: 255 });
const name = text({ min: 1, max: 255 });
const arn = text();
const token = text();
const principal = structure({ DataLakePrincipalIdentifier: text({ min: 1, max: 255 }) });
const named = structure({
  CatalogId: catalogId,
  DatabaseName: name,
  Name: name,
  TableWildcard: structure({}),
  ColumnNames: list(name),
  ColumnWildcard: structure({ ExcludedColumnNames: list(name) }),
  ResourceArn: arn,
});
const resource = structure({
  Catalog: structure({ Id: text() }),
  Database: named,
  Table: named,
  TableWithColumns: named,
  DataLocation: named,
});
const permissions = list(
  oneOf(
    "ALL",
    "SELECT",
    "ALTER",
    "DROP",
    "DELETE",
    "INSERT",
    "DESCRIBE",
    "CREATE_DATABASE",
    "CREATE_TABLE",
    "DATA_LOCATION_ACCESS",
    "CREATE_LF_TAG",
    "ASSOCIATE",
    "GRANT_WITH_LF_TAG_EXPRESSION",
    "CREATE_LF_TAG_EXPRESSION",
    "CREATE_CATALOG",
    "SUPER_USER",
  ),
);
const grant = {
  CatalogId: catalogId,
  Principal: principal,
  Resource: resource,
  Permissions: permissions,
  PermissionsWithGrantOption: permissions,
};
const defaults = list(structure({ Principal: principal, Permissions: permissions }));
const batch = structure({
  CatalogId: catalogId,
  "Entries!": list(structure({ ...grant, Id: text({ min: 1, max: 255 }) })),
});
const ofResource = structure({ "ResourceArn!": arn });

export const shapes = {
  GetDataLakeSettings: structure({ CatalogId: catalogId }),
  PutDataLakeSettings: structure({
    CatalogId: catalogId,
    "DataLakeSettings!": structure({
      DataLakeAdmins: list(principal),
      ReadOnlyAdmins: list(principal),
      CreateDatabaseDefaultPermissions: defaults,
      CreateTableDefaultPermissions: defaults,
      TrustedResourceOwners: list(text()),
      AllowExternalDataFiltering: boolean,
    }),
  }),
  GrantPermissions: structure(grant),
  RevokePermissions: structure(grant),
  BatchGrantPermissions: batch,
  BatchRevokePermissions: batch,
  ListPermissions: structure({
    CatalogId: catalogId,
    Principal: principal,
    Resource: resource,
    ResourceType: text(),
    NextToken: token,
    MaxResults: integer(1, 1000),
  }),
  RegisterResource: structure({
    "ResourceArn!": arn,
    RoleArn: text(),
    UseServiceLinkedRole: boolean,
    WithFederation: boolean,
    HybridAccessEnabled: boolean,
  }),
  DescribeResource: ofResource,
  DeregisterResource: ofResource,
  ListResources: structure({ NextToken: token, MaxResults: integer(1, 1000) }),
};

/**
 * The AWS Lake Formation permissions that creators of tables need where it governs the Data Catalog. Pure.
 * Sources: AWS Lake Formation Developer Guide, "Lake Formation permissions reference",
 * https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html; Amazon Athena User Guide, "Manage Lake
 * Formation and Athena user permissions", https://docs.aws.amazon.com/athena/latest/ug/lf-athena-user-permissions.html
 */
import type { Settings } from "../../../components/settings";
import { storesOf } from "../../../components/topologies";
import type { CatalogPermission } from "../../model/reports";
import { distinct } from "../../topologies/catalogNeeds";

const DATABASE = "sagemaker_featurestore";

/**
 * The permissions that deployers need, because CreateFeatureGroup acts in the catalog for its caller.
 * @param made feature groups with existing tables: `ACCOUNT NAME`, by the account's name in the settings
 */
export function creatingNeeds(
  settings: Settings,
  made: ReadonlySet<string> = new Set(),
): CatalogPermission[] {
  const needs = storesOf(settings).flatMap(({ account, place, settings: { featureGroups } }) => {
    const { id: catalogId, region, deployerRoleArn: principal } = place;
    return featureGroups
      .filter(({ name, offlineStore, disableGlueTableCreation }) => {
        const hasTable = offlineStore !== false && !disableGlueTableCreation;
        return hasTable && !made.has(`${account} ${name}`);
      })
      .map(({ name, dataCatalog }): CatalogPermission => {
        const database = dataCatalog?.database ?? DATABASE;
        const because = `feature group ${name} cannot be created`;
        return { account, catalogId, region, principal, database, permission: "CREATE_TABLE", because };
      });
  });
  return distinct(needs);
}

/** The command with which an administrator of the data lake gives the permission. */
export function grantCommand({
  catalogId,
  region,
  principal,
  database,
  table,
  permission,
}: CatalogPermission): string {
  const resource =
    table === undefined
      ? { Database: { CatalogId: catalogId, Name: database } }
      : { Table: { CatalogId: catalogId, DatabaseName: database, Name: table } };
  return `aws lakeformation grant-permissions --region ${region} --principal DataLakePrincipalIdentifier=${principal} --permissions ${permission} --resource '${JSON.stringify(resource)}'`;
}

/** Two lines for each missing permission: its name, and the command. */
export function missingLines(missing: readonly CatalogPermission[]): string[] {
  return missing.flatMap((need) => {
    const { account, principal, permission, database, table, because } = need;
    const on = table === undefined ? `database ${database}` : `table ${database}.${table}`;
    return [
      `account ${account}: ${because}: ${principal} lacks ${permission} on ${on}`,
      `  ${grantCommand(need)}`,
    ];
  });
}

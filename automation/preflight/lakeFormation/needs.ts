/**
 * What Lake Formation has to grant where it governs the Data Catalog. Pure.
 * Sources: AWS Lake Formation Developer Guide, "Lake Formation permissions reference"; Athena User Guide, "Manage Lake
 * Formation and Athena user permissions".
 */
import type { FeatureGroupContract } from "../../../components/contract";
import { accountOf, type Settings } from "../../../components/settings";

import type { CatalogPermission as NeededGrant } from "../../model/reports";

export type { NeededGrant };

const DATABASE = "sagemaker_featurestore";

/** Who reads the offline stores, as the deployed stages gave them. @param roles by consumer: ARN of account B's role */
export function readingNeeds(
  settings: Settings,
  groups: Readonly<Record<string, FeatureGroupContract>>,
  roles: Readonly<Record<string, string>>,
): NeededGrant[] {
  if (!settings.centralStore) return [];
  const { id: catalogId, region } = accountOf(settings, "B");
  const needs = settings.consumers.flatMap(({ name, access }) => {
    const principal = roles[name];
    return Object.entries(access).flatMap(([group, permissions]): NeededGrant[] => {
      const table = groups[group]?.table;
      if (principal === undefined || !table || !permissions.includes("readOffline")) return [];
      const because = `consumer ${name} cannot query ${group}`;
      const of = { account: "B", catalogId, region, principal, database: table.database, because };
      return [
        { ...of, permission: "DESCRIBE" },
        { ...of, table: table.name, permission: "DESCRIBE" },
        { ...of, table: table.name, permission: "SELECT" },
      ];
    });
  });
  return [...new Map(needs.map((need) => [keyOf(need), need])).values()];
}

const keyOf = ({ principal, database, table = "", permission }: NeededGrant) =>
  [principal, database, table, permission].join(" ");

/** Who makes the tables of feature groups: the deployer, as CreateFeatureGroup acts in the catalog for its caller. */
export function creatingNeeds(settings: Settings): NeededGrant[] {
  const stores = [
    ...(settings.offlineStore ? [{ store: settings.offlineStore, account: "A" }] : []),
    ...(settings.centralStore ? [{ store: settings.centralStore, account: "B" }] : []),
  ];
  const needs = stores.flatMap(({ store, account }) => {
    const { id: catalogId, region, deployerRoleArn: principal } = accountOf(settings, account);
    return store.featureGroups
      .filter(
        ({ offlineStore, disableGlueTableCreation }) => offlineStore !== false && !disableGlueTableCreation,
      )
      .map(({ name, dataCatalog }): NeededGrant => {
        const database = dataCatalog?.database ?? DATABASE;
        const because = `feature group ${name} cannot be made`;
        return { account, catalogId, region, principal, database, permission: "CREATE_TABLE", because };
      });
  });
  return [...new Map(needs.map((need) => [keyOf(need), need])).values()];
}

/** The command with which an administrator of the data lake mends it. */
export function grantCommand({
  catalogId,
  region,
  principal,
  database,
  table,
  permission,
}: NeededGrant): string {
  const resource =
    table === undefined
      ? { Database: { CatalogId: catalogId, Name: database } }
      : { Table: { CatalogId: catalogId, DatabaseName: database, Name: table } };
  return `aws lakeformation grant-permissions --region ${region} --principal DataLakePrincipalIdentifier=${principal} --permissions ${permission} --resource '${JSON.stringify(resource)}'`;
}

/** The needs in lines: what is missing, and the command. */
export function missingLines(missing: readonly NeededGrant[]): string[] {
  return missing.flatMap((need) => {
    const { account, principal, permission, database, table, because } = need;
    const on = table === undefined ? `database ${database}` : `table ${database}.${table}`;
    return [
      `account ${account}: ${because}: ${principal} lacks ${permission} on ${on}`,
      `  ${grantCommand(need)}`,
    ];
  });
}

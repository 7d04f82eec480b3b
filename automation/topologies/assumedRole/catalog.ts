/** Permissions for readers of the central store's tables, where AWS Lake Formation governs the catalog. */
import { accountOf, type Settings } from "../../../components/settings";
import { ref, type CentralStoreContract } from "../../../components/topologies/assumed-role";
import type { CatalogPermission } from "../../model/reports";
import { distinct } from "../catalogNeeds";
import type { ContractOf } from "../contracts";

/** @returns the permissions that the deployed consumers need */
export async function catalogReaders(
  settings: Settings,
  contractOf: ContractOf,
): Promise<CatalogPermission[]> {
  const store = (await contractOf(ref("centralStore").name)) as Partial<CentralStoreContract> | undefined;
  if (!store) return [];
  const roles: Record<string, string> = {};
  for (const { name } of settings.consumers) {
    const role = (await contractOf(ref("crossAccountRole", name).name)) as { roleArn?: string } | undefined;
    if (role?.roleArn !== undefined) roles[name] = role.roleArn;
  }
  return readingNeeds(settings, store.featureGroups ?? {}, roles);
}

/** @param roles by consumer: ARN of account B's role */
export function readingNeeds(
  settings: Settings,
  groups: CentralStoreContract["featureGroups"],
  roles: Readonly<Record<string, string>>,
): CatalogPermission[] {
  if (!settings.centralStore) return [];
  const { id: catalogId, region } = accountOf(settings, "B");
  const needs = settings.consumers.flatMap(({ name, access }) => {
    const principal = roles[name];
    return Object.entries(access).flatMap(([group, permissions]): CatalogPermission[] => {
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
  return distinct(needs);
}

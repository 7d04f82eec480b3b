/** Finds missing AWS Lake Formation permissions, as each account's deployer. Reads only. */
import {
  LakeFormationClient,
  ListPermissionsCommand,
  type PrincipalResourcePermissions,
  type Resource,
} from "@aws-sdk/client-lakeformation";
import { awsWords, type AccountClientConfig } from "../../environment/accountSessions";
import type { CatalogPermission } from "../../model/reports";

/** Lake Formation's group of all principals that IAM policies allow. */
const IAM_ALLOWED = "IAM_ALLOWED_PRINCIPALS";

/** Any of these lets a principal see that a database or table exists. */
const DESCRIBING: readonly string[] = [
  "DESCRIBE",
  "SELECT",
  "INSERT",
  "DELETE",
  "ALTER",
  "DROP",
  "CREATE_TABLE",
];

/**
 * @returns the missing permissions where Lake Formation governs; none in a catalog that it leaves to IAM, and none for databases
 *   and tables that do not exist yet
 */
export async function missingPermissions(
  needs: readonly CatalogPermission[],
  account: (name: string) => AccountClientConfig,
  notice: (message: string) => void,
): Promise<CatalogPermission[]> {
  const clients = new Map<string, LakeFormationClient>();
  const asked = new Map<string, Promise<readonly PrincipalResourcePermissions[] | undefined>>();
  const missing: CatalogPermission[] = [];
  try {
    for (const need of needs) {
      const { account: name, region, database, table } = need;
      const client =
        clients.get(name) ?? new LakeFormationClient({ ...account(name), region, maxAttempts: 3 });
      clients.set(name, client);
      const key = `${name} ${database} ${table ?? ""}`;
      const answer = asked.get(key) ?? permissionsOn(client, need, notice);
      asked.set(key, answer);
      const permissions = await answer;
      if (permissions && !isGiven(need, permissions)) missing.push(need);
    }
  } finally {
    for (const client of clients.values()) client.destroy();
  }
  return missing;
}

/** All permissions on the database or table, and on all tables of its database; undefined if the deployer may not list them. */
async function permissionsOn(
  client: LakeFormationClient,
  { account, catalogId: CatalogId, database, table }: CatalogPermission,
  notice: (message: string) => void,
): Promise<readonly PrincipalResourcePermissions[] | undefined> {
  const resources: Resource[] =
    table === undefined
      ? [{ Database: { CatalogId, Name: database } }]
      : [
          { Table: { CatalogId, DatabaseName: database, Name: table } },
          { Table: { CatalogId, DatabaseName: database, TableWildcard: {} } },
        ];
  try {
    const lists = await Promise.all(resources.map((each) => listed(client, CatalogId, each)));
    return lists.flat();
  } catch (error) {
    if (!(error instanceof Error) || !("$metadata" in error)) throw error;
    if (error.name !== "EntityNotFoundException")
      notice(
        `cannot tell if AWS Lake Formation governs database ${database} of account ${account}: its deployer lacks lakeformation:ListPermissions: ${awsWords(error)}`,
      );
    return undefined;
  }
}

async function listed(
  client: LakeFormationClient,
  CatalogId: string,
  Resource: Resource,
): Promise<PrincipalResourcePermissions[]> {
  const found: PrincipalResourcePermissions[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListPermissionsCommand({ CatalogId, Resource, NextToken }));
    found.push(...(page.PrincipalResourcePermissions ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

function isGiven(
  { principal, catalogId, permission }: CatalogPermission,
  permissions: readonly PrincipalResourcePermissions[],
): boolean {
  const whom = [IAM_ALLOWED, principal, catalogId, `${catalogId}:IAMPrincipals`];
  const enough = permission === "DESCRIBE" ? DESCRIBING : [permission];
  return permissions.some(
    ({ Principal, Permissions = [] }) =>
      whom.includes(Principal?.DataLakePrincipalIdentifier ?? "") &&
      Permissions.some((each) => each === "ALL" || enough.includes(each)),
  );
}

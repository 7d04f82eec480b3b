/**
 * Deletes leftovers: every version and delete marker, then the table that names them. A repeated purge continues an
 * interrupted one.
 */
import { DeleteTableCommand, EntityNotFoundException, GlueClient } from "@aws-sdk/client-glue";
import { DeleteAliasCommand, KMSClient } from "@aws-sdk/client-kms";
import { DeleteObjectsCommand, S3Client } from "@aws-sdk/client-s3";
import { versionPages } from "../deletion/contents";
import { ExitCode, UserError } from "../../model/errors";
import { livingIn, RESULT, type Accounts } from "./find";
import type { Leftover, LeftObjects, LeftTable } from "./types";

/**
 * @param groupsAccountOf the account whose feature groups may have started to use the leftover since it was found
 * @param signal checked between pages
 * @throws UserError (failed) with the versions that Amazon S3 did not delete
 */
export async function purge(
  leftovers: readonly Leftover[],
  accounts: Accounts,
  groupsAccountOf: (leftover: Leftover) => string,
  { notice, signal }: { notice: (line: string) => void; signal?: AbortSignal },
): Promise<void> {
  const order = { offlineObjects: 0, results: 1, table: 2, key: 3 } as const;
  const ours = leftovers.filter(({ ours: own }) => own).sort((a, b) => order[a.kind] - order[b.kind]);
  for (const each of ours) {
    signal?.throwIfAborted();
    if (each.kind === "key") await deleteAlias(each.alias, accounts(each.account));
    else if (each.kind === "results") await deleteObjects(each, accounts, signal, RESULT);
    else {
      const living = await livingIn(accounts(groupsAccountOf(each)));
      const isLiving =
        each.kind === "table"
          ? living.tables.has(`${each.database}.${each.name}`.toLowerCase())
          : living.folders.has(`${each.bucket}/${each.prefix}`);
      if (isLiving) {
        notice(`kept, because feature group ${each.of} uses it again: ${titleOf(each)}`);
        continue;
      }
      if (each.kind === "table") await deleteTable(each, accounts);
      else await deleteObjects(each, accounts, signal);
    }
    notice(`purged ${titleOf(each)}`);
  }
}

/** The leftover in a few words. */
export function titleOf(left: Leftover): string {
  if (left.kind === "key") return `${left.alias} (key ${left.id}, ${left.state})`;
  if (left.kind === "table") return `Glue table ${left.database}.${left.name}`;
  return `${left.kind === "results" ? "query results" : "offline objects"} s3://${left.bucket}/${left.prefix}`;
}

async function deleteObjects(
  { account, bucket, prefix }: LeftObjects,
  accounts: Accounts,
  signal?: AbortSignal,
  only: RegExp = /^/,
): Promise<void> {
  const s3 = new S3Client({ ...accounts(account), followRegionRedirects: true });
  try {
    for await (const page of versionPages(s3, bucket, prefix)) {
      signal?.throwIfAborted();
      const Objects = page
        .filter(({ key }) => only.test(key))
        .map(({ key, versionId }) => ({ Key: key, ...(versionId ? { VersionId: versionId } : {}) }));
      if (Objects.length === 0) continue;
      const deletion = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
      const { Errors = [] } = await s3.send(deletion);
      const [first] = Errors;
      if (first)
        throw new UserError(
          ExitCode.failed,
          `${Errors.length} of ${Objects.length} versions below s3://${bucket}/${prefix} were not deleted; the first: ${first.Key}: ${first.Code}: ${first.Message}`,
          "Remove the cause and purge again: the purge continues with what is left.",
        );
    }
  } finally {
    s3.destroy();
  }
}

async function deleteTable({ account, database, name }: LeftTable, accounts: Accounts): Promise<void> {
  const glue = new GlueClient(accounts(account));
  try {
    await glue.send(new DeleteTableCommand({ DatabaseName: database, Name: name }));
  } catch (error) {
    if (!(error instanceof EntityNotFoundException)) throw error;
  } finally {
    glue.destroy();
  }
}

/** Deletes only the alias: data anywhere may be encrypted under the key itself. */
async function deleteAlias(alias: string, config: ConstructorParameters<typeof KMSClient>[0]): Promise<void> {
  const client = new KMSClient(config ?? {});
  await client.send(new DeleteAliasCommand({ AliasName: alias }));
  client.destroy();
}

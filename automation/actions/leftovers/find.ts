/**
 * Finds leftovers of deleted feature groups and consumers: offline objects, tables of the Glue Data Catalog, query results,
 * and keys' aliases. Reads only. Source: "Delete a feature group" (data and catalog stay),
 * https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-delete-feature-group.html
 */
import { GlueClient, paginateGetTables } from "@aws-sdk/client-glue";
import { DescribeKeyCommand, KMSClient, paginateListAliases } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import {
  DescribeFeatureGroupCommand,
  paginateListFeatureGroups,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import type { AccountClientConfig } from "../../environment/accountSessions";
import { counted, EMPTY, foldersBelow, versionPages } from "../deletion/contents";
import type { Contents } from "../../model/data";
import type { MadeResults } from "./journal";
import { folderOf, type Place } from "./places";
import type { Leftover } from "./types";

/** Client settings of an account's deployer. */
export type Accounts = (name: string) => AccountClientConfig;

/** Folders `bucket/prefix` and tables `database.name` of an account's existing feature groups. */
export interface Living {
  readonly folders: ReadonlySet<string>;
  readonly tables: ReadonlySet<string>;
}

export async function livingIn(config: AccountClientConfig): Promise<Living> {
  const client = new SageMakerClient(config);
  const folders = new Set<string>();
  const tables = new Set<string>();
  for await (const page of paginateListFeatureGroups({ client }, {}))
    for (const { FeatureGroupName } of page.FeatureGroupSummaries ?? []) {
      const { OfflineStoreConfig } = await client.send(new DescribeFeatureGroupCommand({ FeatureGroupName }));
      const folder = folderOf(OfflineStoreConfig?.S3StorageConfig?.ResolvedOutputS3Uri ?? "");
      if (folder) folders.add(`${folder.bucket}/${folder.prefix}`);
      const { Database, TableName } = OfflineStoreConfig?.DataCatalogConfig ?? {};
      tables.add(`${Database}.${TableName}`.toLowerCase());
    }
  client.destroy();
  return { folders, tables };
}

export async function leftOf(place: Place, accounts: Accounts): Promise<Leftover[]> {
  const living = await livingIn(accounts(place.groupsAccount));
  return [...(await tablesLeft(place, living, accounts)), ...(await objectsLeft(place, living, accounts))];
}

async function objectsLeft(place: Place, living: Living, accounts: Accounts): Promise<Leftover[]> {
  const { bucket, bucketAccount: account, prefix } = place;
  const s3 = new S3Client({ ...accounts(account), followRegionRedirects: true });
  let folders: string[] = [];
  await ifThere(async () => {
    folders = await foldersBelow(s3, bucket, prefix);
  });
  const left: Leftover[] = [];
  for (const folder of folders) {
    const of = folderOf(`s3://${bucket}/${folder}`)?.group;
    if (of === undefined || living.folders.has(`${bucket}/${folder}`)) continue;
    const contents = await contentsBelow(s3, bucket, folder);
    left.push({
      kind: "offlineObjects",
      account,
      ours: place.names.has(of),
      of,
      bucket,
      prefix: folder,
      contents,
    });
  }
  s3.destroy();
  return left;
}

async function tablesLeft(place: Place, living: Living, accounts: Accounts): Promise<Leftover[]> {
  const { groupsAccount: account, bucket, prefix } = place;
  const glue = new GlueClient(accounts(account));
  const left: Leftover[] = [];
  for (const database of place.databases)
    await ifThere(async () => {
      for await (const page of paginateGetTables({ client: glue }, { DatabaseName: database }))
        for (const { Name = "", StorageDescriptor } of page.TableList ?? []) {
          const location = StorageDescriptor?.Location ?? "";
          const folder = folderOf(location);
          if (!folder || !location.startsWith(`s3://${bucket}/${prefix}`)) continue;
          const isLiving =
            living.folders.has(`${folder.bucket}/${folder.prefix}`) ||
            living.tables.has(`${database}.${Name}`.toLowerCase());
          if (isLiving) continue;
          const ours = place.names.has(folder.group);
          left.push({ kind: "table", account, ours, of: folder.group, database, name: Name, location });
        }
    });
  glue.destroy();
  return left;
}

/** Athena names a result by the query's ID: other objects below the prefix are not results. */
export const RESULT = /(^|\/)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(csv|txt)(\.metadata)?$/;

/** @param account name of the consumer's account in the settings */
export async function resultsLeft(
  { consumer: of, location }: MadeResults,
  account: string,
  accounts: Accounts,
): Promise<Leftover[]> {
  const match = /^s3:\/\/([^/]+)\/(.*)$/.exec(location);
  const [bucket, prefix] = [match?.[1] ?? "", match?.[2] ?? ""];
  const s3 = new S3Client({ ...accounts(account), followRegionRedirects: true });
  let contents = EMPTY;
  const found = await ifThere(async () => {
    contents = await contentsBelow(s3, bucket, prefix, RESULT);
  });
  s3.destroy();
  if (!found || contents.versions + contents.deleteMarkers === 0) return [];
  return [{ kind: "results", account, ours: true, of, bucket, prefix, contents }];
}

/** Aliases that the environment's stages made and that are not in their stacks. @param prefixes such as `alias/PROJECT/dev-writer/` */
export async function keysLeft(
  account: string,
  prefixes: readonly string[],
  inStacks: ReadonlySet<string>,
  accounts: Accounts,
): Promise<Leftover[]> {
  const client = new KMSClient(accounts(account));
  const left: Leftover[] = [];
  for await (const page of paginateListAliases({ client }, {}))
    for (const { AliasName: alias = "", TargetKeyId: id } of page.Aliases ?? []) {
      if (id === undefined || inStacks.has(alias) || !prefixes.some((prefix) => alias.startsWith(prefix)))
        continue;
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: id }));
      left.push({ kind: "key", account, ours: true, alias, id, state: KeyMetadata?.KeyState ?? "unknown" });
    }
  client.destroy();
  return left;
}

async function contentsBelow(
  s3: S3Client,
  bucket: string,
  prefix: string,
  only: RegExp = /^/,
): Promise<Contents> {
  let contents = EMPTY;
  for await (const page of versionPages(s3, bucket, prefix))
    for (const version of page) if (only.test(version.key)) contents = counted(contents, version);
  return contents;
}

/** False if the bucket or database does not exist. */
async function ifThere(read: () => Promise<void>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (error instanceof Error && /^(NoSuchBucket|EntityNotFoundException)$/.test(error.name)) return false;
    throw error;
  }
}

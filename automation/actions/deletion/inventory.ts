/** Lists the data in AWS that a destruction would delete. Reads only. */
import { paginateListAliases, KMSClient, DescribeKeyCommand } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { DescribeFeatureGroupCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { Stage } from "../../../components/stages";
import { awsWords, type AccountClientConfig } from "../../environment/accountSessions";
import type { DeployedResource, DeployedStack } from "../../model/stackPort";
import { parseS3Uri } from "../../topologies/verification/offlineObject";
import { counted, EMPTY, versionPages } from "./contents";
import {
  holdsDataType,
  type Contents,
  type Doomed,
  type DoomedBucket,
  type DoomedGroup,
  type DoomedKey,
  type DoomedOf,
} from "../../model/data";

/** A resource that holds data, from the state of its stage. */
export interface HeldData extends DeployedResource {
  readonly stage: Stage;
}

/** @returns the stages' resources that hold data, in stage order */
export async function heldData(
  stages: readonly Stage[],
  deployed: (stage: Stage) => Promise<DeployedStack | undefined>,
): Promise<HeldData[]> {
  const stacks = await Promise.all(stages.map(deployed));
  return stages.flatMap((stage, at) =>
    (stacks[at]?.resources ?? [])
      .filter(({ type }) => holdsDataType(type))
      .map((resource) => ({ ...resource, stage })),
  );
}

/** @param account client settings of an account's deployer; undefined for an account that is not in the settings */
export async function inventoryOf(
  held: readonly HeldData[],
  account: (name: string) => AccountClientConfig | undefined,
): Promise<Doomed[]> {
  const groups: DoomedGroup[] = [];
  const keys: DoomedKey[] = [];
  const buckets: DoomedBucket[] = [];
  const ask = async <T extends DoomedOf>(
    of: T,
    more: (config: AccountClientConfig) => Promise<T>,
  ): Promise<T> => {
    const config = account(of.account);
    if (!config) return { ...of, unknown: "its account is not in the settings" };
    try {
      return await more(config);
    } catch (error) {
      return { ...of, unknown: awsWords(error) };
    }
  };
  for (const { stage, type, id, inputs } of held) {
    const of = { stage: stage.name, account: stage.account };
    if (type.includes("FeatureGroup"))
      groups.push(await ask<DoomedGroup>({ ...of, kind: "featureGroup", name: id }, describeGroup(id, of)));
    else if (type.includes("kms/")) {
      const days = typeof inputs["deletionWindowInDays"] === "number" ? inputs["deletionWindowInDays"] : 30;
      const key: DoomedKey = { ...of, kind: "key", id, aliases: [], waitingDays: days };
      keys.push(await ask<DoomedKey>(key, describeKey(key)));
    } else buckets.push({ ...of, kind: "bucket", name: id });
  }
  const going = new Set(buckets.map(({ name }) => name));
  const placed = groups.map((group) => withPlace(group, going));
  const below = new Map<string, Contents>();
  const full: DoomedBucket[] = [];
  for (const bucket of buckets)
    full.push(
      await ask<DoomedBucket>(bucket, async (config) => {
        const prefixes = placed.flatMap(({ offline }) => (offline ? [offline.location] : []));
        return { ...bucket, contents: await contentsOf(bucket.name, config, prefixes, below) };
      }),
    );
  const counting = placed.map(({ offline, ...group }): DoomedGroup => {
    const contents = offline && below.get(offline.location);
    return offline ? { ...group, offline: { ...offline, ...(contents ? { contents } : {}) } } : group;
  });
  return [...counting, ...full, ...keys];
}

function describeGroup(name: string, of: DoomedOf) {
  return async (config: AccountClientConfig): Promise<DoomedGroup> => {
    const client = new SageMakerClient(config);
    const group = await client.send(new DescribeFeatureGroupCommand({ FeatureGroupName: name }));
    client.destroy();
    const { S3StorageConfig, DataCatalogConfig } = group.OfflineStoreConfig ?? {};
    const location = S3StorageConfig?.ResolvedOutputS3Uri;
    const { Database, TableName } = DataCatalogConfig ?? {};
    return {
      ...of,
      kind: "featureGroup",
      name,
      ...(group.OnlineStoreTotalSizeBytes === undefined
        ? {}
        : { onlineBytes: group.OnlineStoreTotalSizeBytes }),
      ...(location === undefined ? {} : { offline: { location, goes: false } }),
      ...(Database === undefined || TableName === undefined
        ? {}
        : { table: { database: Database, name: TableName } }),
    };
  };
}

function describeKey(key: DoomedKey) {
  return async (config: AccountClientConfig): Promise<DoomedKey> => {
    const client = new KMSClient(config);
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: key.id }));
    const aliases: string[] = [];
    for await (const page of paginateListAliases({ client }, { KeyId: key.id }))
      for (const { AliasName } of page.Aliases ?? []) if (AliasName !== undefined) aliases.push(AliasName);
    client.destroy();
    return { ...key, aliases, ...(KeyMetadata?.KeyState ? { state: KeyMetadata.KeyState } : {}) };
  };
}

function withPlace(group: DoomedGroup, going: ReadonlySet<string>): DoomedGroup {
  if (!group.offline) return group;
  const { bucket } = parseS3Uri(group.offline.location);
  return { ...group, offline: { ...group.offline, goes: going.has(bucket) } };
}

/** The contents of the bucket; adds those of each location in it to `below`. */
async function contentsOf(
  bucket: string,
  config: AccountClientConfig,
  locations: readonly string[],
  below: Map<string, Contents>,
): Promise<Contents> {
  // A consumer's results bucket is in the store's region, not in the account's.
  const s3 = new S3Client({ ...config, followRegionRedirects: true });
  const inside = locations.filter((location) => parseS3Uri(location).bucket === bucket);
  for (const location of inside) below.set(location, EMPTY);
  let all = EMPTY;
  for await (const page of versionPages(s3, bucket))
    for (const version of page) {
      all = counted(all, version);
      const location = inside.find((each) => version.key.startsWith(`${parseS3Uri(each).key}/`));
      if (location !== undefined) below.set(location, counted(below.get(location) ?? EMPTY, version));
    }
  s3.destroy();
  return all;
}

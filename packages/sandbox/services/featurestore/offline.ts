/**
 * Writes rows into the offline store: rows are stored (encrypted) before the write is acknowledged, put into S3 as the group's role a moment
 * later, and kept while S3 or KMS refuse them. Source: Feature Store developer guide, "Offline store data format".
 */
import { AwsError, type Call, type Collection, type World } from "../../core";
import type { FeatureGroup, OfflineStore } from "../../core/featureGroups";
import { dayOf, icebergPath, writeIcebergFiles, type Member } from "./icebergFiles";
import { fileName, parquetFile, partitionOf, type OfflineRow } from "../../formats/parquet";
import { open, seal, serviceKey } from "./sealing";

/** Milliseconds: AWS buffers for up to 15 minutes; here a moment, so that rows of one burst share a file. */
const delay = { first: 600, retry: 2000 };

interface PendingRow {
  readonly groupId: string;
  readonly sealed: string;
  /** The file that the row was assigned to; a file that may already be written is rewritten identically. */
  file?: string;
}

const pending = (world: World): Collection<PendingRow> => world.store.collection("featurestore.pending");

interface Progress {
  readonly scheduled: Set<string>;
  readonly flushing: Map<string, Promise<void>>;
  /** Orders rows within a millisecond. */
  count: number;
}

const progress = new WeakMap<World, Progress>();

function progressOf(world: World): Progress {
  let found = progress.get(world);
  if (!found) progress.set(world, (found = { scheduled: new Set(), flushing: new Map(), count: 0 }));
  return found;
}

/** Accepts a row. It is durable after the store's commit, which the server awaits before it answers. */
export function appendRow(world: World, group: FeatureGroup, row: OfflineRow): void {
  const order = `${String(world.now().getTime()).padStart(15, "0")}-${String(progressOf(world).count++).padStart(9, "0")}`;
  const id = `${group.id}/${order}`;
  pending(world).set(id, { groupId: group.id, sealed: seal(serviceKey(world), row, id) });
  schedule(world, group, delay.first);
}

function schedule(world: World, group: FeatureGroup, milliseconds: number): void {
  const { scheduled } = progressOf(world);
  if (scheduled.has(group.id)) return;
  scheduled.add(group.id);
  world.later(milliseconds, async () => {
    scheduled.delete(group.id);
    const current = world.services.sagemaker.featureGroupOf(group.id);
    if (current && !(await flushGroup(world, current))) schedule(world, current, delay.retry);
  });
}

/** Writes all pending rows of the group. False if they cannot be written: then the offline store is Blocked, with the reason. */
export async function flushGroup(world: World, group: FeatureGroup): Promise<boolean> {
  const { flushing } = progressOf(world);
  await flushing.get(group.id);
  const run = flush(world, group);
  const ended = run.then(
    () => undefined,
    () => undefined,
  );
  flushing.set(group.id, ended);
  try {
    return await run;
  } finally {
    if (flushing.get(group.id) === ended) flushing.delete(group.id);
  }
}

async function flush(world: World, group: FeatureGroup): Promise<boolean> {
  const rows = [...pending(world).entries()].filter(([, row]) => row.groupId === group.id);
  if (rows.length === 0 || !group.offline) return true;
  try {
    const files = await assignFiles(world, group, rows);
    const iceberg = group.offline.TableFormat === "Iceberg";
    if (iceberg) await writeIcebergFiles(world, group, roleOf(world, group), files);
    for (const [file, members] of files) {
      if (!iceberg) await writeFile(world, group, group.offline, file, members);
      for (const { id } of members) pending(world).delete(id);
    }
    world.services.sagemaker.setOfflineStatus(group);
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    world.services.sagemaker.setOfflineStatus(group, `${error.message} (${error.code})`.slice(0, 1024));
    return false;
  }
}

/** Rows by file. New assignments are saved before anything is written. */
async function assignFiles(
  world: World,
  group: FeatureGroup,
  rows: readonly [string, PendingRow][],
): Promise<Map<string, Member[]>> {
  const key = serviceKey(world);
  const files = new Map<string, Member[]>();
  const fresh = new Map<string, { row: PendingRow; member: Member }[]>();
  const iceberg = group.offline?.TableFormat === "Iceberg";
  const partition = iceberg ? dayOf : partitionOf;
  const add = <T>(map: Map<string, T[]>, at: string, item: T) => map.set(at, [...(map.get(at) ?? []), item]);
  for (const [id, row] of rows) {
    const member = { ...open<OfflineRow>(key, row.sealed, id), id };
    if (row.file === undefined) add(fresh, partition(member.eventTime), { row, member });
    else add(files, row.file, member);
  }
  for (const [at, entries] of fresh) {
    const members = entries.map(({ member }) => member);
    const latest = Math.max(...members.map(({ eventTime }) => eventTime));
    const name = fileName(latest, members.map(({ id }) => id).join());
    const file = iceberg ? icebergPath(group, at, name) : `${at}/${name}`;
    for (const { row } of entries) row.file = file;
    files.set(file, members);
  }
  if (fresh.size > 0) {
    pending(world).touch();
    await world.store.commit();
  }
  return files;
}

async function writeFile(
  world: World,
  group: FeatureGroup,
  { S3StorageConfig: { ResolvedOutputS3Uri, KmsKeyId } }: OfflineStore,
  file: string,
  rows: readonly OfflineRow[],
): Promise<void> {
  const role = roleOf(world, group);
  const [bucket = "", ...path] = ResolvedOutputS3Uri.slice("s3://".length).split("/");
  await world.services.s3.putObject(role, {
    bucket,
    key: [...path, file].join("/"),
    body: await parquetFile(group.features, rows, world.now().getTime()),
    contentType: "application/octet-stream",
    acl: "bucket-owner-full-control",
    ...(KmsKeyId ? { sse: { algorithm: "aws:kms", keyId: KmsKeyId } } : {}),
  });
}

/** A call as the group's role. @throws AwsError `AccessDenied` if SageMaker cannot assume it */
function roleOf(world: World, group: FeatureGroup): Call {
  const role = world.services.sagemaker.asRole(group, `offline-${group.id}`);
  if (!role)
    throw new AwsError(
      "AccessDenied",
      `SageMaker cannot assume the role ${group.roleArn}: it does not exist, or its trust policy does not allow it`,
      403,
    );
  return role;
}

/** Writes the rows of a group that is being deleted into the offline store, which outlives it. Discards rows that cannot be written. */
export async function endRows(world: World, group: FeatureGroup): Promise<void> {
  await flushGroup(world, group);
  for (const [id, row] of [...pending(world).entries()])
    if (row.groupId === group.id) pending(world).delete(id);
}

/** Resumes writing rows that were acknowledged before the sandbox ended. */
export function resumeRows(world: World): void {
  const waiting = new Set([...pending(world).values()].map(({ groupId }) => groupId));
  for (const id of waiting) {
    const group = world.services.sagemaker.featureGroupOf(id);
    if (group) schedule(world, group, delay.first);
  }
}

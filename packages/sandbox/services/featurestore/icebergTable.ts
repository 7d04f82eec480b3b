/**
 * The Iceberg table of an offline store as Feature Store maintains it: metadata beside the data, all written with the permissions of the
 * group's role, and the Data Catalog's table pointing to the newest. Sources: Feature Store developer guide, "Offline store data format";
 * AmazonSageMakerFeatureStoreAccess, which has the permissions.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { AwsError, type Call, type OfflineTable, type World } from "../../core";
import type { FeatureGroup } from "../../core/featureGroups";
import {
  listed,
  manifestListOf,
  manifestOf,
  manifestPath,
  type DataFile,
  type ManifestEntry,
} from "../../formats/iceberg/manifests";
import {
  currentSchema,
  currentSnapshot,
  defaultSpec,
  idOf,
  metadataText,
  newMetadata,
  withSchema,
  withSnapshot,
  type TableMetadata,
} from "../../formats/iceberg/metadata";
import { loadManifests, loadMetadata, placeOf } from "../../formats/iceberg/reading";
import { firstSchema, firstSpec, widened, type IcebergSchema } from "../../formats/iceberg/schema";

/** A change of a group's table. */
export interface IcebergChange {
  readonly group: FeatureGroup;
  /** The table in the Data Catalog. */
  readonly table: Omit<OfflineTable, "columns" | "iceberg">;
  /** As the group's role: it reads and writes the table's files. */
  readonly role: Call;
  /** As the principal that changes the Data Catalog: the role, or the caller that updates the group. */
  readonly catalog: Call;
}

/** `s3://.../NAME-EPOCH`: the table's `metadata` is beside its `data`. */
const baseOf = (group: FeatureGroup) =>
  (group.offline?.S3StorageConfig.ResolvedOutputS3Uri ?? "").replace(/\/data$/, "");

/** Writes the first metadata, and creates the table with the creator's permissions. */
export async function createIcebergTable(world: World, change: IcebergChange): Promise<void> {
  const { group, table, catalog } = change;
  const schema = firstSchema(group.features);
  const base = baseOf(group);
  const metadata = newMetadata(randomUUID(), base, schema, firstSpec(group, schema), world.now().getTime());
  const location = await putMetadata(world, change, metadata, 0);
  world.services.glue.createOfflineTable(catalog, inCatalog({ ...table, location: base }, schema, location));
}

/** Runs the changes of a table one at a time. */
const lines = new Map<string, Promise<unknown>>();

async function inLine<T>(id: string, task: () => Promise<T>): Promise<T> {
  const before = lines.get(id) ?? Promise.resolve();
  const run = before.then(task, task);
  lines.set(id, run);
  try {
    return await run;
  } finally {
    if (lines.get(id) === run) lines.delete(id);
  }
}

/**
 * Commits a snapshot with these files, unless the table already has them, and adds new features as columns.
 * @throws AwsError denials of S3, KMS and Glue
 */
export function changeIcebergTable(
  world: World,
  change: IcebergChange,
  files: readonly DataFile[],
): Promise<void> {
  return inLine(change.group.id, async () => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) if (await changed(world, change, files)) return;
    throw new AwsError(
      "ConcurrentModificationException",
      `Table ${change.table.database}.${change.table.name} was changed by others ${ATTEMPTS} times meanwhile.`,
    );
  });
}

/** Maximum number of attempts when other writers are faster. */
const ATTEMPTS = 5;

/** @returns false if another writer has changed the table, so that the change has no effect */
async function changed(world: World, change: IcebergChange, files: readonly DataFile[]): Promise<boolean> {
  const { table, catalog, role, group } = change;
  const { glue } = world.services;
  const at = glue.metadataLocation(catalog, table);
  const before = await loadMetadata(world, role, at);
  const wide = withFeatures(world, before, at, group);
  const metadata = await withFiles(world, change, wide, at, files);
  if (metadata === before) return true;
  const version = Number(/\/(\d+)-[^/]*$/.exec(at)?.[1] ?? 0) + 1;
  const location = await putMetadata(world, change, metadata, version);
  // No other change can come between the check and the update.
  if (glue.metadataLocation(catalog, table) !== at) return false;
  const described = inCatalog(
    { ...table, location: metadata.location },
    currentSchema(metadata),
    location,
    at,
  );
  glue.updateOfflineTable(catalog, described);
  return true;
}

/** The table's schema extended by the group's features, as the next file's columns need it. */
export async function icebergSchema(world: World, change: IcebergChange): Promise<IcebergSchema> {
  const { table, role, group, catalog } = change;
  const at = world.services.glue.metadataLocation(catalog, table);
  return currentSchema(withFeatures(world, await loadMetadata(world, role, at), at, group));
}

function withFeatures(world: World, metadata: TableMetadata, at: string, group: FeatureGroup): TableMetadata {
  const next = Math.max(...metadata.schemas.map((schema) => schema["schema-id"])) + 1;
  const schema = widened(currentSchema(metadata), group.features, metadata["last-column-id"], next);
  return schema ? withSchema(metadata, at, schema, world.now().getTime()) : metadata;
}

async function withFiles(
  world: World,
  change: IcebergChange,
  metadata: TableMetadata,
  at: string,
  files: readonly DataFile[],
): Promise<TableMetadata> {
  const parent = currentSnapshot(metadata);
  const old = parent ? await loadManifests(world, change.role, parent["manifest-list"]) : [];
  // A manifest is named after its data file, so that a crash does not lead to a file being committed twice.
  const known = new Set(old.map(manifestPath));
  const base = baseOf(change.group);
  const fresh = files
    .map((file) => ({ file, path: `${base}/metadata/${nameOf(file.path)}-m0.avro` }))
    .filter(({ path }) => !known.has(path));
  if (fresh.length === 0) return metadata;
  const id = BigInt(`0x${randomBytes(6).toString("hex")}`);
  const sequence = metadata["last-sequence-number"] + 1;
  const schema = currentSchema(metadata);
  const spec = defaultSpec(metadata);
  const added: ManifestEntry[] = [];
  for (const { file, path } of fresh) {
    const body = await manifestOf(file, id, schema, spec);
    await put(world, change, path, body);
    added.push(listed({ path, length: body.length, file }, spec, id, sequence));
  }
  const listPath = `${base}/metadata/snap-${id}-1-${randomUUID()}.avro`;
  const parentId = parent && idOf(parent);
  await put(world, change, listPath, await manifestListOf([...added, ...old], id, parentId, sequence));
  const now = Math.max(world.now().getTime(), metadata["last-updated-ms"]);
  const snapshot = {
    "snapshot-id": Number(id),
    ...(parent ? { "parent-snapshot-id": parent["snapshot-id"] } : {}),
    "sequence-number": sequence,
    "timestamp-ms": now,
    "manifest-list": listPath,
    summary: summaryOf(
      fresh.map(({ file }) => file),
      parent?.summary,
    ),
    "schema-id": schema["schema-id"],
  };
  return withSnapshot(metadata, at, snapshot, now);
}

function summaryOf(
  files: readonly DataFile[],
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const rows = files.reduce((sum, each) => sum + each.rows, 0);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const total = (name: string, more: number) => String(Number(before[name] ?? 0) + more);
  return {
    operation: "append",
    "added-data-files": String(files.length),
    "added-records": String(rows),
    "added-files-size": String(bytes),
    "total-data-files": total("total-data-files", files.length),
    "total-records": total("total-records", rows),
    "total-files-size": total("total-files-size", bytes),
    "total-delete-files": before["total-delete-files"] ?? "0",
  };
}

const nameOf = (path: string) => createHash("sha256").update(path).digest("hex").slice(0, 32);

async function putMetadata(
  world: World,
  change: IcebergChange,
  metadata: TableMetadata,
  version: number,
): Promise<string> {
  const name = `${String(version).padStart(5, "0")}-${randomUUID()}.metadata.json`;
  const location = `${baseOf(change.group)}/metadata/${name}`;
  await put(world, change, location, Buffer.from(metadataText(metadata)));
  return location;
}

async function put(world: World, { role, group }: IcebergChange, uri: string, body: Buffer): Promise<void> {
  const keyId = group.offline?.S3StorageConfig.KmsKeyId;
  await world.services.s3.putObject(role, {
    ...placeOf(uri),
    body,
    contentType: "application/octet-stream",
    acl: "bucket-owner-full-control",
    ...(keyId ? { sse: { algorithm: "aws:kms", keyId } } : {}),
  });
}

const GLUE_TYPES: Readonly<Record<string, string>> = { long: "bigint", int: "int", float: "float" };

/** The table in the Data Catalog's form. */
function inCatalog(
  table: Omit<OfflineTable, "columns">,
  schema: IcebergSchema,
  metadataLocation: string,
  previous?: string,
): OfflineTable {
  return {
    ...table,
    columns: schema.fields.map(({ id, name, type }) => ({
      name: name.toLowerCase(),
      type: GLUE_TYPES[type] ?? type,
      parameters: {
        "iceberg.field.current": "true",
        "iceberg.field.id": String(id),
        "iceberg.field.optional": "true",
      },
    })),
    iceberg: { metadataLocation, ...(previous === undefined ? {} : { previous }) },
  };
}

/** Writes rows into an Iceberg table: files by day, then one snapshot with all of them. Source: Feature Store developer guide, "Offline store data format". */
import { createHash } from "node:crypto";
import type { Call, World } from "../../core";
import type { DataFile } from "../../formats/iceberg/manifests";
import { partitionColumn } from "../../formats/iceberg/schema";
import { changeIcebergTable, icebergSchema, type IcebergChange } from "./icebergTable";
import type { FeatureGroup } from "../../core/featureGroups";
import { parquetFile, type OfflineRow } from "../../formats/parquet";

export type Member = OfflineRow & { readonly id: string };

/** `YYYY-MM-DD` of an event time, UTC. */
export const dayOf = (eventTime: number) => new Date(eventTime).toISOString().slice(0, 10);

/** `XXXXXXXX/EVENT-TIME-FEATURE_trunc=YYYY-MM-DD/NAME`, below the group's data: the eight digits spread the files over S3. */
export function icebergPath(group: FeatureGroup, day: string, name: string): string {
  const column = partitionColumn(group);
  const within = column === undefined ? name : `${column}_trunc=${day}/${name}`;
  return `${createHash("sha256").update(within).digest("hex").slice(0, 8)}/${within}`;
}

/** A change of the group's table: `role` writes the files, `catalog` changes the Data Catalog. */
export function changeOf(group: FeatureGroup, role: Call, catalog: Call): IcebergChange {
  const { Database: database = "", TableName: name = "" } = group.offline?.DataCatalogConfig ?? {};
  const location = group.offline?.S3StorageConfig.ResolvedOutputS3Uri ?? "";
  return { group, role, catalog, table: { account: group.account, database, name, location } };
}

/** @throws AwsError denials of S3, KMS and Glue */
export async function writeIcebergFiles(
  world: World,
  group: FeatureGroup,
  role: Call,
  files: ReadonlyMap<string, readonly Member[]>,
): Promise<void> {
  const change = changeOf(group, role, role);
  const { S3StorageConfig } = group.offline ?? { S3StorageConfig: undefined };
  const { ResolvedOutputS3Uri: data = "", KmsKeyId: keyId } = S3StorageConfig ?? {};
  const { fields } = await icebergSchema(world, change);
  const ids = new Map(fields.map(({ name, id }) => [name, id]));
  const written: DataFile[] = [];
  for (const [file, rows] of files) {
    const body = await parquetFile(group.features, rows, world.now().getTime(), ids);
    const path = `${data}/${file}`;
    const [bucket = "", ...key] = path.slice("s3://".length).split("/");
    await world.services.s3.putObject(role, {
      bucket,
      key: key.join("/"),
      body,
      contentType: "application/octet-stream",
      acl: "bucket-owner-full-control",
      ...(keyId ? { sse: { algorithm: "aws:kms", keyId } } : {}),
    });
    const partition =
      partitionColumn(group) === undefined ? {} : { partition: dayOf(rows[0]?.eventTime ?? 0) };
    written.push({ path, size: body.length, rows: rows.length, ...partition });
  }
  await changeIcebergTable(world, change, written);
}

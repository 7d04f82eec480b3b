/** Parts of the needs of an existing key that stores share. */
import type { StoreSettings } from "../../components/settings";

/** Uses of the offline store's key by a writer. An Iceberg table's metadata is read back by those who write it. */
export function writerActions({ featureGroups }: Pick<StoreSettings, "featureGroups">): string[] {
  const iceberg = featureGroups.some(({ tableFormat }) => tableFormat === "Iceberg");
  return ["kms:GenerateDataKey", ...(iceberg ? ["kms:Decrypt"] : [])];
}

/** ARN of a role as the engine will make it: the logical name and seven more characters. */
export function roleToBe(
  { partition, id }: { readonly partition: string; readonly id: string },
  logicalName: string,
): string {
  return `arn:${partition}:iam::${id}:role/${logicalName}-0000000`;
}

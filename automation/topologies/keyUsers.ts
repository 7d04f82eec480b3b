/** Uses of an existing key that stores share. */
import type { StoreSettings } from "../../components/settings";

/** A writer's uses of the offline store's key. Writers of an Iceberg table also read its metadata back. */
export function writerActions({ featureGroups }: Pick<StoreSettings, "featureGroups">): string[] {
  const iceberg = featureGroups.some(({ tableFormat }) => tableFormat === "Iceberg");
  return ["kms:GenerateDataKey", ...(iceberg ? ["kms:Decrypt"] : [])];
}

/** ARN of a role that the engine will make: its name is the logical name and seven more characters. */
export function roleToBe(
  { partition, id }: { readonly partition: string; readonly id: string },
  logicalName: string,
): string {
  return `arn:${partition}:iam::${id}:role/${logicalName}-0000000`;
}

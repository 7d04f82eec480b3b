/** Turns a store's settings into the facts that its policies are made from and their sizes checked with. Pure. */
import { icebergTables } from "./policies/iceberg";
import type { KeyOwnerFacts } from "./policies/offlineStoreKey";
import { documentedOnlineStoreKeyPolicy, onlineStoreKeyPolicy } from "./policies/onlineStoreKey";
import type { WriterAccessFacts } from "./policies/writerRole";
import type { AccountSettings, PolicyMode, StoreSettings } from "./settings/types";

/** @param place the account of the feature groups, which owns the keys */
export function keyOwnerFacts(
  { keyAdministrators, keys }: StoreSettings,
  { partition, id }: AccountSettings,
): KeyOwnerFacts {
  const { sageMakerReads } = keys;
  return { partition, keyAccount: id, administratorRoleArns: keyAdministrators, sageMakerReads };
}

/** The policy of the online store's own key. */
export function onlineKeyPolicyOf(store: StoreSettings, place: AccountSettings, mode: PolicyMode) {
  const document = mode === "documented" ? documentedOnlineStoreKeyPolicy : onlineStoreKeyPolicy;
  return document({ ...keyOwnerFacts(store, place), viaService: store.keys.viaService });
}

export type StoreRoleFacts = Required<Pick<WriterAccessFacts, "bucketAccount" | "prefix" | "iceberg">>;

/**
 * The facts for the policy of the role that Feature Store writes as.
 * @param place the account of the feature groups, whose Data Catalog has their tables
 * @param bucketAccount 12 digits
 */
export function storeRoleFacts(
  { prefix, featureGroups }: StoreSettings,
  { partition, region, id }: AccountSettings,
  bucketAccount: string,
): StoreRoleFacts {
  const glueArn = `arn:${partition}:glue:${region}:${id}`;
  return { bucketAccount, prefix, iceberg: { glueArn, tables: icebergTables(featureGroups) } };
}

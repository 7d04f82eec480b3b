/** Turns settings into the facts of policies: with outputs in the stages, with stand-ins for checking sizes. Pure. */
import { icebergTables } from "../../policies/iceberg";
import type { OfflineStoreKeyFacts } from "../../policies/offlineStoreKey";
import type { AccountSettings } from "../../settings/types";
import { keyOwnerFacts } from "../../storeFacts";
import type { OfflineStoreSettings } from "./settings";

/**
 * Facts of the bucket's policy, without the bucket.
 * @typeParam T an output, or a stand-in
 */
export function bucketFacts<T>(
  { prefix, additionalWriterRoleArns, featureGroups }: OfflineStoreSettings,
  { roleArn, roleId, keyArn }: { readonly roleArn: T; readonly roleId: T; readonly keyArn: T },
) {
  return {
    prefix,
    writerRoleArns: [roleArn, ...additionalWriterRoleArns],
    writerRoleId: roleId,
    keyArn,
    iceberg: icebergTables(featureGroups).length > 0,
  };
}

/**
 * Facts of the policy of the offline store's key.
 * @param place account A
 * @param readerAccount 12 digits: account B
 */
export function offlineKeyFacts(
  store: OfflineStoreSettings,
  place: AccountSettings,
  readerAccount: string,
  role: { readonly roleArn: string; readonly roleId: string },
): OfflineStoreKeyFacts {
  return {
    ...keyOwnerFacts(store, place),
    region: place.region,
    readerAccount,
    writerRoleArns: [role.roleArn, ...store.additionalWriterRoleArns],
    writerRoleId: role.roleId,
  };
}

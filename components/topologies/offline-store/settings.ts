/** Settings of topology offline-store: `offlineStore`, with its rules and defaults. */
import type { ValidationError } from "../../settings/errors";
import { keySettings } from "../../settings/keySettings";
import { storeSchema } from "../../settings/storeSchema";
import type { StoreSettings } from "../../settings/types";
import type { Raw } from "../../topology";

/** Feature groups of account A whose offline store is a bucket of account B. */
export interface OfflineStoreSettings extends StoreSettings {
  /** ARNs of further roles of account A that write offline stores into the bucket. */
  readonly additionalWriterRoleArns: readonly string[];
}

export interface OwnSettings {
  /** Left out: the topology is off. */
  readonly offlineStore?: OfflineStoreSettings;
}

export const shape = {
  offlineStore: storeSchema
    .extend({ additionalWriterRoleArns: storeSchema.shape.keyAdministrators })
    .optional(),
};
type RawSettings = Raw<typeof shape>;

export function normalise({ offlineStore }: RawSettings): OwnSettings {
  return offlineStore
    ? { offlineStore: { ...offlineStore, keys: keySettings(offlineStore.keys, "aws") } }
    : {};
}

export const rules = {
  *presence({ accountA, offlineStore }: RawSettings): Iterable<ValidationError> {
    if (offlineStore && !accountA)
      yield { path: "accountA", message: "is missing: the account that owns offlineStore's feature groups" };
  },
  /** A feature group and the bucket of its offline store have to be in one region: otherwise AWS answers "Invalid S3Uri provided". */
  *regions({ accountA, accountB, offlineStore }: RawSettings): Iterable<ValidationError> {
    if (offlineStore && accountA && accountA.region !== accountB.region)
      yield {
        path: "accountB.region",
        message: `is ${accountB.region}, but the offline store's bucket has to be in the feature groups' region, ${accountA.region}`,
      };
  },
};

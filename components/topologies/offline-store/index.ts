/** Topology offline-store: account A's feature groups write their offline store into account B's bucket. */
import type { Topology } from "../../topology";
import { kinds } from "./kinds";
import { quotas } from "./quotas";
import { normalise, rules, shape, type OfflineStoreSettings, type OwnSettings } from "./settings";
import { stages } from "./stages";
import { store } from "./store";

export { ref, type FeatureGroupsContract, type OfflineBucketContract, type WriterContract } from "./kinds";
export type { OfflineStoreSettings } from "./settings";

export const offlineStore: Topology<typeof shape, OwnSettings> = {
  name: "offline-store",
  setting: "offlineStore",
  shape,
  rules,
  normalise,
  buckets: ({ offlineStore: own }) => (own ? [["offlineStore.bucketName", own.bucketName]] : []),
  roles: ({ offlineStore: own }) =>
    (["keyAdministrators", "additionalWriterRoleArns"] as const).map((list) => ({
      setting: `offlineStore.${list}`,
      arns: own?.[list] ?? [],
      account: "A",
    })),
  quotas,
  kinds,
  stages: ({ offlineStore: own }) => (own ? stages(own) : []),
  everyStage: () => stages({} as OfflineStoreSettings),
  less: () => [{ offlineStore: undefined }],
  store,
};

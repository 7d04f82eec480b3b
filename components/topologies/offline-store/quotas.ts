/** Checks the sizes of the topology's policies before anything is made, with stand-ins as long as AWS's names will be. */
import { documentedOfflineStoreKeyPolicy, offlineStoreKeyPolicy } from "../../policies/offlineStoreKey";
import { QUOTAS } from "../../policies/quotas";
import type { ValidationError } from "../../settings/errors";
import { makesKey } from "../../settings/keySettings";
import { accountOf, type SharedSettings } from "../../settings/types";
import { ROLE_ID, standInStore, tooLarge } from "../../standIns";
import { onlineKeyQuota, storeRoleQuota } from "../../storeQuotas";
import { bucketFacts, offlineKeyFacts } from "./facts";
import { documentedOfflineBucketPolicy, offlineBucketPolicy } from "./policies/offlineBucket";
import type { OwnSettings } from "./settings";
import { store } from "./store";

export function* quotas(settings: SharedSettings & OwnSettings): Iterable<ValidationError> {
  const { offlineStore, policyMode } = settings;
  if (!offlineStore) return;
  const place = accountOf(settings, "A");
  const documented = policyMode === "documented";
  const { roleArn, bucketArn, offlineKeyArn = "" } = standInStore(offlineStore, place, store.roleName);
  const writer = { roleArn, roleId: ROLE_ID, keyArn: offlineKeyArn };
  const bucketPolicy = documented ? documentedOfflineBucketPolicy : offlineBucketPolicy;
  yield* tooLarge(
    "offlineStore.additionalWriterRoleArns",
    "account B's bucket policy",
    bucketPolicy({ bucketArn, ...bucketFacts(offlineStore, writer) }),
    QUOTAS.bucketPolicy,
    "name fewer roles: one role can write for many feature groups",
  );
  yield* onlineKeyQuota(settings, store, offlineStore);
  const keyPolicy = documented ? documentedOfflineStoreKeyPolicy : offlineStoreKeyPolicy;
  if (makesKey(offlineStore.keys, "offline"))
    yield* tooLarge(
      "offlineStore.keyAdministrators",
      "account A's key policy",
      keyPolicy(offlineKeyFacts(offlineStore, place, accountOf(settings, "B").id, writer)),
      QUOTAS.keyPolicy,
      "name fewer administrators and writers",
    );
  yield* storeRoleQuota(settings, store, offlineStore);
}

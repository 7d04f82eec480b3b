/** The sizes of the policies that every store has, before anything is made. */
import { QUOTAS } from "./policies/quotas";
import { writerAccessPolicy } from "./policies/writerRole";
import type { ValidationError } from "./settings/errors";
import { makesKey } from "./settings/keySettings";
import { accountOf, type SharedSettings, type StoreSettings } from "./settings/types";
import { ROLE_ID, standInStore, tooLarge } from "./standIns";
import { onlineKeyPolicyOf, storeRoleFacts } from "./storeFacts";
import type { StoreFacts } from "./topology";

export function* storeQuotas(
  settings: SharedSettings,
  { setting, account, bucketAccount, roleName }: StoreFacts,
  store: StoreSettings,
): Iterable<ValidationError> {
  const place = accountOf(settings, account);
  if (makesKey(store.keys, "online"))
    yield* tooLarge(
      `${setting}.keyAdministrators`,
      "the policy of the online store's key",
      onlineKeyPolicyOf(store, place, settings.policyMode),
      QUOTAS.keyPolicy,
      "name fewer administrators",
    );
  // Each Iceberg table is named in the policy of the role that writes it. The documents' own policy does not grow with them.
  if (settings.policyMode === "documented") return;
  const { bucketArn, offlineKeyArn: keyArn } = standInStore(store, place, roleName);
  const facts = storeRoleFacts(store, place, accountOf(settings, bucketAccount).id);
  yield* tooLarge(
    `${setting}.featureGroups`,
    "the policy of the role that writes the Iceberg tables",
    writerAccessPolicy({ ...facts, bucketArn, keyArn, roleId: ROLE_ID }),
    QUOTAS.inlinePolicies,
    "give fewer groups tableFormat: Iceberg, or set policyMode: documented",
  );
}

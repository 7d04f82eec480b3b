/** Checks the sizes of the policies that every store has, before anything is made. */
import { QUOTAS } from "./policies/quotas";
import { writerAccessPolicy } from "./policies/writerRole";
import type { ValidationError } from "./settings/errors";
import { makesKey } from "./settings/keySettings";
import { accountOf, type SharedSettings, type StoreSettings } from "./settings/types";
import { ROLE_ID, standInStore, tooLarge } from "./standIns";
import { onlineKeyPolicyOf, storeRoleFacts } from "./storeFacts";
import type { StoreFacts } from "./topology";

type Errors = Iterable<ValidationError>;

export function* onlineKeyQuota(settings: SharedSettings, facts: StoreFacts, store: StoreSettings): Errors {
  if (!makesKey(store.keys, "online")) return;
  yield* tooLarge(
    `${facts.setting}.keyAdministrators`,
    "the policy of the online store's key",
    onlineKeyPolicyOf(store, accountOf(settings, facts.account), settings.policyMode),
    QUOTAS.keyPolicy,
    "name fewer administrators",
  );
}

/** The policy of the role that writes Iceberg tables names each of them. The documents' own policy does not grow with them. */
export function* storeRoleQuota(settings: SharedSettings, facts: StoreFacts, store: StoreSettings): Errors {
  if (settings.policyMode === "documented") return;
  const place = accountOf(settings, facts.account);
  const { bucketArn, offlineKeyArn: keyArn } = standInStore(store, place, facts.roleName);
  const known = storeRoleFacts(store, place, accountOf(settings, facts.bucketAccount).id);
  yield* tooLarge(
    `${facts.setting}.featureGroups`,
    "the policy of the role that writes the Iceberg tables",
    writerAccessPolicy({ ...known, bucketArn, keyArn, roleId: ROLE_ID }),
    QUOTAS.inlinePolicies,
    "give fewer groups tableFormat: Iceberg, or set policyMode: documented",
  );
}

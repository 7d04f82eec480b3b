/** Checks the sizes of profiles' policies before anything is made. */
import { profilePolicy, profileTrustPolicy } from "../policies/profiles";
import { QUOTAS } from "../policies/quotas";
import type { ValidationError } from "../settings/errors";
import { ROLE_ID, standInStore, tooLarge } from "../standIns";
import { storesOf, type Settings } from "../topologies";
import { profileFacts } from "./facts";

export function profileQuotas(settings: Settings): ValidationError[] {
  const stores = storesOf(settings);
  return settings.profiles.flatMap((profile) => {
    const path = `profiles.${profile.name}`;
    const trust = tooLarge(
      `${path}.trustedRoleArns`,
      "the trust policy of its role",
      profileTrustPolicy(profile),
      QUOTAS.trustPolicy,
      "name fewer roles",
    );
    const store = stores.find(({ setting }) => setting === profile.store);
    if (!store) return [...trust];
    const values = { ...standInStore(store.settings, store.place, store.roleName), roleId: ROLE_ID };
    const groups =
      profile.scope.kind === "names" ? "name fewer feature groups" : "choose tags of fewer feature groups";
    const access = tooLarge(
      path,
      "the policy of its role",
      profilePolicy(profileFacts(settings, profile, store, values)),
      QUOTAS.inlinePolicies,
      `${groups}, or split it into two profiles`,
    );
    return [...trust, ...access];
  });
}

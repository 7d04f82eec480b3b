/** Profiles as stages: one for account A's and one for account B's, after the stores that they are for. */
import * as pulumi from "@pulumi/pulumi";
import type { ProfileSettings } from "../settings/types";
import { defineStage, each, mapped, type Stage } from "../stage";
import type { PlacedStore } from "../topology";
import { watchedRole } from "../watched";
import { ref } from "./kinds";
import { profileComponent, ProfileRole, profileRoleName } from "./profileRole";

/**
 * A stage for each account that has profiles.
 * @param stores those in the settings: profiles on other stores are left out
 */
export function profileStages(
  profiles: readonly ProfileSettings[],
  stores: readonly PlacedStore[],
): readonly Stage[] {
  return (["A", "B"] as const).flatMap((account) => {
    const roles = profiles.flatMap((profile) => {
      const store = stores.find(({ setting }) => setting === profile.store);
      return store && profile.account === account ? [{ profile, store }] : [];
    });
    return roles.length === 0 ? [] : [profilesOf(account, roles)];
  });
}

interface Role {
  readonly profile: ProfileSettings;
  readonly store: PlacedStore;
}

const profilesOf = (account: "A" | "B", roles: readonly Role[]): Stage =>
  defineStage({
    is: ref("profiles", account),
    account,
    needs: { roles: each(roles.map((role) => mapped(role.store.outputs, (given) => ({ ...role, given })))) },
    watched: (place, { profiles }) =>
      roles.map(({ profile: { name } }) =>
        watchedRole(
          place,
          profileRoleName(name),
          profiles.apply((made) => made[name]?.roleArn ?? ""),
        ),
      ),
    program({ settings, options }, given) {
      const made = given.roles.map((role) => {
        const { name } = role.profile;
        return [
          name,
          new ProfileRole(profileComponent(name), { settings, ...role }, options()).outputs,
        ] as const;
      });
      return { profiles: pulumi.output(Object.fromEntries(made)) };
    },
  });

/** Turns settings into the facts of a profile's policy: with outputs in its stage, with stand-ins for checking its size. */
import * as pulumi from "@pulumi/pulumi";
import type { StoreValues } from "../contract";
import type { ProfileFacts } from "../policies/profileFacts";
import { accountOf, tagsOfGroup, type ProfileSettings, type SharedSettings } from "../settings/types";
import type { PlacedStore } from "../topology";

export interface ProfileValues extends StoreValues {
  /** Unique ID of the profile's role. */
  readonly roleId: string;
}

/** @throws RunError if the store lacks a feature group that the profile may be for */
export function profileFacts(
  settings: SharedSettings,
  { name: profileName, profile, account, scope }: ProfileSettings,
  store: PlacedStore,
  { featureGroups, roleArn: storeRoleArn, ...known }: ProfileValues,
): ProfileFacts {
  const { partition, region, id: groupAccount } = store.place;
  return {
    ...{ ...known, profile, scope, partition, region, groupAccount, storeRoleArn },
    account: accountOf(settings, account).id,
    bucketAccount: accountOf(settings, store.bucketAccount).id,
    prefix: store.settings.prefix,
    groups: store.settings.featureGroups.map((group) => {
      const { name, onlineStore, tableFormat } = group;
      const made = Object.hasOwn(featureGroups, name) ? featureGroups[name] : undefined;
      if (made)
        return {
          ...made,
          onlineStore,
          iceberg: tableFormat === "Iceberg",
          tags: tagsOfGroup(settings, group),
        };
      throw new pulumi.RunError(
        `${store.setting} has no feature group ${name} yet, which profile ${profileName} may apply to: update stage ${store.stages.groups} first`,
      );
    }),
  };
}

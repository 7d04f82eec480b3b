/** Profiles as stages: those of account A, and those of account B, after the stores that they are for. */
import * as pulumi from "@pulumi/pulumi";
import {
  contracts,
  decodeContract,
  type CentralStoreContract,
  type FeatureGroupsContract,
  type OfflineBucketContract,
  type Wired,
  type WriterContract,
} from "../contracts";
import { accountOf, tagsOfGroup, type ProfileSettings, type Settings } from "../settings";
import type { Stage, StageInputs } from "../stage";
import { wiredKey } from "../storeKey";
import { ProfileRole, type ProfileRoleArgs } from "./profileRole";

const NEEDS = {
  offlineStore: ["writer", "offlineBucket", "featureGroups"],
  centralStore: ["centralStore"],
} as const;

/** A stage for each account that profiles are in. */
export function profileStages(profiles: readonly ProfileSettings[]): readonly Stage[] {
  return (["A", "B"] as const).flatMap((account) => {
    const own = profiles.filter((profile) => profile.account === account);
    return own.length === 0 ? [] : [profilesOf(account, own)];
  });
}

const profilesOf = (account: "A" | "B", profiles: readonly ProfileSettings[]): Stage => ({
  name: `profiles:${account}`,
  account,
  needs: [...new Set(profiles.flatMap(({ store }) => NEEDS[store]))],
  program({ settings, accounts }, inputs) {
    const made = profiles.map((profile) => {
      const component = new ProfileRole(`profile-${profile.name}`, roleArgs(settings, profile, inputs), {
        providers: [accounts.provider(account)],
      });
      return [profile.name, component.contract()] as const;
    });
    return { profiles: pulumi.output(Object.fromEntries(made)) };
  },
  decode: (raw) => decodeContract(`profiles:${account}`, contracts.profiles, raw),
});

function roleArgs(settings: Settings, profile: ProfileSettings, inputs: StageInputs): ProfileRoleArgs {
  const { store: name } = profile;
  const store = settings[name];
  const groupAccount = accountOf(settings, name === "offlineStore" ? "A" : "B");
  const groups = store?.featureGroups ?? [];
  return {
    profile,
    groups,
    tags: Object.fromEntries(groups.map((group) => [group.name, tagsOfGroup(settings, group)])),
    store: name === "offlineStore" ? offlineStore(settings, inputs) : centralStore(settings, inputs),
    place: {
      partition: groupAccount.partition,
      region: groupAccount.region,
      account: accountOf(settings, profile.account).id,
      groupAccount: groupAccount.id,
      bucketAccount: accountOf(settings, "B").id,
      prefix: store?.prefix ?? "",
    },
  };
}

function offlineStore(settings: Settings, inputs: StageInputs): ProfileRoleArgs["store"] {
  const { roleArn, keyArn, onlineKeyArn } = inputs["writer"] as Wired<WriterContract>;
  const { bucketArn } = inputs["offlineBucket"] as Wired<OfflineBucketContract>;
  const { featureGroups } = inputs["featureGroups"] as Wired<FeatureGroupsContract>;
  const online = wiredKey("writer", settings.offlineStore?.keys.online ?? "aws", onlineKeyArn);
  return { featureGroups, bucketArn, roleArn, onlineKeyArn: online, offlineKeyArn: keyArn };
}

function centralStore(settings: Settings, inputs: StageInputs): ProfileRoleArgs["store"] {
  const store = inputs["centralStore"] as Wired<CentralStoreContract>;
  const { online = "aws", offline = "aws" } = settings.centralStore?.keys ?? {};
  const { featureGroups, bucketArn, roleArn } = store;
  return {
    featureGroups,
    bucketArn,
    roleArn,
    onlineKeyArn: wiredKey("centralStore", online, store.onlineKeyArn),
    offlineKeyArn: wiredKey("centralStore", offline, store.offlineKeyArn),
  };
}

/** The settings after validation, frozen: stages are made from these. Their forms describe each setting. */
import type { GroupScope, Tags } from "../policies/groupScope";
import type { ProfileName } from "../policies/profileFacts";
import type { KeySettings } from "./keySettings";
import type { RawAccount, RawShared } from "./sharedSchema";
import type { RawGroup, RawStore } from "./storeSchema";

export type { GroupScope, Tags } from "../policies/groupScope";
export type { ProfileName } from "../policies/profileFacts";
export type { KeySettings, StoreHalf } from "./keySettings";

/** Read-only at any depth. */
export type Fixed<T> = T extends readonly (infer Each)[]
  ? readonly Fixed<Each>[]
  : T extends object
    ? { readonly [K in keyof T]: Fixed<T[K]> }
    : T;

/** `A` and `B`, the documents' names for their two accounts; a consumer's account that is neither has the consumer's name. */
export type AccountName = string;

export interface AccountSettings extends Fixed<RawAccount> {
  /** `aws`, `aws-cn` or `aws-us-gov`: the partition of `deployerRoleArn`. */
  readonly partition: string;
}

export type FeatureGroupSettings = Fixed<RawGroup>;
export type FeatureSettings = FeatureGroupSettings["features"][number];
export type FeatureType = FeatureSettings["type"];

/** The settings of every store: a bucket, feature groups, and keys. */
export interface StoreSettings extends Fixed<Omit<RawStore, "keys">> {
  /** The keys that the store is encrypted under. */
  readonly keys: KeySettings;
}

/** A role with a ready set of permissions on a store's feature groups. */
export interface ProfileSettings {
  /** Part of the role's name. */
  readonly name: string;
  readonly profile: ProfileName;
  /** The store's setting: `offlineStore` or `centralStore`. */
  readonly store: string;
  /** The role's account: the feature groups', or for offlineStore possibly the bucket's, B. */
  readonly account: "A" | "B";
  /** Roles that may assume it. */
  readonly trustedRoleArns: readonly string[];
  readonly scope: GroupScope;
}

/** The settings that all topologies share. Each topology's own are in its folder. */
export interface SharedSettings extends Fixed<Omit<RawShared, "accountA" | "accountB">> {
  /** By name: `A` if the settings use it, `B`, and each consumer's own. */
  readonly accounts: Readonly<Record<AccountName, AccountSettings>>;
  /** In the order of the file. */
  readonly profiles: readonly ProfileSettings[];
}
export type PolicyMode = SharedSettings["policyMode"];
export type MonitoringSettings = NonNullable<SharedSettings["monitoring"]>;

/** A feature group's own tags, and those of every resource. */
export function tagsOfGroup(
  settings: Pick<SharedSettings, "tags">,
  { tags }: Pick<FeatureGroupSettings, "tags">,
): Tags {
  return { ...settings.tags, ...tags };
}

/** The account of that name. @throws Error if the settings have no such account: a bug of the program */
export function accountOf(
  { accounts }: Pick<SharedSettings, "accounts">,
  name: AccountName,
): AccountSettings {
  const account = accounts[name];
  if (!account) throw new Error(`the settings have no account ${name}`);
  return account;
}

/** A topology: one way for accounts to share a feature store, as one object in this folder's terms. topologies/index.ts lists them. */
import type { z } from "zod";
import type { StoreValues, Wired } from "./contract";
import type { ValidationError } from "./settings/errors";
import type { RawShared } from "./settings/sharedSchema";
import type { RawStore } from "./settings/storeSchema";
import type { AccountName, AccountSettings, SharedSettings, StoreSettings } from "./settings/types";
import type { Kind, Need, Stage } from "./stage";

/** A topology's settings as written, with those that all topologies share. */
export type Raw<Shape extends z.ZodRawShape> = RawShared & z.infer<z.ZodObject<Shape>>;
type Errors = Iterable<ValidationError>;

/** The steps of validation in which a topology has its own rules, in order. */
export type RuleStep = "presence" | "accounts" | "regions" | "prefixes" | "last";

/**
 * @typeParam Shape the form of its settings
 * @typeParam Own its settings after validation
 */
export interface Topology<Shape extends z.ZodRawShape, Own extends object> {
  /** `offline-store`: also the name of its folders. */
  readonly name: string;
  /** The setting that turns it on. */
  readonly setting: keyof Shape & string;
  /** The form of its settings, by their names in the configuration. */
  readonly shape: Shape;
  readonly rules: { readonly [Step in RuleStep]?: (settings: Raw<Shape>) => Errors };
  /** The settings with their defaults. */
  normalise(this: void, settings: Raw<Shape>): Own;
  /** The accounts that its settings name besides A and B, by the setting. */
  accounts?(this: void, settings: Raw<Shape>): readonly NamedAccount[];
  /** The buckets that its settings name, by the setting. */
  buckets(this: void, settings: Raw<Shape>): readonly (readonly [setting: string, name: string])[];
  /** Roles that its settings list, each list for one account. */
  roles?(this: void, settings: Raw<Shape>): readonly ListedRoles[];
  /** Documents that would exceed AWS's sizes. */
  quotas(this: void, settings: SharedSettings & Own): Errors;
  readonly kinds: Readonly<Record<string, Kind>>;
  /** Its stages, each after what it needs; none if the settings turn it off. */
  stages(this: void, settings: Own): readonly Stage[];
  /** All stages that it can have with these consumers: names and needs only, because there are no settings. */
  everyStage(this: void, consumers: readonly string[]): readonly Stage[];
  /** Reduced versions of the settings, each to be laid over them: they lack what a stage of this consumer, or of none, must not need. */
  less(
    this: void,
    settings: SharedSettings & Own,
    consumer?: string,
  ): readonly Partial<SharedSettings & Own>[];
  /** Left out: it has no feature groups. */
  readonly store?: Store<Shape, Own>;
}

export interface NamedAccount {
  /** `consumers.ads.account` */
  readonly setting: string;
  /** Its name in `Settings.accounts`. */
  readonly name: AccountName;
  readonly account: RawShared["accountB"];
}

export interface ListedRoles {
  /** `offlineStore.keyAdministrators` */
  readonly setting: string;
  readonly arns: readonly string[];
  readonly account: "A" | "B";
}

/** Facts about a topology's store: a bucket, and feature groups with their keys and role. */
export interface StoreFacts {
  /** Its setting: `offlineStore`. Profiles name the store by it. */
  readonly setting: string;
  /** The account of the feature groups, their keys, role and tables. */
  readonly account: "A" | "B";
  readonly bucketAccount: "A" | "B";
  /** The stages that make its role and keys, its bucket, and its feature groups. */
  readonly stages: { readonly role: string; readonly bucket: string; readonly groups: string };
  /** Logical name of the role that Feature Store writes as. */
  readonly roleName: string;
  /** The online stores' key unless `keys.online` says otherwise. */
  readonly onlineKey: "aws" | "own";
  /** The errors for settings that the store does not support; left out: it supports them. */
  readonly refusals: {
    readonly inMemory: string;
    readonly noOfflineStore?: string;
    readonly awsKey?: string;
  };
  /** The problem of a profile's role in that account, or undefined. */
  profileProblem(profile: string, account: "A" | "B"): string | undefined;
}

export interface Store<Shape extends z.ZodRawShape, Own> extends StoreFacts {
  raw(this: void, settings: Raw<Shape>): RawStore | undefined;
  of(this: void, settings: Own): StoreSettings | undefined;
  /** The outputs of its stages; the settings say which keys it uses. */
  readonly outputs: Need<(settings: Own) => Wired<StoreValues>>;
}

/** A store that the settings have. */
export interface PlacedStore extends StoreFacts {
  readonly settings: StoreSettings;
  /** The account of the feature groups. */
  readonly place: AccountSettings;
  readonly outputs: Need<Wired<StoreValues>>;
}

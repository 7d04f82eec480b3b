/** The settings after validation: what every stage is made from. All of it is frozen. */
import type { GroupScope, Tags } from "../policies/groupScope";
import type { ProfileName } from "../policies/profiles";
import type { KeySettings } from "./keySettings";

export type { GroupScope, Tags } from "../policies/groupScope";
export type { ProfileName } from "../policies/profiles";
export type { KeySettings, StoreHalf } from "./keySettings";

/** The documents' words for their two accounts, `A` and `B`; a consumer's account that is neither has the consumer's name. */
export type AccountName = string;
export type PolicyMode = "leastPrivilege" | "documented";
export type FeatureType = "String" | "Integral" | "Fractional";

export interface AccountSettings {
  /** 12 digits. */
  readonly id: string;
  readonly region: string;
  /** `aws`, `aws-cn` or `aws-us-gov`: the partition of `deployerRoleArn`. */
  readonly partition: string;
  /** The role of the account that deployments assume. */
  readonly deployerRoleArn: string;
  readonly externalId?: string;
}

export interface FeatureSettings {
  readonly name: string;
  readonly type: FeatureType;
  /** Many values of the type in one record; in InMemory online stores only. */
  readonly collection?: "List" | "Set" | "Vector";
  /** How many numbers a vector has. */
  readonly dimension?: number;
}

export interface FeatureGroupSettings {
  readonly name: string;
  readonly description?: string;
  /** Name of the feature that identifies a record. */
  readonly recordIdentifier: string;
  /** Name of the feature that holds the event time: String (ISO-8601) or Fractional (Unix seconds). */
  readonly eventTime: string;
  readonly features: readonly FeatureSettings[];
  readonly onlineStore: boolean;
  /** How long the online store keeps a record. */
  readonly ttl?: {
    readonly unit: "Seconds" | "Minutes" | "Hours" | "Days" | "Weeks";
    readonly value: number;
  };
  /** False: the group has an online store only. */
  readonly offlineStore?: boolean;
  /** Of the online store; left out: Standard. */
  readonly storageType?: "Standard" | "InMemory";
  /** Left out: OnDemand. */
  readonly throughput?: {
    readonly mode: "OnDemand" | "Provisioned";
    /** Per second; of a group with an online store. */
    readonly readCapacityUnits?: number;
    /** Per second. */
    readonly writeCapacityUnits?: number;
  };
  /** Of the offline store; left out: Glue. */
  readonly tableFormat?: "Glue" | "Iceberg";
  /** True: Feature Store makes no table; `dataCatalog` may name one that its owner makes. */
  readonly disableGlueTableCreation?: boolean;
  /** The offline store's table; left out: Feature Store names it `NAME_EPOCH`, in the database sagemaker_featurestore. */
  readonly dataCatalog?: {
    readonly catalog?: "AwsDataCatalog";
    readonly database: string;
    readonly table: string;
  };
  readonly tags: Readonly<Record<string, string>>;
}

/** The settings of every store: a bucket, feature groups, and keys. */
export interface StoreSettings {
  readonly bucketName: string;
  /** Key prefix without a slash at either end; empty for the whole bucket. */
  readonly prefix: string;
  readonly featureGroups: readonly FeatureGroupSettings[];
  /** ARNs of roles, of the account that owns the keys, that administer them; the account's own IAM always can. */
  readonly keyAdministrators: readonly string[];
  /** Which keys the store is encrypted under. */
  readonly keys: KeySettings;
  /** Days, 7 to 30, that AWS waits before it deletes a key. */
  readonly keyDeletionWindowDays: number;
  /** Days after which an object's older version is deleted. */
  readonly noncurrentVersionDays: number;
}

/** A role with a ready set of permissions on a store's feature groups. */
export interface ProfileSettings {
  /** Part of the role's name. */
  readonly name: string;
  readonly profile: ProfileName;
  /** The store's setting: `offlineStore` or `centralStore`. */
  readonly store: string;
  /** Where the role is: the feature groups' account, or for offlineStore the bucket's, B. */
  readonly account: "A" | "B";
  /** Roles that may assume it. */
  readonly trustedRoleArns: readonly string[];
  readonly scope: GroupScope;
}

export interface WatchedAccountSettings {
  /** A trail that is there, or one that is made, with its bucket; files end after as many days. */
  readonly trail:
    { readonly existing: string } | { readonly bucketName: string; readonly retentionDays: number };
  /** ARN of the key that the topic is encrypted under; its policy lets EventBridge and CloudWatch use it. */
  readonly topicKeyArn?: string;
}

export interface MonitoringSettings {
  readonly accounts: { readonly A?: WatchedAccountSettings; readonly B?: WatchedAccountSettings };
  readonly subscribers: readonly {
    readonly protocol: "email" | "sqs" | "https";
    readonly endpoint: string;
  }[];
  /** How many denied requests within how many minutes are an alarm. */
  readonly accessDenied: { readonly threshold: number; readonly periodMinutes: number };
  /** True: trails that are made record what is done with records and objects, too. */
  readonly dataEvents: boolean;
}

/** The settings that all topologies share. Those of each are in its folder. */
export interface SharedSettings {
  /** By name: `A` if anything is in it, `B`, and each consumer's own. */
  readonly accounts: Readonly<Record<AccountName, AccountSettings>>;
  /** In the order of the file. */
  readonly profiles: readonly ProfileSettings[];
  /** Left out: nothing is watched. */
  readonly monitoring?: MonitoringSettings;
  readonly policyMode: PolicyMode;
  /** Protects and retains what holds data: buckets, keys, feature groups. */
  readonly protectData: boolean;
  readonly verification: {
    /** Lets deployers assume the writer role and the execution roles, so that `verify` can try what these may do. */
    readonly trustDeployer: boolean;
  };
  /** Tags of every resource. */
  readonly tags: Tags;
}

/** A feature group's own tags, and those of every resource. */
export function tagsOfGroup(
  settings: Pick<SharedSettings, "tags">,
  { tags }: Pick<FeatureGroupSettings, "tags">,
): Tags {
  return { ...settings.tags, ...tags };
}

/** The account of that name. @throws Error for a name that the settings do not have: a bug of the program */
export function accountOf(
  { accounts }: Pick<SharedSettings, "accounts">,
  name: AccountName,
): AccountSettings {
  const account = accounts[name];
  if (!account) throw new Error(`the settings have no account ${name}`);
  return account;
}

/** The settings after validation: what every stage is made from. All of it is frozen. */

import type { Permission } from "../topologies/assumed-role/policies/crossAccountRole";
import type { GroupScope, Tags } from "../policies/groupScope";
import type { ProfileName } from "../policies/profiles";
import type { KeySettings } from "./keySettings";

export type { Permission } from "../topologies/assumed-role/policies/crossAccountRole";
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

/** What both topologies' stores have: a bucket, feature groups, and keys. */
interface StoreSettings {
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

/** Topology offline-store: feature groups of account A whose offline store is a bucket of account B. */
export interface OfflineStoreSettings extends StoreSettings {
  /** ARNs of further roles of account A that write offline stores into the bucket. */
  readonly additionalWriterRoleArns: readonly string[];
}

/** Topology assumed-role: feature groups, bucket and keys of account B that consumers reach through a role. */
export type CentralStoreSettings = StoreSettings;

export interface ResultsBucketSettings {
  readonly name: string;
  /** Key prefix of the results, without a slash at either end. */
  readonly prefix: string;
  /** True: the consumer has the bucket already, and keeps its configuration and policy in its own hands. */
  readonly existing: boolean;
  /** ARN of the key that an existing bucket's results are encrypted under; without it, Amazon S3's own keys. */
  readonly keyArn?: string;
  /** Days after which results are deleted (of a bucket that is made here). */
  readonly retentionDays: number;
}

export interface ConsumerSettings {
  /** Also part of the names of its stages, workgroup and roles. */
  readonly name: string;
  /** Key in `Settings.accounts`: `A`, or the consumer's own name. */
  readonly account: AccountName;
  /** The SageMaker execution role that the consumer has already; without it one is made. */
  readonly executionRoleArn?: string;
  readonly resultsBucket: ResultsBucketSettings;
  /** What account B's role asks of whoever assumes it. */
  readonly externalId?: string;
  /** `o-...`: the organization that whoever assumes the role has to be in. */
  readonly organizationId?: string;
  /** Lets the SageMaker service assume account B's role too, as the document asks. */
  readonly trustSageMaker: boolean;
  /** By name of a feature group of the central store. */
  readonly access: Readonly<Record<string, readonly Permission[]>>;
  /** By tags of the central store's feature groups: all of an entry's. */
  readonly accessByTags: readonly TaggedAccess[];
}

export interface TaggedAccess {
  readonly tags: Tags;
  readonly permissions: readonly Permission[];
}

/** A role with a ready set of permissions on a store's feature groups. */
export interface ProfileSettings {
  /** Part of the role's name. */
  readonly name: string;
  readonly profile: ProfileName;
  readonly store: "offlineStore" | "centralStore";
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

export interface Settings {
  /** By name: `A` if anything is of it, `B`, and each consumer's own. */
  readonly accounts: Readonly<Record<AccountName, AccountSettings>>;
  /** Left out: the topology offline-store is off. */
  readonly offlineStore?: OfflineStoreSettings;
  /** Left out: the topology assumed-role is off. */
  readonly centralStore?: CentralStoreSettings;
  /** Of the central store, in the order of the file. */
  readonly consumers: readonly ConsumerSettings[];
  /** In the order of the file. */
  readonly profiles: readonly ProfileSettings[];
  /** Left out: nothing is watched. */
  readonly monitoring?: MonitoringSettings;
  readonly policyMode: PolicyMode;
  /** Protects and retains what holds data: buckets, keys, feature groups. */
  readonly protectData: boolean;
  readonly verification: {
    /** Lets deployers assume the writer role and the execution roles, so that what these may do can be tried for real. */
    readonly trustDeployer: boolean;
  };
  /** Tags of every resource. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The account of that name. @throws Error for a name that the settings do not have: a fault of the program */
export function accountOf(settings: Settings, name: AccountName): AccountSettings {
  const account = settings.accounts[name];
  if (!account) throw new Error(`the settings have no account ${name}`);
  return account;
}

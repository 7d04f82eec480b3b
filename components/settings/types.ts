/** The settings after validation: what every stage is made from. All of it is frozen. */

/** The documents' words for the two accounts. */
export type AccountName = "A" | "B";
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
  readonly tags: Readonly<Record<string, string>>;
}

export interface OfflineStoreSettings {
  readonly bucketName: string;
  /** Key prefix without a slash at either end; empty for the whole bucket. */
  readonly prefix: string;
  readonly featureGroups: readonly FeatureGroupSettings[];
  /** ARNs of roles of account A that administer the key; the account's own IAM always can. */
  readonly keyAdministrators: readonly string[];
  /** ARNs of further roles of account A that write offline stores into the bucket. */
  readonly additionalWriterRoleArns: readonly string[];
  /** Days, 7 to 30, that AWS waits before it deletes the key. */
  readonly keyDeletionWindowDays: number;
  /** Days after which an object's older version is deleted. */
  readonly noncurrentVersionDays: number;
}

export interface Settings {
  readonly accounts: Readonly<Record<AccountName, AccountSettings>>;
  readonly offlineStore: OfflineStoreSettings;
  readonly policyMode: PolicyMode;
  /** Protects and retains what holds data: bucket, key, feature groups. */
  readonly protectData: boolean;
  readonly verification: {
    /** Lets account A's deployer assume the writer role, so that its refusals can be tried for real. */
    readonly trustDeployer: boolean;
  };
  /** Tags of every resource. */
  readonly tags: Readonly<Record<string, string>>;
}

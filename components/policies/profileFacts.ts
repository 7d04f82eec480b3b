/** The facts that a profile's policies are made of. */
import type { GroupScope, ScopedGroup } from "./groupScope";

export type ProfileName = "producer" | "consumer" | "auditor" | "administrator";

export interface ProfileGroup extends ScopedGroup {
  readonly onlineStore: boolean;
  /** Location of its offline objects: `s3://bucket/.../data`; absent: it has no offline store. */
  readonly s3Uri?: string;
  /** True: the table is an Iceberg table, whose metadata is stored beside the data. */
  readonly iceberg?: boolean;
  readonly table?: { readonly database: string; readonly name: string };
}

export interface ProfileFacts {
  readonly profile: ProfileName;
  /** Unique ID of the role that has the policy (see `toRole`). */
  readonly roleId: string;
  readonly partition: string;
  /** The store's region. */
  readonly region: string;
  /** 12 digits each: the role's account, the account of the feature groups with their keys and tables, and the bucket's. */
  readonly account: string;
  readonly groupAccount: string;
  readonly bucketAccount: string;
  readonly scope: GroupScope;
  /** All groups of the store. */
  readonly groups: readonly ProfileGroup[];
  readonly bucketArn: string;
  /** The store's prefix in the bucket, without slashes at either end; empty for the whole bucket. */
  readonly prefix: string;
  /** The role that Feature Store writes the offline store as. */
  readonly storeRoleArn: string;
  /** Left out: AWS's own key, which needs no permission. */
  readonly onlineKeyArn?: string;
  readonly offlineKeyArn?: string;
}

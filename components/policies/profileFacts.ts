/** The facts that a profile's policies are made of. */
import type { GroupScope, ScopedGroup } from "./groupScope";

export type ProfileName = "producer" | "consumer" | "auditor" | "administrator";

export interface ProfileGroup extends ScopedGroup {
  readonly onlineStore: boolean;
  /** Where its offline objects are: `s3://bucket/.../data`; absent: it has no offline store. */
  readonly s3Uri?: string;
  /** True: the table is an Iceberg table, whose metadata lies beside the data. */
  readonly iceberg?: boolean;
  readonly table?: { readonly database: string; readonly name: string };
}

export interface ProfileFacts {
  readonly profile: ProfileName;
  /** Unique ID of the role that has the policy (see `toRole`). */
  readonly roleId: string;
  readonly partition: string;
  /** Of the store. */
  readonly region: string;
  /** 12 digits each: of the role, of the feature groups with their keys and tables, and of the bucket. */
  readonly account: string;
  readonly groupAccount: string;
  readonly bucketAccount: string;
  readonly scope: GroupScope;
  /** All groups of the store. */
  readonly groups: readonly ProfileGroup[];
  readonly bucketArn: string;
  /** Of the store in the bucket, without slashes at either end; empty for the whole bucket. */
  readonly prefix: string;
  /** The role that Feature Store writes the offline store as. */
  readonly storeRoleArn: string;
  /** Left out: AWS's own key, whose use takes no permission. */
  readonly onlineKeyArn?: string;
  readonly offlineKeyArn?: string;
}

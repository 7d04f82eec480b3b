/** The facts that a consumer's policies are made from. */
import type { Tags } from "../../../policies/groupScope";

/** A consumer's permission on a feature group. */
export type Permission = "readOnline" | "readOffline" | "write";

/** A feature group of the central store, and the consumer's permissions on it. */
export interface PermittedGroup {
  readonly name: string;
  readonly arn: string;
  readonly onlineStore: boolean;
  /** Location of its offline objects: `s3://bucket/.../data`; absent: it has no offline store. */
  readonly s3Uri?: string;
  /** True: the table is an Iceberg table, whose metadata is stored beside the data. */
  readonly iceberg?: boolean;
  readonly table?: { readonly database: string; readonly name: string };
  readonly access: readonly Permission[];
}

export interface CrossAccountAccessFacts {
  readonly partition: string;
  /** Account B's region. */
  readonly region: string;
  /** 12 digits: account B. */
  readonly account: string;
  /** The central store's bucket. */
  readonly bucketArn: string;
  /** The keys of the two halves, which may be one key; absent: AWS's own, which needs no permission of the caller. */
  readonly onlineKeyArn?: string;
  readonly offlineKeyArn?: string;
  readonly workgroupArn: string;
  readonly results: ResultsFacts;
  readonly groups: readonly PermittedGroup[];
  /** Records of all feature groups of account B that have all of an entry's tags. */
  readonly byTags?: readonly TaggedRecords[];
}

export interface TaggedRecords {
  readonly tags: Tags;
  readonly access: readonly Permission[];
}

export interface ResultsFacts {
  readonly bucketArn: string;
  /** Without slashes at either end. */
  readonly prefix: string;
  /** 12 digits: the consumer's account, which owns the bucket. */
  readonly account: string;
  /** The key that results are encrypted under, if not Amazon S3's own. */
  readonly keyArn?: string;
}

/** Data in deployed resources, and its loss. */
import type { DeployedStack } from "./stackPort";

/**
 * Resource types that hold data: a feature group's online records, a bucket's objects, and everything encrypted under a key.
 * Source: AWS KMS Developer Guide, "Delete an AWS KMS key",
 * https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
 */
const HOLDS_DATA: ReadonlySet<string> = new Set([
  "aws:sagemaker/featureGroup:FeatureGroup",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:kms/key:Key",
]);

/** True for a resource type that holds data. */
export function holdsDataType(type: string): boolean {
  return HOLDS_DATA.has(type);
}

/** True if the stack has a resource that holds data. */
export function holdsData(deployed: DeployedStack | undefined): boolean {
  return deployed?.resources.some(({ type }) => HOLDS_DATA.has(type)) ?? false;
}

/** The replacement or deletion of a resource that holds data: a feature group, a bucket or a key. */
export interface DataLoss {
  readonly stage: string;
  readonly kind: "replace" | "delete";
  readonly urn: string;
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** AWS ID as deployed, such as the bucket's name, if known. */
  readonly id?: string;
  /** For a replacement: paths of the properties that force it. */
  readonly because: readonly string[];
  /** True if the user allowed it by name. */
  readonly allowed: boolean;
}

/** A resource that holds data and that a destruction kept, in AWS and in its stage's stack. */
export interface KeptData {
  readonly stage: string;
  readonly account: string;
  readonly type: string;
  /** AWS ID, such as the bucket's name. */
  readonly id: string;
}

/** Objects in a bucket, or below a prefix of one. */
export interface Contents {
  /** Objects that a reader finds: current versions. */
  readonly objects: number;
  /** All versions, including current ones. */
  readonly versions: number;
  readonly deleteMarkers: number;
  /** Of all versions. */
  readonly bytes: number;
}

/** One thing that a destruction of data deletes. */
export type Doomed = DoomedGroup | DoomedBucket | DoomedKey;

export interface DoomedOf {
  readonly stage: string;
  readonly account: string;
  /** Why AWS could not be asked, or its answer. The thing is deleted anyway. */
  readonly unknown?: string;
}

export interface DoomedGroup extends DoomedOf {
  readonly kind: "featureGroup";
  readonly name: string;
  /** Bytes of the online store. No AWS API returns the number of records. */
  readonly onlineBytes?: number;
  readonly offline?: {
    /** `s3://bucket/prefix` */
    readonly location: string;
    /** False: the bucket and its objects stay, and `contents` is absent. */
    readonly goes: boolean;
    readonly contents?: Contents;
  };
  /** Stays in the Glue Data Catalog, as AWS's DeleteFeatureGroup keeps it. */
  readonly table?: { readonly database: string; readonly name: string };
}

export interface DoomedBucket extends DoomedOf {
  readonly kind: "bucket";
  readonly name: string;
  readonly contents?: Contents;
}

export interface DoomedKey extends DoomedOf {
  readonly kind: "key";
  readonly id: string;
  readonly aliases: readonly string[];
  /** Days until AWS deletes the key; from the first day on, data encrypted under it cannot be read. */
  readonly waitingDays: number;
  /** `Enabled`, `PendingDeletion`... */
  readonly state?: string;
}

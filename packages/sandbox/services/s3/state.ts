/** Buckets, objects and uploads as the sandbox stores them. */
import { randomUUID } from "node:crypto";
import type { PolicyDocument } from "@feature-store-access/iam";
import { AwsError, type Call, type Collection, type World } from "../../core";
import type { ChecksumAlgorithm } from "../../protocol/checksum";
import type { XmlNode } from "../../protocol/xml";

export interface Bucket {
  readonly name: string;
  /** 12 digits. */
  readonly owner: string;
  readonly region: string;
  readonly created: string;
  /** As stored: unique IDs instead of the ARNs of roles and users. */
  policy?: PolicyDocument;
  versioning?: "Enabled" | "Suspended";
  ownership?: Ownership;
  publicAccess?: PublicAccess;
  encryption: DefaultEncryption;
  tags?: Record<string, string>;
  /** Configurations that are stored and returned without effect, by subresource. */
  readonly configs: Record<string, { readonly [name: string]: XmlNode }>;
}

export type Ownership = "BucketOwnerEnforced" | "BucketOwnerPreferred" | "ObjectWriter";

export interface PublicAccess {
  readonly BlockPublicAcls: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly RestrictPublicBuckets: boolean;
}

export interface DefaultEncryption {
  readonly algorithm: "AES256" | "aws:kms";
  readonly keyId?: string;
  readonly bucketKey: boolean;
  /** As put: SSE-C, which the sandbox does not support at all, or NONE. */
  readonly blocked?: readonly string[];
}

/** The encryption of an object's bytes. */
export interface ObjectEncryption {
  readonly algorithm: "AES256" | "aws:kms";
  readonly keyArn?: string;
  readonly bucketKey?: boolean;
  /** Base64: the data key, encrypted by KMS, or by the sandbox's own key for S3. */
  readonly dataKey: string;
  readonly context: Readonly<Record<string, string>>;
}

export interface ObjectVersion {
  /** `null` for objects in a bucket without versioning. */
  readonly versionId: string;
  readonly key: string;
  readonly modified: string;
  readonly owner: string;
  readonly deleteMarker?: boolean;
  readonly size: number;
  readonly etag: string;
  readonly blob: string;
  readonly encryption?: ObjectEncryption;
  /** Headers that reads return: content-type, cache-control, x-amz-meta-... */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksums: Readonly<Record<string, string>>;
  /** Set if the checksum is one of the parts' checksums: a reader of the whole object cannot compare with it. */
  readonly checksumType?: "COMPOSITE";
  /** Only for an object that was uploaded in parts: the parts in order. */
  readonly partList?: readonly ObjectPart[];
  tags: Record<string, string>;
}

export interface ObjectPart {
  readonly number: number;
  readonly size: number;
  readonly checksums: Readonly<Record<string, string>>;
}

/** All versions of one key, newest first. */
export interface Versions {
  readonly bucket: string;
  readonly key: string;
  versions: ObjectVersion[];
}

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly begun: string;
  readonly owner: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Record<string, string>;
  readonly encryption: ObjectEncryption;
  /** The condition keys of its encryption at its creation: each part's write has the same ones. */
  readonly condition?: Readonly<Record<string, string>>;
  /** The checksum chosen at its creation, if any. */
  readonly checksum?: UploadChecksum;
  parts: Record<string, UploadedPart>;
}

export interface UploadChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: "COMPOSITE" | "FULL_OBJECT";
}

export interface UploadedPart {
  readonly etag: string;
  readonly size: number;
  readonly blob: string;
  readonly modified: string;
  readonly checksums?: Readonly<Record<string, string>>;
}

/** A bucket, and a call about it. */
export interface OnBucket {
  readonly world: World;
  readonly call: Call;
  readonly bucket: Bucket;
}

export interface OnObject extends OnBucket {
  readonly key: string;
}

export const buckets = (world: World): Collection<Bucket> => world.store.collection("s3.buckets");
export const objects = (world: World): Collection<Versions> => world.store.collection("s3.objects");
export const uploads = (world: World): Collection<Upload> => world.store.collection("s3.uploads");

export function bucketArn({ name }: Pick<Bucket, "name">): string {
  return `arn:aws:s3:::${name}`;
}

export function objectArn({ name }: Pick<Bucket, "name">, key: string): string {
  return `arn:aws:s3:::${name}/${key}`;
}

export function objectKey(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}

/** @throws AwsError NoSuchBucket, or the redirect to the bucket's own region */
export function findBucket(world: World, call: Call, name: string): Bucket {
  const bucket = buckets(world).get(name);
  if (!bucket) throw noSuchBucket(name);
  if (bucket.region !== call.region && call.caller.kind !== "anonymous" && call.caller.kind !== "service")
    throw new AwsError(
      "AuthorizationHeaderMalformed",
      `The authorization header is malformed; the region '${call.region}' is wrong; expecting '${bucket.region}'`,
      400,
      { Region: bucket.region },
    );
  return bucket;
}

export function noSuchBucket(name: string): AwsError {
  return new AwsError("NoSuchBucket", "The specified bucket does not exist", 404, { BucketName: name });
}

/** The canonical user ID of an account: 64 hex digits, as S3 names owners. */
export function canonicalId(account: string): string {
  return account.padEnd(64, "0");
}

export function etagOf(md5: string): string {
  return `"${md5}"`;
}

/** The version of that ID, or the newest. */
export function findVersion(on: OnObject, versionId: string | null): ObjectVersion | undefined {
  const { world, bucket, key } = on;
  const versions = objects(world).get(objectKey(bucket.name, key))?.versions ?? [];
  return versionId === null ? versions[0] : versions.find((version) => version.versionId === versionId);
}

export function newVersionId(): string {
  return randomUUID().replace(/-/g, "");
}

/** Waits for the object that a record's write creates in the offline store, and reads it. */
import { setTimeout as sleep } from "node:timers/promises";
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";

export interface OfflineObject {
  readonly key: string;
  readonly bytes: Buffer;
  readonly kmsKeyArn: string | undefined;
}

/** `s3://bucket/key` -> its parts. */
export function parseS3Uri(uri: string): { bucket: string; key: string } {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri);
  if (!match) throw new Error(`not an S3 URI: ${uri}`);
  return { bucket: match[1] ?? "", key: match[2] ?? "" };
}

/** Keys under the prefix. */
export async function listKeys(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
  return keys;
}

/**
 * The first Parquet object under the prefix that is not among `before`.
 * @param patience milliseconds; Feature Store writes to the offline store within 15 minutes.
 * @returns undefined if none arrived
 */
export async function awaitNewObject(
  s3: S3Client,
  bucket: string,
  prefix: string,
  before: ReadonlySet<string>,
  patience: number,
): Promise<string | undefined> {
  const end = Date.now() + patience;
  for (let pause = 250; ; pause = Math.min(pause * 1.5, 10_000)) {
    const key = (await listKeys(s3, bucket, prefix)).find(
      (each) => each.endsWith(".parquet") && !before.has(each),
    );
    if (key !== undefined || Date.now() > end) return key;
    await sleep(pause);
  }
}

export async function readObject(s3: S3Client, bucket: string, key: string): Promise<OfflineObject> {
  const { Body, SSEKMSKeyId } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return { key, bytes: Buffer.from((await Body?.transformToByteArray()) ?? []), kmsKeyArn: SSEKMSKeyId };
}

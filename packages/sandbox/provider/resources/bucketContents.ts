/** S3: deletes the contents of a bucket that is deleted with `forceDestroy`. */
import type { S3Client } from "@aws-sdk/client-s3";

const sdk = () => import("@aws-sdk/client-s3");

/** Removes every version, delete marker and unfinished upload. @throws Error naming the first that stays */
export async function empty(client: S3Client, Bucket: string): Promise<void> {
  const { ListObjectVersionsCommand, DeleteObjectsCommand } = await sdk();
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key = "", VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) break;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first) throw new Error(`cannot delete ${first.Key}: ${first.Code}: ${first.Message}`);
  }
  await abortUploads(client, Bucket);
}

async function abortUploads(client: S3Client, Bucket: string): Promise<void> {
  const { ListMultipartUploadsCommand, AbortMultipartUploadCommand } = await sdk();
  for (;;) {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
    if (Uploads.length === 0) return;
    for (const { Key, UploadId } of Uploads)
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  }
}

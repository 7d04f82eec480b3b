/** S3: deletes the contents of a bucket that is deleted with `forceDestroy`. */
import type { S3 } from "@aws-sdk/client-s3";

/** Removes every version, delete marker and unfinished upload. @throws Error naming the first that could not be removed */
export async function empty(client: S3, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.listObjectVersions({ Bucket });
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key = "", VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) break;
    const { Errors = [] } = await client.deleteObjects({ Bucket, Delete: { Objects, Quiet: true } });
    const [first] = Errors;
    if (first) throw new Error(`cannot delete ${first.Key}: ${first.Code}: ${first.Message}`);
  }
  await abortUploads(client, Bucket);
}

async function abortUploads(client: S3, Bucket: string): Promise<void> {
  for (;;) {
    const { Uploads = [] } = await client.listMultipartUploads({ Bucket });
    if (Uploads.length === 0) return;
    for (const { Key, UploadId } of Uploads) await client.abortMultipartUpload({ Bucket, Key, UploadId });
  }
}

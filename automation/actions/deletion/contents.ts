/** Counts the contents of a bucket or prefix from the list of all versions. */
import type {
  ListObjectVersionsCommandInput,
  ListObjectVersionsCommandOutput,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Contents } from "../../model/data";

export const EMPTY: Contents = { objects: 0, versions: 0, deleteMarkers: 0, bytes: 0 };

/** One version of an object, or a delete marker. */
export interface Version {
  readonly key: string;
  /** `null` if versioning was never on. */
  readonly versionId?: string;
  readonly bytes: number;
  readonly isLatest: boolean;
  readonly isMarker: boolean;
}

/** All versions in pages of at most 1,000. Needs s3:ListBucketVersions. */
export async function* versionPages(s3: S3Client, bucket: string, prefix = ""): AsyncGenerator<Version[]> {
  for await (const { Versions = [], DeleteMarkers = [] } of pagesOf(s3, { Bucket: bucket, Prefix: prefix }))
    yield [
      ...Versions.map((each) => versionOf(each, each.Size ?? 0, false)),
      ...DeleteMarkers.map((each) => versionOf(each, 0, true)),
    ];
}

/** The folders directly below the prefix, including those that hold only delete markers. */
export async function foldersBelow(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const folders: string[] = [];
  for await (const { CommonPrefixes = [] } of pagesOf(s3, { Bucket: bucket, Prefix: prefix, Delimiter: "/" }))
    for (const { Prefix } of CommonPrefixes) if (Prefix !== undefined) folders.push(Prefix);
  return folders;
}

/** The SDK has no paginator for versions, which need two markers. */
async function* pagesOf(
  s3: S3Client,
  question: ListObjectVersionsCommandInput,
): AsyncGenerator<ListObjectVersionsCommandOutput> {
  const { ListObjectVersionsCommand } = await import("@aws-sdk/client-s3");
  let marker: Pick<ListObjectVersionsCommandInput, "KeyMarker" | "VersionIdMarker"> | undefined = {};
  while (marker) {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ ...question, ...marker }),
    );
    yield page;
    marker = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : undefined;
  }
}

function versionOf(
  { Key, VersionId, IsLatest }: { Key?: string; VersionId?: string; IsLatest?: boolean },
  bytes: number,
  isMarker: boolean,
): Version {
  const versionId = VersionId === undefined ? {} : { versionId: VersionId };
  return { key: Key ?? "", ...versionId, bytes, isLatest: IsLatest ?? false, isMarker };
}

export function counted(before: Contents, { bytes, isLatest, isMarker }: Version): Contents {
  return {
    objects: before.objects + (isLatest && !isMarker ? 1 : 0),
    versions: before.versions + (isMarker ? 0 : 1),
    deleteMarkers: before.deleteMarkers + (isMarker ? 1 : 0),
    bytes: before.bytes + bytes,
  };
}

/** `3 objects (4 versions, 1 delete marker), 12,345 bytes` */
export function contentsText({ objects, versions, deleteMarkers, bytes }: Contents): string {
  const all = `${count(versions, "version")}, ${count(deleteMarkers, "delete marker")}`;
  return `${count(objects, "object")} (${all}), ${bytes.toLocaleString("en")} bytes`;
}

export function count(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

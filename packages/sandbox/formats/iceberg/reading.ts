/** Reads an Iceberg table's current content with the permissions of a caller. Source: Iceberg table specification, "Scan Planning". */
import { AwsError, type Call, type World } from "../../core";
import { filesIn, hasDeletes, manifestPath, manifestsIn, type ManifestEntry } from "./manifests";
import { currentSnapshot, parseMetadata, type TableMetadata } from "./metadata";

/** The table's files are invalid, or in a form that the sandbox does not read. Not a denial, and permanent. */
export class UnreadableTable extends AwsError {
  constructor(message: string) {
    super("InvalidInputException", message);
  }
}

/** Bucket and key of `s3://...`. @throws UnreadableTable for another URI */
export function placeOf(uri: string): { bucket: string; key: string } {
  const match = /^s3[an]?:\/\/([^/]+)\/(.+)$/.exec(uri);
  if (!match) throw new UnreadableTable(`${uri} is not the URI of an S3 object`);
  return { bucket: match[1] ?? "", key: match[2] ?? "" };
}

/** @throws UnreadableTable; the denials of S3 and KMS unchanged */
export async function loadMetadata(world: World, call: Call, location: string): Promise<TableMetadata> {
  const text = (await objectAt(world, call, location)).toString("utf8");
  return parsed(location, () => parseMetadata(text));
}

/** The manifests of a list. @throws UnreadableTable; the denials of S3 and KMS unchanged */
export async function loadManifests(
  world: World,
  call: Call,
  location: string,
): Promise<readonly ManifestEntry[]> {
  const list = await objectAt(world, call, location);
  return parsed(location, () => manifestsIn(list));
}

function objectAt(world: World, call: Call, uri: string): Promise<Buffer> {
  const { bucket, key } = placeOf(uri);
  return world.services.s3.getObject(call, bucket, key);
}

/** Locations of the live data files of the newest snapshot. @throws UnreadableTable; the denials of S3 and KMS unchanged */
export async function liveFiles(
  world: World,
  call: Call,
  metadataLocation: string,
): Promise<readonly string[]> {
  const snapshot = currentSnapshot(await loadMetadata(world, call, metadataLocation));
  if (!snapshot) return [];
  const files: string[] = [];
  for (const manifest of await loadManifests(world, call, snapshot["manifest-list"])) {
    const path = manifestPath(manifest);
    if (hasDeletes(manifest))
      throw new UnreadableTable(`the sandbox does not read delete files, which ${path} has`);
    const body = await objectAt(world, call, path);
    files.push(...(await parsed(path, () => filesIn(body))));
  }
  return files;
}

async function parsed<T>(location: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw new UnreadableTable(`${location}: ${(error as Error).message}`);
  }
}

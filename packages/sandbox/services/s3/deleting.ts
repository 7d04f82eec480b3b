/** Removes objects, one or many. */
import { AwsError, type WireRequest, type WireResponse } from "../../core";
import { authorizeObject } from "./access";
import { checkPrecondition } from "./preconditions";
import { newVersionId, objectKey, objects, type ObjectVersion, type OnBucket, type OnObject } from "./state";
import { childrenOf, malformedXml, rootElement, textOf, xmlAnswer } from "./xml";

interface Removed {
  readonly versionId?: string;
  readonly deleteMarker?: boolean;
  readonly markerVersionId?: string;
}

export async function deleteObject(on: OnObject, request: WireRequest): Promise<WireResponse> {
  const { versionId, deleteMarker, markerVersionId } = await remove(
    on,
    request.query.get("versionId") ?? undefined,
    request.headers["if-match"],
  );
  const shown = versionId ?? markerVersionId;
  return {
    status: 204,
    headers: {
      ...(deleteMarker ? { "x-amz-delete-marker": "true" } : {}),
      ...(shown ? { "x-amz-version-id": shown } : {}),
    },
  };
}

export async function deleteObjects(on: OnBucket, request: WireRequest): Promise<WireResponse> {
  const root = await rootElement(request, "Delete");
  const wanted = childrenOf(root, "Object");
  if (wanted.length === 0 || wanted.length > 1000) throw malformedXml();
  const quiet = textOf(root, "Quiet")?.toLowerCase() === "true";
  const deleted: Record<string, string | boolean>[] = [];
  const errors: Record<string, string>[] = [];
  for (const each of wanted) {
    const Key = textOf(each, "Key") ?? "";
    const version = textOf(each, "VersionId");
    const named = { Key, ...(version ? { VersionId: version } : {}) };
    try {
      const match = textOf(each, "ETag");
      const { deleteMarker, markerVersionId } = await remove({ ...on, key: Key }, version, match);
      deleted.push({
        ...named,
        ...(deleteMarker
          ? { DeleteMarker: true, DeleteMarkerVersionId: markerVersionId ?? version ?? "" }
          : {}),
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({ ...named, Code: error.code, Message: error.message });
    }
  }
  return xmlAnswer("DeleteResult", { ...(quiet ? {} : { Deleted: deleted }), Error: errors });
}

/** Without a version: adds a delete marker if there is versioning, otherwise removes the object. An absent object is no error. */
async function remove(on: OnObject, versionId: string | undefined, match?: string): Promise<Removed> {
  const { bucket } = on;
  const action = versionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
  authorizeObject(on, action, {
    ...(versionId === undefined ? {} : { "s3:VersionId": versionId }),
    ...(match === undefined ? {} : { "s3:if-match": match }),
  });
  if (match !== undefined && versionId === undefined) checkPrecondition(on, { "if-match": match });
  if (versionId !== undefined) {
    const gone = await drop(on, (version) => version.versionId === versionId);
    return { versionId, ...(gone?.deleteMarker ? { deleteMarker: true, markerVersionId: versionId } : {}) };
  }
  if (bucket.versioning === undefined) {
    await drop(on, () => true);
    return {};
  }
  if (bucket.versioning === "Suspended") await drop(on, (version) => version.versionId === "null");
  const markerVersionId = addMarker(on);
  return { deleteMarker: true, markerVersionId };
}

function addMarker(on: OnObject): string {
  const { world, bucket, key } = on;
  const versionId = bucket.versioning === "Enabled" ? newVersionId() : "null";
  const marker: ObjectVersion = {
    versionId,
    key,
    modified: world.now().toISOString(),
    owner: bucket.owner,
    deleteMarker: true,
    size: 0,
    etag: "",
    blob: "",
    headers: {},
    checksums: {},
    tags: {},
  };
  const id = objectKey(bucket.name, key);
  const kept = objects(world).get(id) ?? { bucket: bucket.name, key, versions: [] };
  kept.versions = [marker, ...kept.versions];
  objects(world).set(id, kept);
  return versionId;
}

/** Removes the given versions and their bytes; returns the last of them. */
async function drop(
  on: OnObject,
  meant: (version: ObjectVersion) => boolean,
): Promise<ObjectVersion | undefined> {
  const { world, bucket, key } = on;
  const id = objectKey(bucket.name, key);
  const kept = objects(world).get(id);
  if (!kept) return undefined;
  const gone = kept.versions.filter(meant);
  kept.versions = kept.versions.filter((version) => !meant(version));
  if (kept.versions.length > 0) objects(world).touch();
  else objects(world).delete(id);
  for (const { blob } of gone) if (blob !== "") await world.store.deleteBlob(blob);
  return gone[gone.length - 1];
}

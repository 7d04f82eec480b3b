/** Parts of multipart uploads: sent, or copied from an object. Each is encrypted under the upload's data key, which needs kms:Decrypt too. */
import { createHash, randomUUID } from "node:crypto";
import type { RequestContext } from "@feature-store-access/iam";
import { AwsError, type WireRequest, type WireResponse } from "../../core";
import { checksum } from "../../protocol/checksum";
import { authorizeObject } from "./access";
import { encryptionHeaders, openDataKey, seal } from "./encryption";
import { checksumElements, checksumHeaders, checksumsOf, putContext } from "./headers";
import { copySource } from "./copying";
import { readVersion } from "./objects";
import { etagOf, uploads, type Upload, type UploadedPart, type OnObject } from "./state";
import { xmlAnswer } from "./xml";

export async function uploadPart(on: OnObject, request: WireRequest): Promise<WireResponse> {
  authorizeObject(on, "s3:PutObject", partContext(on, request));
  const upload = findUpload(on, request);
  const number = partNumber(request);
  const sent = checksumsOf(request.headers);
  const expected = upload.checksum?.algorithm;
  const [other] = Object.keys(sent);
  if (expected !== undefined && other !== undefined && sent[expected] === undefined)
    throw new AwsError(
      "InvalidRequest",
      `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${other}`,
      400,
    );
  const { etag, checksums } = await keepPart(on, upload, number, request.body, sent);
  return {
    status: 200,
    headers: {
      etag,
      ...encryptionHeaders(upload.encryption),
      ...checksumHeaders(checksums ?? {}, undefined),
    },
  };
}

/** UploadPartCopy: a part from an object, or from a range of its bytes. */
export async function copyPart(on: OnObject, request: WireRequest): Promise<WireResponse> {
  const { version, from } = copySource(on, request);
  authorizeObject(on, "s3:PutObject", partContext(on, request));
  const upload = findUpload(on, request);
  const number = partNumber(request);
  const whole = await readVersion(on, version);
  const body = sliced(whole, request.headers["x-amz-copy-source-range"]);
  const part = await keepPart(on, upload, number, body, {});
  return xmlAnswer(
    "CopyPartResult",
    { ETag: part.etag, LastModified: part.modified, ...checksumElements(part.checksums ?? {}) },
    {
      ...encryptionHeaders(upload.encryption),
      ...(from.bucket.versioning ? { "x-amz-copy-source-version-id": version.versionId } : {}),
    },
  );
}

/** The condition keys of a part's write: its upload's encryption, which the request itself does not repeat. */
function partContext(on: OnObject, request: WireRequest): RequestContext {
  return {
    ...putContext(request.headers, {}),
    ...uploadCondition(on, request),
    "s3:ObjectCreationOperation": "false",
  };
}

/** The condition keys of the upload that a request names; none if there is no such upload, which is checked after access. */
export function uploadCondition(on: OnObject, { query }: WireRequest): RequestContext {
  const { world, bucket, key } = on;
  const upload = uploads(world).get(query.get("uploadId") ?? "");
  return upload?.bucket === bucket.name && upload.key === key ? (upload.condition ?? {}) : {};
}

/** The condition keys of the encryption that headers ask for. */
export function encryptionCondition(headers: Readonly<Record<string, string>>): Record<string, string> {
  const names = ["x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"];
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[`s3:${name}`, headers[name]]])),
  );
}

async function keepPart(
  on: OnObject,
  upload: Upload,
  number: number,
  body: Buffer,
  sent: Readonly<Record<string, string>>,
): Promise<UploadedPart> {
  const { world } = on;
  const dataKey = openDataKey(on, upload.encryption);
  const blob = `s3-part-${randomUUID()}`;
  await world.store.putBlob(blob, seal(dataKey, body));
  const algorithm = upload.checksum?.algorithm;
  const checksums =
    algorithm === undefined ? sent : { [algorithm]: sent[algorithm] ?? checksum(algorithm, body) };
  const part: UploadedPart = {
    etag: etagOf(createHash("md5").update(body).digest("hex")),
    size: body.length,
    blob,
    modified: world.now().toISOString(),
    checksums,
  };
  // The upload was aborted or completed while the bytes were written.
  if (!uploads(world).has(upload.id)) {
    await world.store.deleteBlob(blob);
    throw noSuchUpload(upload.id);
  }
  const before = upload.parts[number];
  upload.parts[number] = part;
  uploads(world).touch();
  if (before) await world.store.deleteBlob(before.blob);
  return part;
}

/** `bytes=first-last`, both given. @throws AwsError InvalidArgument, InvalidRange (400 and 416, as S3 does for copies) */
function sliced(whole: Buffer, range: string | undefined): Buffer {
  if (range === undefined) return whole;
  const match = /^bytes=(\d+)-(\d+)$/.exec(range);
  const [from, to] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || from > to)
    throw new AwsError(
      "InvalidArgument",
      "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
      400,
      { ArgumentName: "x-amz-copy-source-range", ArgumentValue: range },
    );
  if (to >= whole.length)
    throw new AwsError(
      "InvalidArgument",
      `Range specified is not valid for source object of size: ${whole.length}`,
      400,
      { ArgumentName: "x-amz-copy-source-range", ArgumentValue: range },
    );
  return whole.subarray(from, to + 1);
}

function partNumber({ query }: WireRequest): number {
  const number = Number(query.get("partNumber"));
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
  throw new AwsError(
    "InvalidArgument",
    "Part number must be an integer between 1 and 10000, inclusive",
    400,
    { ArgumentName: "partNumber", ArgumentValue: query.get("partNumber") },
  );
}

/** @throws AwsError NoSuchUpload (404) */
export function findUpload(on: OnObject, { query }: WireRequest): Upload {
  const { world, bucket, key } = on;
  const upload = uploads(world).get(query.get("uploadId") ?? "");
  if (upload?.bucket === bucket.name && upload.key === key) return upload;
  throw noSuchUpload(query.get("uploadId") ?? "");
}

function noSuchUpload(id: string): AwsError {
  return new AwsError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    404,
    { UploadId: id },
  );
}

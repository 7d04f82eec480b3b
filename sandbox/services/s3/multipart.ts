/** Multipart uploads. Each part is sealed under the upload's data key: sending one takes kms:Decrypt too. */
import { createHash, randomUUID } from "node:crypto";
import { AwsError, type Call, type WireRequest, type WireResponse, type World } from "../../core";
import { xmlResponse } from "../../wire/rest";
import { authorizeBucket, authorizeObject } from "./access";
import { checkAcl } from "./acl";
import { encryptionHeaders, newDataKey, open, openDataKey, requestedEncryption, seal } from "./encryption";
import { keptHeaders, tagsOfHeader, versionHeader } from "./headers";
import { authorizePut, checkPrecondition, store } from "./objects";
import { canonicalId, etagOf, uploads, type Bucket, type Upload } from "./state";
import { childrenOf, rootElement, textOf, XMLNS } from "./xml";

/** 5 MiB: the least size of every part but the last. */
const SMALLEST_PART = 5 * 1024 * 1024;

export function createUpload(
  world: World,
  call: Call,
  bucket: Bucket,
  key: string,
  { headers }: WireRequest,
): WireResponse {
  const tags = tagsOfHeader(headers["x-amz-tagging"]);
  authorizePut(world, call, bucket, key, headers, tags);
  checkAcl(bucket, headers["x-amz-acl"], headers);
  const { encryption } = newDataKey(world, call, bucket, key, requestedEncryption(headers));
  const upload: Upload = {
    id: randomUUID().replace(/-/g, ""),
    bucket: bucket.name,
    key,
    begun: world.now().toISOString(),
    owner: call.caller.account,
    headers: keptHeaders(headers),
    tags,
    encryption,
    parts: {},
  };
  uploads(world).set(upload.id, upload);
  const response = xmlResponse(
    "InitiateMultipartUploadResult",
    { Bucket: bucket.name, Key: key, UploadId: upload.id },
    XMLNS,
  );
  return { ...response, headers: { ...response.headers, ...encryptionHeaders(encryption) } };
}

export async function uploadPart(
  world: World,
  call: Call,
  bucket: Bucket,
  key: string,
  request: WireRequest,
): Promise<WireResponse> {
  if (request.headers["x-amz-copy-source"] !== undefined)
    throw new AwsError("NotImplemented", "The sandbox does not implement s3:UploadPartCopy", 501);
  authorizeObject(world, call, "s3:PutObject", bucket, key);
  const upload = findUpload(world, bucket, key, request);
  const number = Number(request.query.get("partNumber"));
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw new AwsError(
      "InvalidArgument",
      "Part number must be an integer between 1 and 10000, inclusive",
      400,
    );
  const dataKey = openDataKey(world, call, upload.encryption);
  const blob = `s3-part-${randomUUID()}`;
  await world.store.putBlob(blob, seal(dataKey, request.body));
  const before = upload.parts[number];
  const etag = etagOf(createHash("md5").update(request.body).digest("hex"));
  upload.parts[number] = { etag, size: request.body.length, blob, modified: world.now().toISOString() };
  uploads(world).touch();
  if (before) await world.store.deleteBlob(before.blob);
  const checksums = Object.entries(request.headers).filter(([name]) =>
    /^x-amz-checksum-(crc|sha)/.test(name),
  );
  return {
    status: 200,
    headers: {
      etag,
      ...encryptionHeaders(upload.encryption),
      ...(Object.fromEntries(checksums) as Record<string, string>),
    },
  };
}

export async function completeUpload(
  world: World,
  call: Call,
  bucket: Bucket,
  key: string,
  request: WireRequest,
): Promise<WireResponse> {
  authorizeObject(world, call, "s3:PutObject", bucket, key);
  checkPrecondition(world, bucket, key, request.headers);
  const upload = findUpload(world, bucket, key, request);
  const wanted = childrenOf(await rootElement(request, "CompleteMultipartUpload"), "Part");
  if (wanted.length === 0) throw new AwsError("MalformedXML", "You must specify at least one part", 400);
  const dataKey = openDataKey(world, call, upload.encryption);
  const bodies: Buffer[] = [];
  const digest = createHash("md5");
  let previous = 0;
  for (const [index, part] of wanted.entries()) {
    const number = Number(textOf(part, "PartNumber"));
    if (number <= previous)
      throw new AwsError(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
        400,
      );
    previous = number;
    const kept = upload.parts[number];
    if (!kept || kept.etag.replace(/"/g, "") !== textOf(part, "ETag")?.replace(/"/g, ""))
      throw new AwsError(
        "InvalidPart",
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
      );
    if (kept.size < SMALLEST_PART && index < wanted.length - 1)
      throw new AwsError(
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed size",
        400,
        { ProposedSize: kept.size, MinSizeAllowed: SMALLEST_PART, PartNumber: number },
      );
    bodies.push(open(dataKey, await world.store.getBlob(kept.blob)));
    digest.update(Buffer.from(kept.etag.replace(/"/g, ""), "hex"));
  }
  const etag = etagOf(`${digest.digest("hex")}-${wanted.length}`);
  const { algorithm, keyArn, bucketKey } = upload.encryption;
  const object = {
    body: Buffer.concat(bodies),
    headers: upload.headers,
    requested: {
      algorithm,
      ...(keyArn ? { keyId: keyArn } : {}),
      ...(bucketKey === undefined ? {} : { bucketKey }),
    },
    tags: upload.tags,
  };
  const version = await store(world, call, bucket, key, object, etag, wanted.length);
  await forget(world, upload);
  const response = xmlResponse(
    "CompleteMultipartUploadResult",
    { Location: `/${bucket.name}/${key}`, Bucket: bucket.name, Key: key, ETag: etag },
    XMLNS,
  );
  return {
    ...response,
    headers: {
      ...response.headers,
      ...versionHeader(bucket, version),
      ...encryptionHeaders(version.encryption),
    },
  };
}

export async function abortUpload(
  world: World,
  call: Call,
  bucket: Bucket,
  key: string,
  request: WireRequest,
): Promise<WireResponse> {
  authorizeObject(world, call, "s3:AbortMultipartUpload", bucket, key);
  await forget(world, findUpload(world, bucket, key, request));
  return { status: 204 };
}

export function listParts(
  world: World,
  call: Call,
  bucket: Bucket,
  key: string,
  request: WireRequest,
): WireResponse {
  authorizeObject(world, call, "s3:ListMultipartUploadParts", bucket, key);
  const upload = findUpload(world, bucket, key, request);
  const limit = Number(request.query.get("max-parts") ?? 1000);
  const after = Number(request.query.get("part-number-marker") ?? 0);
  const rest = Object.entries(upload.parts)
    .map(([number, part]) => ({ number: Number(number), part }))
    .filter(({ number }) => number > after)
    .sort((a, b) => a.number - b.number);
  const page = rest.slice(0, limit);
  const owner = { ID: canonicalId(upload.owner) };
  return xmlResponse(
    "ListPartsResult",
    {
      Bucket: bucket.name,
      Key: key,
      UploadId: upload.id,
      Initiator: owner,
      Owner: owner,
      StorageClass: "STANDARD",
      PartNumberMarker: after,
      ...(rest.length > limit ? { NextPartNumberMarker: page[page.length - 1]?.number } : {}),
      MaxParts: limit,
      IsTruncated: rest.length > limit,
      Part: page.map(({ number, part }) => ({
        PartNumber: number,
        LastModified: part.modified,
        ETag: part.etag,
        Size: part.size,
      })),
    },
    XMLNS,
  );
}

export function listUploads(world: World, call: Call, bucket: Bucket, request: WireRequest): WireResponse {
  authorizeBucket(world, call, "s3:ListBucketMultipartUploads", bucket);
  const prefix = request.query.get("prefix") ?? "";
  const own = [...uploads(world).values()]
    .filter((upload) => upload.bucket === bucket.name && upload.key.startsWith(prefix))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return xmlResponse(
    "ListMultipartUploadsResult",
    {
      Bucket: bucket.name,
      KeyMarker: "",
      UploadIdMarker: "",
      MaxUploads: 1000,
      IsTruncated: false,
      Upload: own.map(({ id, key, owner, begun }) => ({
        Key: key,
        UploadId: id,
        Initiator: { ID: canonicalId(owner) },
        Owner: { ID: canonicalId(owner) },
        StorageClass: "STANDARD",
        Initiated: begun,
      })),
    },
    XMLNS,
  );
}

function findUpload(world: World, bucket: Bucket, key: string, { query }: WireRequest): Upload {
  const upload = uploads(world).get(query.get("uploadId") ?? "");
  if (upload?.bucket === bucket.name && upload.key === key) return upload;
  throw new AwsError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    404,
    { UploadId: query.get("uploadId") ?? "" },
  );
}

async function forget(world: World, upload: Upload): Promise<void> {
  uploads(world).delete(upload.id);
  for (const { blob } of Object.values(upload.parts)) await world.store.deleteBlob(blob);
}

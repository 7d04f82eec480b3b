/** Multipart uploads: create, complete, abort. Source: S3 API Reference, CreateMultipartUpload, CompleteMultipartUpload. */
import { createHash, randomUUID } from "node:crypto";
import { AwsError, type WireRequest, type WireResponse, type World } from "../../core";
import { encodeStrict } from "../../protocol/encoding";
import { authorizeObject } from "./access";
import { checkAcl } from "./aclCheck";
import { encryptionHeaders, newDataKey, open, openDataKey, requestedEncryption } from "./encryption";
import { checksumElements, keptHeaders, tagsOfHeader, versionHeader } from "./headers";
import { authorizePut, store } from "./objects";
import { encryptionCondition, findUpload, uploadCondition } from "./parts";
import { checkPrecondition } from "./preconditions";
import { etagOf, uploads, type Bucket, type Upload, type UploadedPart, type OnObject } from "./state";
import { checkSize, checkStatedParts, uploadChecksum, wholeChecksum } from "./uploadChecksums";
import { childrenOf, type Element, malformedXml, rootElement, textOf, xmlAnswer } from "./xml";

/** 5 MiB: the minimum size of every part except the last. */
const SMALLEST_PART = 5 * 1024 * 1024;

export function createUpload(on: OnObject, { headers }: WireRequest): WireResponse {
  const { world, call, bucket, key } = on;
  const tags = tagsOfHeader(headers["x-amz-tagging"]);
  authorizePut(on, headers, tags, { "s3:ObjectCreationOperation": "false" });
  checkAcl(bucket, headers["x-amz-acl"], headers);
  const checksum = uploadChecksum(headers);
  const { encryption } = newDataKey(on, requestedEncryption(headers));
  const upload: Upload = {
    id: randomUUID().replace(/-/g, ""),
    bucket: bucket.name,
    key,
    begun: world.now().toISOString(),
    owner: call.caller.account,
    headers: keptHeaders(headers),
    tags,
    encryption,
    condition: encryptionCondition(headers),
    ...(checksum ? { checksum } : {}),
    parts: {},
  };
  uploads(world).set(upload.id, upload);
  return xmlAnswer(
    "InitiateMultipartUploadResult",
    { Bucket: bucket.name, Key: key, UploadId: upload.id },
    {
      ...encryptionHeaders(encryption),
      ...(checksum
        ? {
            "x-amz-checksum-algorithm": checksum.algorithm.toUpperCase(),
            "x-amz-checksum-type": checksum.type,
          }
        : {}),
    },
  );
}

export async function completeUpload(on: OnObject, request: WireRequest): Promise<WireResponse> {
  const { world, bucket, key } = on;
  const { headers } = request;
  const conditions = Object.entries(headers).filter(
    ([name]) => name === "if-match" || name === "if-none-match",
  );
  authorizeObject(on, "s3:PutObject", {
    ...uploadCondition(on, request),
    ...Object.fromEntries(conditions.map(([name, value]) => [`s3:${name}`, value])),
    "s3:ObjectCreationOperation": "true",
  });
  const upload = findUpload(on, request);
  checkPrecondition(on, headers);
  const stated = childrenOf(await rootElement(request, "CompleteMultipartUpload"), "Part");
  if (stated.length === 0) throw malformedXml();
  const parts = partsOf(upload, stated);
  checkStatedParts(upload, stated, parts);
  const dataKey = openDataKey(on, upload.encryption);
  const bodies: Buffer[] = [];
  for (const { blob } of parts) bodies.push(open(dataKey, await world.store.getBlob(blob)));
  const body = Buffer.concat(bodies);
  checkSize(headers, body);
  const { checksums, type } = wholeChecksum(upload, parts, body, headers);
  const { algorithm, keyArn, bucketKey, context } = upload.encryption;
  const version = await store(
    on,
    {
      body,
      headers: upload.headers,
      requested: {
        algorithm,
        ...(keyArn ? { keyId: keyArn } : {}),
        ...(bucketKey === undefined ? {} : { bucketKey }),
        context,
      },
      tags: upload.tags,
      checksums,
    },
    {
      uploaded: {
        etag: etagOfParts(parts),
        partList: parts.map(({ size, checksums: own = {} }, index) => ({
          number: Number(textOf(stated[index], "PartNumber")),
          size,
          checksums: own,
        })),
        ...(type === "COMPOSITE" ? { checksumType: type } : {}),
      },
      unless: () => {
        // Another request may have completed or aborted it in the meantime.
        findUpload(on, request);
        checkPrecondition(on, headers);
        uploads(world).delete(upload.id);
      },
    },
  );
  await forget(world, upload);
  return xmlAnswer(
    "CompleteMultipartUploadResult",
    {
      Location: addressOf(headers, bucket, key),
      Bucket: bucket.name,
      Key: key,
      ETag: version.etag,
      ...checksumElements(checksums),
      ChecksumType: type,
    },
    {
      ...versionHeader(bucket, version),
      ...encryptionHeaders(version.encryption),
    },
  );
}

/** The object's URL, in the address style that the client uses. */
function addressOf({ host = "localhost" }: WireRequest["headers"], { name }: Bucket, key: string): string {
  return `http://${host}/${host.startsWith(`${name}.`) ? "" : `${name}/`}${encodeStrict(key)}`;
}

/** The parts that the request lists, as they were sent. @throws AwsError InvalidPartOrder, InvalidPart, EntityTooSmall (400) */
function partsOf(upload: Upload, stated: readonly Element[]): UploadedPart[] {
  const named = stated.map((each) => ({
    number: Number(textOf(each, "PartNumber")),
    etag: textOf(each, "ETag") ?? "",
  }));
  if (named.some(({ number, etag }) => !Number.isInteger(number) || number < 1 || etag === ""))
    throw malformedXml();
  if (named.some(({ number }, index) => number <= (named[index - 1]?.number ?? 0)))
    throw new AwsError(
      "InvalidPartOrder",
      "The list of parts was not in ascending order. Parts must be ordered by part number.",
      400,
      { UploadId: upload.id },
    );
  return named.map(({ number, etag }, index) => {
    const kept = upload.parts[number];
    if (!kept || kept.etag.replace(/"/g, "") !== etag.replace(/"/g, ""))
      throw new AwsError(
        "InvalidPart",
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { UploadId: upload.id, PartNumber: number, ETag: etag.replace(/"/g, "") },
      );
    if (kept.size < SMALLEST_PART && index < stated.length - 1)
      throw new AwsError(
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed size",
        400,
        {
          ProposedSize: kept.size,
          MinSizeAllowed: SMALLEST_PART,
          PartNumber: number,
          ETag: kept.etag.replace(/"/g, ""),
        },
      );
    return kept;
  });
}

/** MD5 of the parts' MD5s, and the number of parts. */
function etagOfParts(parts: readonly UploadedPart[]): string {
  const digest = createHash("md5");
  for (const { etag } of parts) digest.update(Buffer.from(etag.replace(/"/g, ""), "hex"));
  return etagOf(`${digest.digest("hex")}-${parts.length}`);
}

export async function abortUpload(on: OnObject, request: WireRequest): Promise<WireResponse> {
  const { world } = on;
  authorizeObject(on, "s3:AbortMultipartUpload");
  await forget(world, findUpload(on, request));
  return { status: 204 };
}

async function forget(world: World, upload: Upload): Promise<void> {
  uploads(world).delete(upload.id);
  for (const { blob } of Object.values(upload.parts)) await world.store.deleteBlob(blob);
}

/** Lists of uploads in progress, and of their parts. Source: S3 API Reference, ListMultipartUploads, ListParts. */
import { AwsError, type WireRequest, type WireResponse } from "../../core";
import { authorizeBucket, authorizeObject } from "./access";
import { checksumElements } from "./headers";
import { findUpload } from "./parts";
import { canonicalId, uploads, type Upload, type OnBucket, type OnObject } from "./state";
import { xmlAnswer } from "./xml";

export function listParts(on: OnObject, request: WireRequest): WireResponse {
  const { bucket, key } = on;
  authorizeObject(on, "s3:ListMultipartUploadParts");
  const upload = findUpload(on, request);
  const limit = wholeNumber(request, "max-parts", 1000);
  const after = wholeNumber(request, "part-number-marker", 0);
  const rest = Object.entries(upload.parts)
    .map(([number, part]) => ({ number: Number(number), part }))
    .filter(({ number }) => number > after)
    .sort((a, b) => a.number - b.number);
  const page = rest.slice(0, Math.min(limit, 1000));
  const owner = { ID: canonicalId(upload.owner) };
  const isTruncated = rest.length > page.length;
  return xmlAnswer("ListPartsResult", {
    Bucket: bucket.name,
    Key: key,
    UploadId: upload.id,
    Initiator: owner,
    Owner: owner,
    StorageClass: "STANDARD",
    ...shownChecksum(upload),
    PartNumberMarker: after,
    ...(isTruncated ? { NextPartNumberMarker: page.at(-1)?.number } : {}),
    MaxParts: Math.min(limit, 1000),
    IsTruncated: isTruncated,
    Part: page.map(({ number, part }) => ({
      PartNumber: number,
      LastModified: part.modified,
      ETag: part.etag,
      Size: part.size,
      ...checksumElements(part.checksums ?? {}),
    })),
  });
}

export function listUploads(on: OnBucket, request: WireRequest): WireResponse {
  const { world, bucket } = on;
  authorizeBucket(on, "s3:ListBucketMultipartUploads");
  const { query } = request;
  const [prefix, delimiter] = [query.get("prefix") ?? "", query.get("delimiter") ?? ""];
  const [keyMarker, idMarker] = [query.get("key-marker") ?? "", query.get("upload-id-marker") ?? ""];
  const limit = Math.min(wholeNumber(request, "max-uploads", 1000), 1000);
  const isUrl = query.get("encoding-type") === "url";
  const encode = (text: string) => (isUrl ? encodeURIComponent(text).replace(/%2F/g, "/") : text);
  const isAfter = ({ key, id }: Upload) =>
    key > keyMarker || (key === keyMarker && idMarker !== "" && id > idMarker);
  const own = [...uploads(world).values()]
    .filter((upload) => upload.bucket === bucket.name && upload.key.startsWith(prefix) && isAfter(upload))
    .sort((a, b) => (a.key === b.key ? (a.id < b.id ? -1 : 1) : a.key < b.key ? -1 : 1));
  const end = ({ key }: Upload) => (delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length));
  const folded = own.filter((upload) => end(upload) >= 0);
  const plain = own.filter((upload) => end(upload) < 0);
  const page = plain.slice(0, limit);
  const last = page.at(-1);
  const isTruncated = plain.length > page.length && last !== undefined;
  const prefixes = new Set(folded.map((upload) => upload.key.slice(0, end(upload) + delimiter.length)));
  return xmlAnswer("ListMultipartUploadsResult", {
    Bucket: bucket.name,
    KeyMarker: encode(keyMarker),
    UploadIdMarker: idMarker,
    ...(isTruncated ? { NextKeyMarker: encode(last.key), NextUploadIdMarker: last.id } : {}),
    ...(prefix === "" ? {} : { Prefix: encode(prefix) }),
    ...(delimiter === "" ? {} : { Delimiter: encode(delimiter) }),
    MaxUploads: limit,
    ...(isUrl ? { EncodingType: "url" } : {}),
    IsTruncated: isTruncated,
    Upload: page.map((upload) => ({
      Key: encode(upload.key),
      UploadId: upload.id,
      Initiator: { ID: canonicalId(upload.owner) },
      Owner: { ID: canonicalId(upload.owner) },
      StorageClass: "STANDARD",
      Initiated: upload.begun,
      ...shownChecksum(upload),
    })),
    CommonPrefixes: [...prefixes].map((each) => ({ Prefix: encode(each) })),
  });
}

function shownChecksum({ checksum }: Upload): Record<string, string> {
  return checksum ? { ChecksumAlgorithm: checksum.algorithm.toUpperCase(), ChecksumType: checksum.type } : {};
}

function wholeNumber({ query }: WireRequest, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null || text === "") return otherwise;
  if (/^\d{1,10}$/.test(text) && Number(text) <= 2_147_483_647) return Number(text);
  throw new AwsError("InvalidArgument", `Argument ${name} must be an integer between 0 and 2147483647`, 400, {
    ArgumentName: name,
    ArgumentValue: text,
  });
}

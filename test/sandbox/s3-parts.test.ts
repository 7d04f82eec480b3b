// S3 with the AWS SDK: uploads in parts with their checksums, parts and ranges of reads, conditions of copies and deletions, and
// whom the metadata of an encrypted object is told. Parts have AWS's least size, so that few are sent.
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CreateMultipartUploadCommandInput,
} from "@aws-sdk/client-s3";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { expect } from "chai";
import { createHash } from "node:crypto";
import { start, type RunningSandbox } from "../../packages/sandbox/start";
import { allow, user } from "./featureGroups";
import { clients, refusal, type Clients } from "./support";

const MiB = 1024 * 1024;
const big = Buffer.alloc(5 * MiB, "x");
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest();

describe("sandbox S3 parts and conditions", () => {
  let sandbox: RunningSandbox;
  let a: Clients;
  let b: Clients;
  const Bucket = "parts";
  before(async () => {
    sandbox = await start({});
    [a, b] = sandbox.accounts.map((keys) => clients(sandbox.endpoint, keys, "us-east-1")) as [
      Clients,
      Clients,
    ];
    await b.s3.send(new CreateBucketCommand({ Bucket }));
  });
  after(() => sandbox.close());

  const begin = async (Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) =>
    (await b.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId ?? "";
  const put = (Key: string, Body: string) => b.s3.send(new PutObjectCommand({ Bucket, Key, Body }));

  it("has a checksum of the parts' checksums, and reads the parts one by one", async () => {
    const Key = "composite";
    const UploadId = await begin(Key, { ChecksumAlgorithm: "SHA256" });
    const Parts: { ETag?: string; PartNumber: number; ChecksumSHA256?: string }[] = [];
    for (const [index, Body] of [big, Buffer.from("end")].entries()) {
      const PartNumber = index + 1;
      const { ETag, ChecksumSHA256 } = await b.s3.send(
        new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: "SHA256" }),
      );
      expect(ChecksumSHA256).to.equal(sha256(Body).toString("base64"));
      Parts.push({ ETag, PartNumber, ChecksumSHA256 });
    }
    const { Parts: listed, ChecksumType } = await b.s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    expect([ChecksumType, listed?.map((part) => part.ChecksumSHA256)]).to.deep.equal([
      "COMPOSITE",
      Parts.map((part) => part.ChecksumSHA256),
    ]);
    const complete = (own: typeof Parts) =>
      b.s3.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: own } }),
      );
    const bare = await refusal(complete(Parts.map(({ ETag, PartNumber }) => ({ ETag, PartNumber }))));
    expect(bare.message).to.match(/^The upload was created using a sha256 checksum\./);
    const other = sha256(Buffer.from("other")).toString("base64");
    const wrong = await refusal(complete(Parts.map((part) => ({ ...part, ChecksumSHA256: other }))));
    expect(wrong.name).to.equal("InvalidPart");
    const of = `${sha256(Buffer.concat([sha256(big), sha256(Buffer.from("end"))])).toString("base64")}-2`;
    expect(await complete(Parts)).to.include({ ChecksumSHA256: of, ChecksumType: "COMPOSITE" });

    const second = await b.s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 }));
    expect(await second.Body?.transformToString()).to.equal("end");
    expect(second).to.include({
      PartsCount: 2,
      ContentRange: `bytes ${5 * MiB}-${5 * MiB + 2}/${5 * MiB + 3}`,
    });
    const first = await b.s3.send(new HeadObjectCommand({ Bucket, Key, PartNumber: 1 }));
    expect(first.ContentLength).to.equal(5 * MiB);
    const third = await refusal(b.s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 3 })));
    expect(third).to.include({ name: "InvalidPartNumber", status: 416 });
    const { ObjectParts } = await b.s3.send(
      new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ["ObjectParts"] }),
    );
    expect(ObjectParts?.Parts?.map(({ Size }) => Size)).to.deep.equal([5 * MiB, 3]);
  });

  it("makes parts of objects and of ranges of them, with the right to read and to write", async () => {
    await put("source", "0123456789");
    const Key = "from-copies";
    const UploadId = await begin(Key);
    const CopySource = `${Bucket}/source`;
    const copy = (by: Clients, CopySourceRange?: string) =>
      by.s3.send(
        new UploadPartCopyCommand({ Bucket, Key, UploadId, PartNumber: 1, CopySource, CopySourceRange }),
      );
    expect((await refusal(copy(b, "bytes=5-10"))).name).to.equal("InvalidArgument");
    expect((await refusal(copy(a))).name).to.equal("AccessDenied");
    const { CopyPartResult: part } = await copy(b, "bytes=2-4");
    const Parts = [{ PartNumber: 1, ETag: part?.ETag }];
    await b.s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    );
    const { Body } = await b.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body?.transformToString()).to.equal("234");
  });

  it("lists uploads under way page by page", async () => {
    const Prefix = "under-way/";
    for (const key of ["a", "b", "b"]) await begin(Prefix + key);
    const seen: (string | undefined)[] = [];
    let from: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
    while (from) {
      const page: Awaited<ReturnType<typeof list>> = await list(from);
      expect(page.Uploads).to.have.length(1);
      seen.push(page.Uploads?.[0]?.UploadId);
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
      from = page.IsTruncated ? { KeyMarker, UploadIdMarker } : undefined;
    }
    expect(new Set(seen).size).to.equal(3);

    function list(after: object) {
      return b.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix, MaxUploads: 1, ...after }));
    }
  });

  it("copies and removes on the conditions that are set", async () => {
    const ETag = (await put("there", "1")).ETag ?? "";
    const copy = (more: object) =>
      b.s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/there`, ...more }));
    const hour = 3_600_000;
    for (const condition of [
      { CopySourceIfMatch: '"other"' },
      { CopySourceIfNoneMatch: ETag },
      { CopySourceIfUnmodifiedSince: new Date(Date.now() - hour) },
      { CopySourceIfModifiedSince: new Date(Date.now() + hour) },
    ])
      expect(await refusal(copy(condition)), Object.keys(condition)[0]).to.include({
        name: "PreconditionFailed",
        status: 412,
      });
    const { CopyObjectResult } = await copy({ CopySourceIfMatch: ETag, ChecksumAlgorithm: "SHA256" });
    expect(CopyObjectResult?.ChecksumSHA256).to.equal(sha256(Buffer.from("1")).toString("base64"));
    expect((await refusal(copy({ IfNoneMatch: "*" }))).name).to.equal("PreconditionFailed");
    const remove = (IfMatch: string) => b.s3.send(new DeleteObjectCommand({ Bucket, Key: "there", IfMatch }));
    expect((await refusal(remove('"other"'))).name).to.equal("PreconditionFailed");
    await remove(ETag);
  });

  it("copies tags with the permissions on them alone", async () => {
    await b.s3.send(new PutObjectCommand({ Bucket, Key: "tagged", Body: "x", Tagging: "team=ml" }));
    const copier = await user(
      sandbox.endpoint,
      b,
      "copier",
      allow(["s3:GetObject", "s3:PutObject", "s3:ListBucket"]),
    );
    const { s3 } = clients(sandbox.endpoint, copier.keys, "us-east-1");
    const copy = (more: object) =>
      s3.send(new CopyObjectCommand({ Bucket, Key: "copied", CopySource: `${Bucket}/tagged`, ...more }));
    expect((await refusal(copy({}))).message).to.match(/s3:GetObjectTagging/);
    await copy({ TaggingDirective: "REPLACE" });
  });

  it("refuses keys of more than 1,024 bytes", async () => {
    const name = (await refusal(put("ü".repeat(513), ""))).name;
    expect(name).to.equal("KeyTooLongError");
    await put("ü".repeat(512), "");
  });

  it("tells the metadata of an encrypted object to whoever may read it, and its checksum to whoever may open it", async () => {
    const { KeyMetadata } = await b.kms.send(new CreateKeyCommand({}));
    await b.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: "secret",
        Body: "secret",
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId: KeyMetadata?.Arn,
      }),
    );
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111111111111:user/administrator" },
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${Bucket}/*`,
      },
    });
    await b.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    const told = await a.s3.send(new HeadObjectCommand({ Bucket, Key: "secret" }));
    expect(told).to.include({ ContentLength: 6, SSEKMSKeyId: KeyMetadata?.Arn });
    const ChecksumMode = "ENABLED";
    const withChecksum = a.s3.send(new HeadObjectCommand({ Bucket, Key: "secret", ChecksumMode }));
    expect((await refusal(withChecksum)).status).to.equal(403);
    const contents = a.s3.send(new GetObjectCommand({ Bucket, Key: "secret" }));
    expect((await refusal(contents)).message).to.match(/kms:Decrypt/);
  });

  it("shows conditions the encryption of an upload with each of its parts, and keys its encryption context", async () => {
    const { KeyMetadata } = await b.kms.send(new CreateKeyCommand({}));
    const Key = "enforced/object";
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:PutObject",
        Resource: `arn:aws:s3:::${Bucket}/enforced/*`,
        Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
      },
    });
    await b.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await refusal(put(Key, "plain"))).name).to.equal("AccessDenied");
    expect((await refusal(begin(Key))).name).to.equal("AccessDenied");
    const SSEKMSEncryptionContext = Buffer.from(JSON.stringify({ team: "ml" })).toString("base64");
    const UploadId = await begin(Key, {
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: KeyMetadata?.Arn,
      SSEKMSEncryptionContext,
    });
    const part = { Bucket, Key, UploadId, PartNumber: 1 };
    const { ETag } = await b.s3.send(new UploadPartCommand({ ...part, Body: "secret" }));
    const Parts = [{ PartNumber: 1, ETag }];
    await b.s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    );
    const { Body } = await b.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body?.transformToString()).to.equal("secret");
    const seen = sandbox.world.store.collection<{ versions: { encryption?: { context: object } }[] }>(
      "s3.objects",
    );
    expect(seen.get(`${Bucket}/${Key}`)?.versions[0]?.encryption?.context).to.include({ team: "ml" });
  });

  it("keeps storage classes, and refuses what S3 does not take", async () => {
    const at = (more: object) =>
      b.s3.send(new PutObjectCommand({ Bucket, Key: "class", Body: "x", ...more }));
    await at({ StorageClass: "STANDARD_IA" });
    expect((await b.s3.send(new HeadObjectCommand({ Bucket, Key: "class" }))).StorageClass).to.equal(
      "STANDARD_IA",
    );
    const refused = async (more: object) => (await refusal(at(more))).name;
    expect(await refused({ StorageClass: "NOPE" })).to.equal("InvalidStorageClass");
    expect(await refused({ Metadata: { long: "x".repeat(2048) } })).to.equal("MetadataTooLarge");
    expect(await refused({ Tagging: "a=1&a=2" })).to.equal("InvalidTag");
    const list = b.s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: "???" }));
    expect((await refusal(list)).message).to.equal("The continuation token provided is incorrect");
  });

  it("tells where a bucket is, also without a body", async () => {
    const { s3 } = clients(sandbox.endpoint, b.keys, "eu-west-1");
    const headers: Record<string, string>[] = [];
    s3.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        headers.push((result.response as { headers: Record<string, string> }).headers);
        return result;
      },
      { step: "deserialize", priority: "low" },
    );
    await refusal(s3.send(new HeadBucketCommand({ Bucket })));
    expect(headers[0]?.["x-amz-bucket-region"]).to.equal("us-east-1");
  });
});

// S3 with the AWS SDK: ownership, encryption under keys of two accounts, policies, versions, lists. What of a bucket's
// configurations is kept without effect (docs/sandbox.md) is read back here, and no more.
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  GetBucketWebsiteCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { CreateKeyCommand, DisableKeyCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { clients, refusal, type Clients } from "./support";

const A = "111111111111";
const B = "222222222222";
const ADMINISTRATOR_OF_A = `arn:aws:iam::${A}:user/administrator`;
const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

describe("sandbox S3", () => {
  let sandbox: Sandbox;
  let a: Clients;
  let b: Clients;
  let serial = 0;
  before(async () => {
    sandbox = await startSandbox();
    const of = (id: string) =>
      clients(sandbox.endpoint, sandbox.accounts.find((each) => each.id === id) ?? sandbox.base, "us-east-1");
    [a, b] = [of(A), of(B)];
  });
  after(() => sandbox.close());

  const makeBucket = async () => {
    const Bucket = `bucket-${++serial}`;
    await b.s3.send(new CreateBucketCommand({ Bucket }));
    return Bucket;
  };
  const put = (by: Clients, Bucket: string, Key: string, more: Partial<PutObjectCommandInput> = {}) =>
    by.s3.send(new PutObjectCommand({ Bucket, Key, Body: "features", ...more }));
  const get = async (by: Clients, Bucket: string, Key: string, VersionId?: string) =>
    (await by.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
  const letIn = (Bucket: string, ...Action: string[]) => {
    const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
    return b.s3.send(
      new PutBucketPolicyCommand({
        Bucket,
        Policy: document({ Effect: "Allow", Principal: { AWS: ADMINISTRATOR_OF_A }, Action, Resource }),
      }),
    );
  };

  it("has one owner of a bucket's name, and its rules for names and places", async () => {
    const Bucket = await makeBucket();
    expect((await refusal(a.s3.send(new CreateBucketCommand({ Bucket })))).name).to.equal(
      "BucketAlreadyExists",
    );
    expect((await refusal(b.s3.send(new CreateBucketCommand({ Bucket: "Upper" })))).name).to.equal(
      "InvalidBucketName",
    );
    const elsewhere = { LocationConstraint: "eu-west-1" as const };
    const misplaced = new CreateBucketCommand({ Bucket: "elsewhere", CreateBucketConfiguration: elsewhere });
    expect((await refusal(b.s3.send(misplaced))).name).to.equal("IllegalLocationConstraintException");
  });

  it("makes buckets as AWS does today: owner enforced, public access blocked, encrypted", async () => {
    const Bucket = await makeBucket();
    const { OwnershipControls } = await b.s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(OwnershipControls?.Rules).to.deep.equal([{ ObjectOwnership: "BucketOwnerEnforced" }]);
    const { PublicAccessBlockConfiguration } = await b.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(Object.values(PublicAccessBlockConfiguration ?? {})).to.deep.equal([true, true, true, true]);
    const { ServerSideEncryptionConfiguration } = await b.s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(
      ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    ).to.equal("AES256");
    const absent = [
      [GetBucketTaggingCommand, "NoSuchTagSet"],
      [GetBucketWebsiteCommand, "NoSuchWebsiteConfiguration"],
      [GetBucketCorsCommand, "NoSuchCORSConfiguration"],
      [GetBucketReplicationCommand, "ReplicationConfigurationNotFoundError"],
      [GetBucketLifecycleConfigurationCommand, "NoSuchLifecycleConfiguration"],
      [GetObjectLockConfigurationCommand, "ObjectLockConfigurationNotFoundError"],
      [GetBucketPolicyCommand, "NoSuchBucketPolicy"],
    ] as const;
    for (const [Command, code] of absent)
      expect(await refusal(b.s3.send(new Command({ Bucket }) as never)), code).to.include({
        name: code,
        status: 404,
      });
  });

  it("takes no ACL but bucket-owner-full-control, which needs s3:PutObjectAcl", async () => {
    const Bucket = await makeBucket();
    expect(await refusal(put(b, Bucket, "k", { ACL: "public-read" }))).to.include({
      name: "AccessControlListNotSupported",
      status: 400,
    });
    await letIn(Bucket, "s3:PutObject");
    await put(a, Bucket, "k");
    expect((await refusal(put(a, Bucket, "k", { ACL: "bucket-owner-full-control" }))).name).to.equal(
      "AccessDenied",
    );
    await letIn(Bucket, "s3:PutObject", "s3:PutObjectAcl");
    await put(a, Bucket, "k", { ACL: "bucket-owner-full-control" });
    expect(await get(b, Bucket, "k")).to.equal("features");
  });

  it("lets another account in by the bucket's policy, and tells what is missing to those only who may list", async () => {
    const Bucket = await makeBucket();
    await put(b, Bucket, "k");
    expect((await refusal(get(a, Bucket, "k"))).message).to.contain(
      "no resource-based policy allows the s3:GetObject action",
    );
    await letIn(Bucket, "s3:GetObject");
    expect(await get(a, Bucket, "k")).to.equal("features");
    expect(await refusal(get(a, Bucket, "missing"))).to.include({ name: "AccessDenied", status: 403 });
    await letIn(Bucket, "s3:GetObject", "s3:ListBucket");
    expect(await refusal(get(a, Bucket, "missing"))).to.include({ name: "NoSuchKey", status: 404 });
    const anonymous = await fetch(`${sandbox.endpoint}/${Bucket}/k`);
    expect(anonymous.status).to.equal(403);
  });

  it("refuses policies that are public, name who does not exist, or fit neither bucket nor action", async () => {
    const Bucket = await makeBucket();
    const arn = `arn:aws:s3:::${Bucket}`;
    const refused = (statement: object) =>
      refusal(
        b.s3.send(
          new PutBucketPolicyCommand({
            Bucket,
            Policy: document({
              Effect: "Allow",
              Principal: { AWS: A },
              Action: "s3:GetObject",
              Resource: `${arn}/*`,
              ...statement,
            }),
          }),
        ),
      );
    expect((await refused({ Principal: "*" })).name).to.equal("AccessDenied");
    expect(await refused({ Principal: { AWS: `arn:aws:iam::${A}:role/nobody` } })).to.deep.include({
      name: "MalformedPolicy",
      message: "Invalid principal in policy",
    });
    expect((await refused({ Resource: "arn:aws:s3:::another/*" })).message).to.equal(
      "Policy has invalid resource",
    );
    expect((await refused({ Action: "sqs:SendMessage" })).message).to.equal("Policy has invalid action");
    for (const Action of ["s3:GetObjekt", ["s3:GetObject", "s3:Gett*"]])
      expect((await refused({ Action })).message).to.equal("Policy has invalid action");
    const unfit = "Action does not apply to any resource(s) in statement";
    expect((await refused({ Resource: arn })).message).to.equal(unfit);
    expect((await refused({ Action: ["s3:GetObject", "s3:ListBucket"] })).message).to.equal(unfit);
  });

  it("encrypts under a key of another account, and reads with the reader's own right to it", async () => {
    const Bucket = await makeBucket();
    await letIn(Bucket, "s3:PutObject");
    const key = (await a.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
    const written = await put(a, Bucket, "k", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: key });
    expect(written).to.include({ SSEKMSKeyId: key, ServerSideEncryption: "aws:kms" });
    expect(await refusal(get(b, Bucket, "k"))).to.deep.include({ name: "AccessDenied", status: 403 });
    const delegated = document(
      { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${A}:root` }, Action: "kms:*", Resource: "*" },
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${B}:root` },
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
      },
    );
    await a.kms.send(new PutKeyPolicyCommand({ KeyId: key, Policy: delegated }));
    expect(await get(b, Bucket, "k")).to.equal("features");
    await a.kms.send(new DisableKeyCommand({ KeyId: key }));
    expect((await refusal(get(b, Bucket, "k"))).name).to.equal("KMS.DisabledException");
    expect(
      (await refusal(put(a, Bucket, "k2", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: `${key}0` }))).name,
    ).to.equal("KMS.NotFoundException");
  });

  it("applies the bucket's default key to requests that name none", async () => {
    const Bucket = await makeBucket();
    const key = (await b.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
    const Rules = [
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: key },
        BucketKeyEnabled: true,
      },
    ];
    await b.s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
    expect(await put(b, Bucket, "k")).to.include({ SSEKMSKeyId: key, BucketKeyEnabled: true });
    expect(await put(b, Bucket, "own", { ServerSideEncryption: "AES256" })).to.include({
      ServerSideEncryption: "AES256",
    });
  });

  it("keeps versions, and removes them one by one", async () => {
    const Bucket = await makeBucket();
    await b.s3.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
    const { VersionId: first } = await put(b, Bucket, "k", { Body: "1" });
    await put(b, Bucket, "k", { Body: "2" });
    const { DeleteMarker, VersionId: marker } = await b.s3.send(
      new DeleteObjectCommand({ Bucket, Key: "k" }),
    );
    expect(DeleteMarker).to.equal(true);
    expect((await refusal(get(b, Bucket, "k"))).name).to.equal("NoSuchKey");
    expect(await get(b, Bucket, "k", first)).to.equal("1");
    const { Versions, DeleteMarkers } = await b.s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect([Versions?.length, DeleteMarkers?.length]).to.deep.equal([2, 1]);
    await b.s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: marker }));
    expect(await get(b, Bucket, "k")).to.equal("2");
    expect((await refusal(b.s3.send(new DeleteBucketCommand({ Bucket })))).name).to.equal("BucketNotEmpty");
  });

  it("lists by prefix, delimiter and page", async () => {
    const Bucket = await makeBucket();
    for (const key of ["a/1", "a/2", "b/1 +ü", "c"]) await put(b, Bucket, key);
    const all: string[] = [];
    let token: string | undefined;
    do {
      const page = await b.s3.send(
        new ListObjectsV2Command({ Bucket, MaxKeys: 2, ContinuationToken: token }),
      );
      all.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ""));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    expect(all).to.deep.equal(["a/1", "a/2", "b/1 +ü", "c"]);
    const top = await b.s3.send(new ListObjectsV2Command({ Bucket, Delimiter: "/" }));
    expect(top.CommonPrefixes?.map(({ Prefix }) => Prefix)).to.deep.equal(["a/", "b/"]);
    expect(top.Contents?.map(({ Key }) => Key)).to.deep.equal(["c"]);
  });

  it("puts parts together, and takes kms:Decrypt for each part under a key", async () => {
    const Bucket = await makeBucket();
    const Key = "big";
    const { UploadId } = await b.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const bodies = [Buffer.alloc(5 << 20, "x"), Buffer.from("end")];
    const Parts = await Promise.all(
      bodies.map(async (Body, index) => ({
        PartNumber: index + 1,
        ETag: (await b.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: index + 1, Body })))
          .ETag,
      })),
    );
    await b.s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    );
    const { ContentLength, ETag } = await b.s3.send(new HeadObjectCommand({ Bucket, Key }));
    expect([ContentLength, ETag?.endsWith('-2"')]).to.deep.equal([(5 << 20) + 3, true]);

    await letIn(Bucket, "s3:PutObject", "s3:AbortMultipartUpload");
    const keyPolicy = document(
      { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${B}:root` }, Action: "kms:*", Resource: "*" },
      {
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${A}:root` },
        Action: "kms:GenerateDataKey",
        Resource: "*",
      },
    );
    const key = (await b.kms.send(new CreateKeyCommand({ Policy: keyPolicy }))).KeyMetadata?.Arn;
    const upload = await a.s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ServerSideEncryption: "aws:kms", SSEKMSKeyId: key }),
    );
    const part = { Bucket, Key, UploadId: upload.UploadId };
    expect(
      (await refusal(a.s3.send(new UploadPartCommand({ ...part, PartNumber: 1, Body: "x" })))).name,
    ).to.equal("AccessDenied");
    await a.s3.send(new AbortMultipartUploadCommand(part));
  });

  it("copies with both rights, and removes many with an answer for each", async () => {
    const Bucket = await makeBucket();
    await put(b, Bucket, "from", { Metadata: { origin: "test" } });
    await b.s3.send(new CopyObjectCommand({ Bucket, Key: "to", CopySource: `${Bucket}/from` }));
    expect((await b.s3.send(new HeadObjectCommand({ Bucket, Key: "to" }))).Metadata).to.deep.equal({
      origin: "test",
    });
    expect(
      (await refusal(a.s3.send(new CopyObjectCommand({ Bucket, Key: "x", CopySource: `${Bucket}/from` }))))
        .name,
    ).to.equal("AccessDenied");
    const Objects = [{ Key: "from" }, { Key: "never" }];
    expect(
      (await b.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))).Deleted,
    ).to.have.length(2);
    const refused = await a.s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "to" }] } }),
    );
    expect(refused.Errors?.map(({ Key, Code }) => [Key, Code])).to.deep.equal([["to", "AccessDenied"]]);
  });

  it("reads a part of an object whose checksum is of the whole, whatever the algorithm", async () => {
    const Bucket = await makeBucket();
    for (const ChecksumAlgorithm of ["CRC32", "CRC64NVME", "SHA256"] as const) {
      await put(b, Bucket, ChecksumAlgorithm, { ChecksumAlgorithm });
      const part = await b.s3.send(
        new GetObjectCommand({ Bucket, Key: ChecksumAlgorithm, Range: "bytes=0-3", ChecksumMode: "ENABLED" }),
      );
      expect(await part.Body?.transformToString()).to.equal("feat");
    }
  });

  it("shows the ID of a role that is gone in the policy that named it", async () => {
    const Bucket = await makeBucket();
    await a.iam.send(
      new CreateRoleCommand({
        RoleName: "gone",
        AssumeRolePolicyDocument: document({
          Effect: "Allow",
          Principal: { AWS: A },
          Action: "sts:AssumeRole",
        }),
      }),
    );
    const statement = {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${A}:role/gone` },
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::${Bucket}/*`,
    };
    await b.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: document(statement) }));
    const shown = async () => (await b.s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy;
    expect(await shown()).to.contain("role/gone");
    const { DeleteRoleCommand } = await import("@aws-sdk/client-iam");
    await a.iam.send(new DeleteRoleCommand({ RoleName: "gone" }));
    expect(await shown())
      .to.match(/AROA[A-Z0-9]+/)
      .and.not.contain("role/gone");
  });
});

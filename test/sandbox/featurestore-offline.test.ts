/**
 * The offline-store topology through the AWS SDK: account A's feature group, account B's bucket. What is written where, as whom, under
 * which key, who can read it, and what happens when permissions are missing, at creation and later.
 * It does not prove Athena, and not the 15 minutes that AWS may buffer.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetTableCommand } from "@aws-sdk/client-glue";
import { CreateKeyCommand, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import {
  CreateFeatureGroupCommand,
  DeleteFeatureGroupCommand,
  DescribeFeatureGroupCommand,
  UpdateFeatureGroupCommand,
} from "@aws-sdk/client-sagemaker";
import { DeleteRecordCommand, PutRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../sandbox";
import {
  A,
  allow,
  B,
  document,
  groupOf,
  recordOf,
  region,
  serviceRole,
  until,
  user,
  whenGone,
  whenNot,
} from "./featureGroups";
import { clients, refusal, type Clients } from "./support";

const bucket = "account-b-sagemaker-offline";
const onObjects = ["s3:PutObject", "s3:PutObjectAcl"];

describe("sandbox Feature Store: an offline store in another account", () => {
  let directory: string;
  let sandbox: Sandbox;
  let a: Clients;
  let b: Clients;
  let role: string;
  let key: string;

  async function start() {
    sandbox = await startSandbox({ state: directory });
    const [keysA, keysB] = sandbox.accounts;
    if (!keysA || !keysB) throw new Error("two accounts were expected");
    a = clients(sandbox.endpoint, keysA);
    b = clients(sandbox.endpoint, keysB);
  }

  const roleStatements = () => [
    allow(onObjects, `arn:aws:s3:::${bucket}/*`),
    allow("s3:GetBucketAcl", `arn:aws:s3:::${bucket}`),
    allow("kms:GenerateDataKey", key),
  ];

  const openBucket = (...roles: string[]) =>
    b.s3.send(
      new PutBucketPolicyCommand({
        Bucket: bucket,
        Policy: document({
          Sid: "S3CrossAccountBucketAccess",
          Principal: { AWS: roles },
          ...allow(["s3:GetBucketAcl", ...onObjects], [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]),
        }),
      }),
    );

  const keyPolicy = (...more: object[]) =>
    document(
      { Principal: { AWS: `arn:aws:iam::${A}:root` }, ...allow("kms:*") },
      {
        Principal: { AWS: [role, `arn:aws:iam::${B}:root`] },
        ...allow(["kms:GenerateDataKey", "kms:Decrypt"]),
      },
      ...more,
    );

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "featurestore-"));
    await start();
    role = await serviceRole(a, "writer", []);
    key = (await a.kms.send(new CreateKeyCommand({ Policy: keyPolicy() }))).KeyMetadata?.Arn ?? "";
    await a.iam.send(
      new PutRolePolicyCommand({
        RoleName: "writer",
        PolicyName: "p",
        PolicyDocument: document(...roleStatements()),
      }),
    );
    await b.s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: region },
      }),
    );
    await openBucket(role);
    await a.sagemaker.send(new CreateFeatureGroupCommand(offline("Customer-Orders")));
    await whenNot("Creating", a, "Customer-Orders");
  });
  after(async () => {
    await sandbox.close();
    rmSync(directory, { recursive: true });
  });

  const offline = (name: string, more: object = {}, storage: object = {}) =>
    groupOf(name, {
      RoleArn: role,
      OfflineStoreConfig: {
        S3StorageConfig: { S3Uri: `s3://${bucket}/features`, KmsKeyId: key, ...storage },
      },
      ...more,
    });
  const describeGroup = (name: string) =>
    a.sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: name }));
  const put = (values: Record<string, string>, group = "Customer-Orders", by = a) =>
    by.featureStore.send(new PutRecordCommand({ FeatureGroupName: group, Record: recordOf(values) }));
  const keysUnder = async (part: string) =>
    (await b.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "features/" }))).Contents?.flatMap(
      ({ Key }) => (Key?.includes(part) ? [Key] : []),
    ) ?? [];
  const written = (part: string) => until(async () => (await keysUnder(part))[0]);

  async function rowsOf(by: Clients, Key: string): Promise<Record<string, unknown>[]> {
    const { parquetReadObjects } = await import("hyparquet");
    const { Body } = await by.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const bytes = await Body?.transformToByteArray();
    return parquetReadObjects({ file: new Uint8Array(bytes ?? []).buffer });
  }

  it("tells where it is, and has its table in the catalog of the group's account", async () => {
    const group = await describeGroup("Customer-Orders");
    const epoch = Math.floor((group.CreationTime?.getTime() ?? 0) / 1000);
    const uri = `s3://${bucket}/features/${A}/sagemaker/${region}/offline-store/Customer-Orders-${epoch}/data`;
    expect(group.FailureReason).to.equal(undefined);
    expect(group.OfflineStoreStatus).to.deep.equal({ Status: "Active" });
    expect(group.OfflineStoreConfig).to.deep.equal({
      S3StorageConfig: { S3Uri: `s3://${bucket}/features`, KmsKeyId: key, ResolvedOutputS3Uri: uri },
      DisableGlueTableCreation: false,
      DataCatalogConfig: {
        TableName: `customer_orders_${epoch}`,
        Catalog: "AwsDataCatalog",
        Database: "sagemaker_featurestore",
      },
    });
    const { Table } = await a.glue.send(
      new GetTableCommand({ DatabaseName: "sagemaker_featurestore", Name: `customer_orders_${epoch}` }),
    );
    expect(Table?.TableType).to.equal("EXTERNAL_TABLE");
    expect(Table?.StorageDescriptor).to.deep.include({
      Location: uri,
      InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      Columns: [
        { Name: "id", Type: "string" },
        { Name: "time", Type: "string" },
        { Name: "age", Type: "bigint" },
        { Name: "score", Type: "double" },
        { Name: "write_time", Type: "timestamp" },
        { Name: "api_invocation_time", Type: "timestamp" },
        { Name: "is_deleted", Type: "boolean" },
      ],
    });
  });

  it("gets every write as Parquet by event time, encrypted under A's key, owned and readable by B", async () => {
    const before = Date.now();
    await put({ id: "1", time: "2024-03-04T05:59:59Z", age: "30", score: "0.25" });
    await put({ id: "1", time: "2024-03-04T05:10:00Z", age: "29" });
    await a.featureStore.send(
      new DeleteRecordCommand({
        FeatureGroupName: "Customer-Orders",
        RecordIdentifierValueAsString: "1",
        EventTime: "2024-03-04T06:00:00Z",
      }),
    );
    const first = await written("hour=05");
    expect(first).to.match(
      new RegExp(
        `^features/${A}/sagemaker/${region}/offline-store/Customer-Orders-\\d+/data/` +
          "year=2024/month=03/day=04/hour=05/20240304T055959Z_[A-Za-z0-9]{16}\\.parquet$",
      ),
    );
    const rows = await rowsOf(b, first);
    expect(rows.map(({ id, age, score, is_deleted }) => ({ id, age, score, is_deleted }))).to.deep.equal([
      { id: "1", age: 30n, score: 0.25, is_deleted: false },
      { id: "1", age: 29n, score: null, is_deleted: false },
    ]);
    for (const name of ["write_time", "api_invocation_time"])
      expect((rows[0]?.[name] as Date).getTime()).to.be.within(before - 1, Date.now());
    const deleted = await rowsOf(b, await written("hour=06"));
    expect(deleted).to.deep.include.members([
      { ...deleted[0], id: "1", time: "2024-03-04T06:00:00Z", age: null, score: null, is_deleted: true },
    ]);
    const head = await b.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: first }));
    expect(head).to.include({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: key });
  });

  it("is closed to A's administrator, to B without the key, and to strangers", async () => {
    const Key = await written("hour=05");
    const read = (by: Clients) => by.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    expect((await refusal(read(a))).name).to.equal("AccessDenied");
    const keyless = await user(sandbox.endpoint, b, "keyless", allow("s3:*"));
    expect((await refusal(read(keyless))).name).to.equal("AccessDenied");
    const reader = await user(
      sandbox.endpoint,
      b,
      "reader",
      allow("s3:GetObject", `arn:aws:s3:::${bucket}/*`),
      allow("kms:Decrypt", key),
    );
    await read(reader);
  });

  it("is refused at creation where a permission is missing", async () => {
    const attempt = async (more: object, storage: object = {}) => {
      const { name, message } = await refusal(
        a.sagemaker.send(new CreateFeatureGroupCommand(offline("refused", more, storage))),
      );
      expect(name).to.equal("ValidationException");
      return message;
    };
    const full = roleStatements();
    const without = (index: number) => full.filter((_, each) => each !== index);
    const roles: string[] = [];
    for (const [index, statements] of [without(1), without(0), without(2), full].entries())
      roles.push(await serviceRole(a, `refused-${index}`, statements));
    // The bucket's policy names them all but the last.
    await openBucket(role, ...roles.slice(0, 3));
    for (const [index, RoleArn] of roles.entries()) {
      const message = await attempt({ RoleArn });
      expect(message).to.contain(index === 2 ? "kms:GenerateDataKey" : "Invalid S3Uri provided", RoleArn);
    }
    expect(await attempt({}, { S3Uri: "s3://no-such-bucket-anywhere/x" })).to.contain(
      "Invalid S3Uri provided",
    );
    await openBucket(role);
  });

  it("is refused with a kms:ViaService condition for SageMaker on the offline key", async () => {
    const viaSageMaker = document(
      {
        Principal: { AWS: `arn:aws:iam::${A}:root` },
        ...allow(["kms:Put*", "kms:ScheduleKeyDeletion", "kms:CreateKey"]),
      },
      {
        Principal: { AWS: `arn:aws:iam::${A}:root` },
        ...allow("kms:*", "*", {
          Condition: { StringLike: { "kms:ViaService": "sagemaker.*.amazonaws.com" } },
        }),
      },
    );
    const made = await a.kms.send(
      new CreateKeyCommand({ Policy: viaSageMaker, BypassPolicyLockoutSafetyCheck: true }),
    );
    const KmsKeyId = made.KeyMetadata?.Arn ?? "";
    const RoleArn = await serviceRole(a, "via", [
      ...roleStatements(),
      allow("kms:GenerateDataKey", KmsKeyId),
    ]);
    await openBucket(role, RoleArn);
    const create = (name: string, group: object) =>
      a.sagemaker.send(new CreateFeatureGroupCommand({ ...offline(name), RoleArn, ...group }));
    const S3StorageConfig = { S3Uri: `s3://${bucket}/features`, KmsKeyId };
    const refused = await refusal(create("via-offline", { OfflineStoreConfig: { S3StorageConfig } }));
    expect(refused.name).to.equal("ValidationException");
    expect(refused.message).to.contain("kms:ViaService");
    const online = { EnableOnlineStore: true, SecurityConfig: { KmsKeyId } };
    await create("via-online", { OnlineStoreConfig: online });
    expect((await whenNot("Creating", a, "via-online")).FeatureGroupStatus).to.equal("Created");
    await openBucket(role);
  });

  it("fails to be created where the creator may not make the table", async () => {
    const creator = await user(
      sandbox.endpoint,
      a,
      "no-glue",
      allow(["sagemaker:*", "kms:*"]),
      allow("iam:PassRole", role),
    );
    await creator.sagemaker.send(new CreateFeatureGroupCommand(offline("no-table")));
    const failed = await whenNot("Creating", creator, "no-table");
    expect(failed.FeatureGroupStatus).to.equal("CreateFailed");
    expect(failed.FailureReason).to.contain("glue:CreateTable").and.to.contain("Service: AWSGlue");
    const disabled = offline("without-table");
    await creator.sagemaker.send(
      new CreateFeatureGroupCommand({
        ...disabled,
        OfflineStoreConfig: {
          S3StorageConfig: { S3Uri: `s3://${bucket}` },
          DisableGlueTableCreation: true,
        },
      }),
    );
    const made = await whenNot("Creating", creator, "without-table");
    expect(made.FeatureGroupStatus).to.equal("Created");
    expect(made.OfflineStoreConfig?.DataCatalogConfig).to.equal(undefined);
  });

  it("gets new features as columns", async () => {
    await a.sagemaker.send(
      new UpdateFeatureGroupCommand({
        FeatureGroupName: "Customer-Orders",
        FeatureAdditions: [{ FeatureName: "City", FeatureType: "String" }],
      }),
    );
    const group = await until(async () => {
      const now = await describeGroup("Customer-Orders");
      return now.LastUpdateStatus?.Status !== "InProgress" && now;
    });
    expect(group.LastUpdateStatus).to.deep.equal({ Status: "Successful" });
    const Name = group.OfflineStoreConfig?.DataCatalogConfig?.TableName;
    const { Table } = await a.glue.send(
      new GetTableCommand({ DatabaseName: "sagemaker_featurestore", Name }),
    );
    expect(Table?.StorageDescriptor?.Columns?.[4]).to.deep.equal({ Name: "city", Type: "string" });
    await put({ id: "2", time: "2024-03-05T00:00:00Z", City: "Ulm" });
    expect((await rowsOf(b, await written("day=05")))[0]).to.include({ City: "Ulm" });
  });

  it("is blocked when the role loses its access, keeps what was acknowledged, and writes it when access is back", async () => {
    await a.iam.send(new DeleteRolePolicyCommand({ RoleName: "writer", PolicyName: "p" }));
    await put({ id: "3", time: "2024-03-06T00:00:00Z" });
    const blocked = await until(async () => {
      const { OfflineStoreStatus } = await describeGroup("Customer-Orders");
      return OfflineStoreStatus?.Status === "Blocked" && OfflineStoreStatus;
    });
    expect(blocked.BlockedReason).to.contain("s3:PutObject");
    expect(await keysUnder("day=06")).to.deep.equal([]);
    await a.iam.send(
      new PutRolePolicyCommand({
        RoleName: "writer",
        PolicyName: "p",
        PolicyDocument: document(...roleStatements()),
      }),
    );
    expect(await rowsOf(b, await written("day=06"))).to.have.lengthOf(1);
    await until(async () => (await describeGroup("Customer-Orders")).OfflineStoreStatus?.Status === "Active");
  });

  it("is blocked when the key closes to the role", async () => {
    const policy = (Policy: string) =>
      a.kms.send(new PutKeyPolicyCommand({ KeyId: key, PolicyName: "default", Policy }));
    await policy(
      keyPolicy({ Effect: "Deny", Principal: { AWS: role }, Action: "kms:GenerateDataKey", Resource: "*" }),
    );
    await put({ id: "4", time: "2024-03-07T00:00:00Z" });
    const blocked = await until(async () => {
      const { OfflineStoreStatus } = await describeGroup("Customer-Orders");
      return OfflineStoreStatus?.Status === "Blocked" && OfflineStoreStatus;
    });
    expect(blocked.BlockedReason).to.contain("kms:GenerateDataKey");
    await policy(keyPolicy());
    await written("day=07");
  });

  it("loses no acknowledged row to a restart, and shows none in clear on disk", async () => {
    for (const id of ["5", "6", "7"]) await put({ id, time: "2024-03-08T00:00:00Z", City: `secret-${id}` });
    await sandbox.close();
    expect(readFileSync(join(directory, "state.json"), "utf8")).not.to.contain("secret-5");
    await start();
    const files = await until(async () => {
      const keys = await keysUnder("day=08");
      const rows = (await Promise.all(keys.map((each) => rowsOf(b, each)))).flat();
      return rows.length >= 3 && rows;
    });
    expect(files.map(({ id }) => id)).to.deep.equal(["5", "6", "7"]);
  });

  it("leaves objects and table behind when the group goes, also the last rows", async () => {
    const group = await describeGroup("Customer-Orders");
    await put({ id: "8", time: "2024-03-09T00:00:00Z" });
    await a.sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: "Customer-Orders" }));
    await whenGone(a, "Customer-Orders");
    expect(await keysUnder("day=09")).to.have.lengthOf(1);
    const Name = group.OfflineStoreConfig?.DataCatalogConfig?.TableName;
    await a.glue.send(new GetTableCommand({ DatabaseName: "sagemaker_featurestore", Name }));
  });
});

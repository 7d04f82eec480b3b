/**
 * The offline-store topology through the AWS SDK: account A's feature group, account B's bucket. What is written where, as whom, under
 * which key, who can read it, and what happens when permissions are missing, at creation and later.
 * It does not prove Athena, and not the 15 minutes that AWS may buffer.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetTableCommand } from "@aws-sdk/client-glue";
import { PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { DeleteFeatureGroupCommand, UpdateFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import { DeleteRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { expect } from "chai";
import { bucket, OfflineTopology } from "./offlineTopology";
import { A, allow, region, until, user, whenGone } from "./featureGroups";
import { refusal, type Clients } from "./support";

describe("sandbox Feature Store: an offline store in another account", () => {
  const t = new OfflineTopology();
  before(async () => {
    await t.build();
    await t.create("Customer-Orders");
  });
  after(() => t.end());

  it("tells where it is, and has its table in the catalog of the group's account", async () => {
    const group = await t.describeGroup("Customer-Orders");
    const epoch = Math.floor((group.CreationTime?.getTime() ?? 0) / 1000);
    const uri = `s3://${bucket}/features/${A}/sagemaker/${region}/offline-store/Customer-Orders-${epoch}/data`;
    expect(group.FailureReason).to.equal(undefined);
    expect(group.OfflineStoreStatus).to.deep.equal({ Status: "Active" });
    expect(group.OfflineStoreConfig).to.deep.equal({
      S3StorageConfig: { S3Uri: `s3://${bucket}/features`, KmsKeyId: t.key, ResolvedOutputS3Uri: uri },
      DisableGlueTableCreation: false,
      DataCatalogConfig: {
        TableName: `customer_orders_${epoch}`,
        Catalog: "AwsDataCatalog",
        Database: "sagemaker_featurestore",
      },
    });
    const { Table } = await t.a.glue.send(
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
    await t.put({ id: "1", time: "2024-03-04T05:59:59Z", age: "30", score: "0.25" }, "Customer-Orders");
    await t.put({ id: "1", time: "2024-03-04T05:10:00Z", age: "29" }, "Customer-Orders");
    await t.a.featureStore.send(
      new DeleteRecordCommand({
        FeatureGroupName: "Customer-Orders",
        RecordIdentifierValueAsString: "1",
        EventTime: "2024-03-04T06:00:00Z",
      }),
    );
    // A burst may end up in one file or in two.
    const { keys, rows } = await until(async () => {
      const keys = await t.keysUnder("hour=05");
      const rows = (await Promise.all(keys.map((each) => t.rowsOf(t.b, each)))).flat();
      return rows.length === 2 && { keys, rows };
    });
    for (const each of keys)
      expect(each).to.match(
        new RegExp(
          `^features/${A}/sagemaker/${region}/offline-store/Customer-Orders-\\d+/data/` +
            "year=2024/month=03/day=04/hour=05/20240304T05(5959|1000)Z_[A-Za-z0-9]{16}\\.parquet$",
        ),
      );
    expect(
      rows.map(({ id, age, score, is_deleted }) => ({ id, age, score, is_deleted })),
    ).to.have.deep.members([
      { id: "1", age: 30n, score: 0.25, is_deleted: false },
      { id: "1", age: 29n, score: null, is_deleted: false },
    ]);
    for (const name of ["write_time", "api_invocation_time"])
      expect((rows[0]?.[name] as Date).getTime()).to.be.within(before - 1, Date.now());
    const deleted = await t.rowsOf(t.b, await t.written("hour=06"));
    expect(deleted).to.deep.include.members([
      { ...deleted[0], id: "1", time: "2024-03-04T06:00:00Z", age: null, score: null, is_deleted: true },
    ]);
    const head = await t.b.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: keys[0] }));
    expect(head).to.include({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: t.key });
  });

  it("is closed to A's administrator, to B without the key, and to strangers", async () => {
    const Key = await t.written("hour=05");
    const read = (by: Clients) => by.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    expect((await refusal(read(t.a))).name).to.equal("AccessDenied");
    const keyless = await user(t.sandbox.endpoint, t.b, "keyless", allow("s3:*"));
    expect((await refusal(read(keyless))).name).to.equal("AccessDenied");
    const reader = await user(
      t.sandbox.endpoint,
      t.b,
      "reader",
      allow("s3:GetObject", `arn:aws:s3:::${bucket}/*`),
      allow("kms:Decrypt", t.key),
    );
    await read(reader);
  });

  it("gets new features as columns", async () => {
    await t.a.sagemaker.send(
      new UpdateFeatureGroupCommand({
        FeatureGroupName: "Customer-Orders",
        FeatureAdditions: [{ FeatureName: "City", FeatureType: "String" }],
      }),
    );
    const group = await until(async () => {
      const now = await t.describeGroup("Customer-Orders");
      return now.LastUpdateStatus?.Status !== "InProgress" && now;
    });
    expect(group.LastUpdateStatus).to.deep.equal({ Status: "Successful" });
    const Name = group.OfflineStoreConfig?.DataCatalogConfig?.TableName;
    const { Table } = await t.a.glue.send(
      new GetTableCommand({ DatabaseName: "sagemaker_featurestore", Name }),
    );
    expect(Table?.StorageDescriptor?.Columns?.[4]).to.deep.equal({ Name: "city", Type: "string" });
    await t.put({ id: "2", time: "2024-03-05T00:00:00Z", City: "Ulm" }, "Customer-Orders");
    expect((await t.rowsOf(t.b, await t.written("day=05")))[0]).to.include({ City: "Ulm" });
  });

  it("is blocked when the role loses its access, keeps what was acknowledged, and writes it when access is back", async () => {
    await t.a.iam.send(new DeleteRolePolicyCommand({ RoleName: "writer", PolicyName: "p" }));
    await t.put({ id: "3", time: "2024-03-06T00:00:00Z" }, "Customer-Orders");
    const blocked = await until(async () => {
      const { OfflineStoreStatus } = await t.describeGroup("Customer-Orders");
      return OfflineStoreStatus?.Status === "Blocked" && OfflineStoreStatus;
    });
    expect(blocked.BlockedReason).to.contain("s3:PutObject");
    expect(await t.keysUnder("day=06")).to.deep.equal([]);
    await t.allowRole();
    expect(await t.rowsOf(t.b, await t.written("day=06"))).to.have.lengthOf(1);
    await until(
      async () => (await t.describeGroup("Customer-Orders")).OfflineStoreStatus?.Status === "Active",
    );
  });

  it("is blocked when the key closes to the role", async () => {
    const policy = (Policy: string) =>
      t.a.kms.send(new PutKeyPolicyCommand({ KeyId: t.key, PolicyName: "default", Policy }));
    await policy(
      t.keyPolicy({
        Effect: "Deny",
        Principal: { AWS: t.role },
        Action: "kms:GenerateDataKey",
        Resource: "*",
      }),
    );
    await t.put({ id: "4", time: "2024-03-07T00:00:00Z" }, "Customer-Orders");
    const blocked = await until(async () => {
      const { OfflineStoreStatus } = await t.describeGroup("Customer-Orders");
      return OfflineStoreStatus?.Status === "Blocked" && OfflineStoreStatus;
    });
    expect(blocked.BlockedReason).to.contain("kms:GenerateDataKey");
    await policy(t.keyPolicy());
    await t.written("day=07");
  });

  it("loses no acknowledged row to a restart, and shows none in clear on disk", async () => {
    for (const id of ["5", "6", "7"])
      await t.put({ id, time: "2024-03-08T00:00:00Z", City: `secret-${id}` }, "Customer-Orders");
    await t.sandbox.close();
    expect(readFileSync(join(t.directory, "state.json"), "utf8")).not.to.contain("secret-5");
    await t.start();
    const files = await until(async () => {
      const keys = await t.keysUnder("day=08");
      const rows = (await Promise.all(keys.map((each) => t.rowsOf(t.b, each)))).flat();
      return rows.length >= 3 && rows;
    });
    expect(files.map(({ id }) => id)).to.have.members(["5", "6", "7"]);
  });

  it("leaves objects and table behind when the group goes, also the last rows", async () => {
    const group = await t.describeGroup("Customer-Orders");
    await t.put({ id: "8", time: "2024-03-09T00:00:00Z" }, "Customer-Orders");
    await t.a.sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: "Customer-Orders" }));
    await whenGone(t.a, "Customer-Orders");
    expect(await t.keysUnder("day=09")).to.have.lengthOf(1);
    const Name = group.OfflineStoreConfig?.DataCatalogConfig?.TableName;
    await t.a.glue.send(new GetTableCommand({ DatabaseName: "sagemaker_featurestore", Name }));
  });
});

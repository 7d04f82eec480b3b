/**
 * Iceberg offline stores across the account border: what the group's role needs, what happens without it, and what account B and
 * Athena read. What it does not prove: that the files are Iceberg's (test/sandbox/iceberg-python.test.ts).
 */
import { GetTableCommand, UpdateTableCommand } from "@aws-sdk/client-glue";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { CreateBucketCommand, GetObjectCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { CreateFeatureGroupCommand, DeleteFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { queryRows } from "./athenaRows";
import { A, allow, B, document, region, until, whenGone, whenNot } from "./featureGroups";
import { bucket, OfflineTopology } from "./offlineTopology";
import { refusal } from "./support";

const results = "account-a-results";
const glue = [
  `arn:aws:glue:${region}:${A}:catalog`,
  `arn:aws:glue:${region}:${A}:database/sagemaker_featurestore`,
];
const tablesOf = (name: string) => [
  ...glue,
  `arn:aws:glue:${region}:${A}:table/sagemaker_featurestore/${name}_*`,
];

describe("sandbox Feature Store: an Iceberg offline store in another account", function () {
  this.timeout(30_000);
  const topology = new OfflineTopology();

  before(async () => {
    await topology.build();
    await tightenKey();
    await openBucket();
    const CreateBucketConfiguration = { LocationConstraint: region } as const;
    await topology.a.s3.send(new CreateBucketCommand({ Bucket: results, CreateBucketConfiguration }));
  });
  after(() => topology.end());

  /** The key's policy lets the role have data keys made, and leaves what else it may to account A's IAM. */
  const tightenKey = () =>
    topology.a.kms.send(
      new PutKeyPolicyCommand({
        KeyId: topology.key,
        Policy: document(
          { Principal: { AWS: `arn:aws:iam::${A}:root` }, ...allow("kms:*") },
          { Principal: { AWS: topology.role }, ...allow("kms:GenerateDataKey") },
          { Principal: { AWS: `arn:aws:iam::${B}:root` }, ...allow("kms:Decrypt") },
        ),
      }),
    );

  /** What Iceberg takes beyond writing, by name, so that a test can leave one out. */
  const needs = (): Record<string, object> => ({
    read: allow("s3:GetObject", `arn:aws:s3:::${bucket}/*/metadata/*`),
    catalog: allow(["glue:GetTable", "glue:UpdateTable"], tablesOf("*")),
    decrypt: allow("kms:Decrypt", topology.key, {
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    }),
  });
  const grant = (...without: string[]) => {
    const more = Object.entries(needs()).flatMap(([name, each]) => (without.includes(name) ? [] : [each]));
    const PolicyDocument = document(...topology.roleStatements(), ...more);
    const policy = { RoleName: "writer", PolicyName: "p", PolicyDocument };
    return topology.a.iam.send(new PutRolePolicyCommand(policy));
  };
  const openBucket = (...more: string[]) =>
    topology.b.s3.send(
      new PutBucketPolicyCommand({
        Bucket: bucket,
        Policy: document(
          {
            Principal: { AWS: topology.role },
            ...allow(
              ["s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketAcl", ...more],
              [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
            ),
          },
          // Account A's administrator queries here.
          {
            Principal: { AWS: `arn:aws:iam::${A}:root` },
            ...allow("s3:GetObject", `arn:aws:s3:::${bucket}/features/*`, {
              Condition: { ArnNotLike: { "aws:PrincipalArn": topology.role } },
            }),
          },
        ),
      }),
    );

  /** @returns the table's name */
  async function create(name: string, more: object = {}): Promise<string> {
    const request = topology.offline(name, more);
    const OfflineStoreConfig = {
      ...request.OfflineStoreConfig,
      TableFormat: "Iceberg",
    } as typeof request.OfflineStoreConfig;
    await topology.a.sagemaker.send(new CreateFeatureGroupCommand({ ...request, OfflineStoreConfig }));
    const group = await whenNot("Creating", topology.a, name);
    expect(group.FailureReason).to.equal(undefined);
    return group.OfflineStoreConfig?.DataCatalogConfig?.TableName ?? "";
  }
  const table = async (Name: string) =>
    (await topology.a.glue.send(new GetTableCommand({ DatabaseName: "sagemaker_featurestore", Name }))).Table;
  const rows = async (sql: string) => (await queryRows(topology.a, sql, `s3://${results}/`)).slice(1);
  const status = async (name: string) => (await topology.describeGroup(name)).OfflineStoreStatus;

  it("keeps metadata beside the data, and a snapshot of each write in the catalog", async () => {
    await grant();
    await openBucket("s3:GetObject");
    const name = await create("people");
    const empty = await table(name);
    expect(empty?.Parameters).to.include({ table_type: "ICEBERG" });
    expect(await rows(`SELECT count(*) FROM ${name}`)).to.deep.equal([["0"]]);
    await topology.put({ id: "ann", time: "2024-01-01T10:00:00Z", age: "30", score: "0.5" }, "people");
    await topology.put({ id: "ben", time: "2024-01-02T10:00:00Z", age: "31" }, "people");
    await until(async () => (await rows(`SELECT count(*) FROM ${name}`))[0]?.[0] === "2");
    const sql = `SELECT id, age, score, is_deleted FROM ${name} ORDER BY id`;
    expect(await rows(sql)).to.deep.equal([
      ["ann", "30", "0.5", "false"],
      ["ben", "31", undefined, "false"],
    ]);
    const now = await table(name);
    expect(now?.Parameters?.["previous_metadata_location"]).to.be.a("string");
    expect(now?.StorageDescriptor?.Location).to.match(/\/offline-store\/people-\d{10}$/);
    const keys = await topology.keysUnder("/people-");
    const parts = keys.map((key) => key.replace(/^.*\/people-\d+\//, ""));
    expect(parts.filter((key) => key.startsWith("data/"))).to.have.length(2);
    for (const key of parts)
      expect(key).to.match(
        /^(data\/[0-9a-f]{8}\/time_trunc=2024-01-0[12]\/20240\d{3}T100000Z_[A-Za-z0-9]{16}\.parquet|metadata\/(\d{5}-[0-9a-f-]{36}\.metadata\.json|[0-9a-f]{32}-m0\.avro|snap-\d+-1-[0-9a-f-]{36}\.avro))$/,
      );
  });

  it("has all of it under A's key, owned and readable by B", async () => {
    for (const key of await topology.keysUnder("/people-")) {
      const { SSEKMSKeyId } = await topology.b.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      expect(SSEKMSKeyId, key).to.equal(topology.key);
    }
  });

  const lacking: [what: string, take: () => Promise<unknown>, reason: RegExp][] = [
    ["may not read its metadata", () => grant("read"), /s3:GetObject/],
    ["may not update its table", () => grant("catalog"), /glue:GetTable/],
    ["may not decrypt its metadata", () => grant("decrypt"), /kms:Decrypt/],
    ["is not let in by B's bucket", () => openBucket(), /s3:GetObject/],
  ];
  for (const [index, [what, take, reason]] of lacking.entries())
    it(`is blocked where the role ${what}, and loses nothing by it`, async () => {
      const name = `blocked-${index}`;
      const made = await create(name);
      await take();
      await topology.put({ id: "x", time: "2024-01-01T00:00:00Z" }, name);
      const blocked = await until(async () => {
        const { Status, BlockedReason } = (await status(name)) ?? {};
        return Status === "Blocked" && BlockedReason;
      });
      expect(blocked).to.match(reason);
      await grant();
      await openBucket("s3:GetObject");
      await until(async () => (await status(name))?.Status === "Active");
      expect(await rows(`SELECT id FROM "${made}"`)).to.deep.equal([["x"]]);
    });

  it("refuses an Iceberg table that the Data Catalog is not to know", async () => {
    const request = topology.offline("unknown");
    const OfflineStoreConfig = {
      ...request.OfflineStoreConfig,
      TableFormat: "Iceberg",
      DisableGlueTableCreation: true,
    } as typeof request.OfflineStoreConfig;
    const { name, message } = await refusal(
      topology.a.sagemaker.send(new CreateFeatureGroupCommand({ ...request, OfflineStoreConfig })),
    );
    expect(name).to.equal("ValidationException");
    expect(message).to.include("only supported when DisableGlueTableCreation is set to False");
  });

  it("goes without partitions where the event time is a number", async () => {
    const FeatureDefinitions = [
      { FeatureName: "id", FeatureType: "String" },
      { FeatureName: "time", FeatureType: "Fractional" },
    ];
    const name = await create("numbers", { FeatureDefinitions });
    await topology.put({ id: "n", time: "1704067200.5" }, "numbers");
    await until(async () => (await rows(`SELECT count(*) FROM ${name}`))[0]?.[0] === "1");
    expect(await rows(`SELECT id, time FROM ${name}`)).to.deep.equal([["n", "1.7040672005E9"]]);
    const [key] = (await topology.keysUnder("/numbers-")).filter((each) => each.endsWith(".parquet"));
    expect(key).to.match(/\/data\/[0-9a-f]{8}\/20240101T000000Z_\w{16}\.parquet$/);
  });

  it("is queried as what its metadata says: objects that are not in the table are not read", async () => {
    const { name, metadata } = {
      name: "people",
      metadata: (await topology.keysUnder("/people-")).find((key) => key.includes("/00000-")),
    };
    const made = (await topology.describeGroup(name)).OfflineStoreConfig?.DataCatalogConfig?.TableName ?? "";
    const current = await table(made);
    const back = async (location: string | undefined) =>
      topology.a.glue.send(
        new UpdateTableCommand({
          DatabaseName: "sagemaker_featurestore",
          TableInput: {
            Name: made,
            TableType: current?.TableType,
            StorageDescriptor: current?.StorageDescriptor,
            Parameters: { table_type: "ICEBERG", metadata_location: location ?? "" },
          },
        }),
      );
    await back(`s3://${bucket}/${metadata}`);
    expect(await rows(`SELECT count(*) FROM ${made}`)).to.deep.equal([["0"]]);
    await back(`s3://${bucket}/${metadata}.gone`);
    const failed = await refusal(rows(`SELECT count(*) FROM ${made}`));
    expect(failed.message).to.match(/^PERMISSION_DENIED|NoSuchKey|The specified key/);
    await back(current?.Parameters?.["metadata_location"]);
    expect(await rows(`SELECT count(*) FROM ${made}`)).to.deep.equal([["2"]]);
  });

  it("has each row once after a restart, and keeps table and files when the group goes", async () => {
    const name = await create("restarted");
    const ids = Array.from({ length: 12 }, (_, index) => `r${index}`);
    for (const [index, id] of ids.entries()) {
      await topology.put({ id, time: `2024-01-0${1 + (index % 3)}T00:00:00Z` }, "restarted");
      if (index === 5) {
        await topology.sandbox.close();
        await topology.start();
      }
    }
    await until(async () => Number((await rows(`SELECT count(*) FROM ${name}`))[0]?.[0]) >= ids.length);
    await topology.a.sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: "restarted" }));
    await whenGone(topology.a, "restarted");
    const found = (await rows(`SELECT id FROM ${name}`)).map(([id]) => id);
    expect(found.sort()).to.deep.equal([...ids].sort());
  });
});

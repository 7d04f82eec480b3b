/**
 * Online stores in memory: what they hold that others do not, what they lack, and time to live and throughput of online stores as
 * such. It does not prove how fast they are, nor that provisioned units throttle: the sandbox keeps the numbers only.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateFeatureGroupCommand,
  DescribeFeatureGroupCommand,
  UpdateFeatureGroupCommand,
  type UpdateFeatureGroupCommandInput,
} from "@aws-sdk/client-sagemaker";
import {
  BatchGetRecordCommand,
  DeleteRecordCommand,
  GetRecordCommand,
  PutRecordCommand,
  type FeatureValue,
  type PutRecordCommandInput,
} from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { groupOf, recordOf, until, whenNot } from "./featureGroups";
import { clients, refusal, type Clients } from "./support";

const FeatureGroupName = "memory";
const collections = [
  { FeatureName: "tags", FeatureType: "String", CollectionType: "List" },
  { FeatureName: "seen", FeatureType: "Integral", CollectionType: "Set" },
  {
    FeatureName: "embedding",
    FeatureType: "Fractional",
    CollectionType: "Vector",
    CollectionConfig: { VectorConfig: { Dimension: 3 } },
  },
];
const listOf = (FeatureName: string, ValueAsStringList: string[]): FeatureValue => ({
  FeatureName,
  ValueAsStringList,
});

describe("sandbox Feature Store: an online store in memory", function () {
  this.timeout(20_000);
  const state = mkdtempSync(join(tmpdir(), "in-memory-"));
  let sandbox: Sandbox;
  let a: Clients;

  async function start(): Promise<void> {
    sandbox = await startSandbox({ state });
    const [keys] = sandbox.accounts;
    if (!keys) throw new Error("an account was expected");
    a = clients(sandbox.endpoint, keys);
  }
  before(async () => {
    await start();
    const plain = groupOf(FeatureGroupName);
    await a.sagemaker.send(
      new CreateFeatureGroupCommand({
        ...plain,
        FeatureDefinitions: [
          ...(plain.FeatureDefinitions ?? []),
          ...collections,
        ] as typeof plain.FeatureDefinitions,
        OnlineStoreConfig: { EnableOnlineStore: true, StorageType: "InMemory" },
      }),
    );
    await whenNot("Creating", a, FeatureGroupName);
    await a.sagemaker.send(new CreateFeatureGroupCommand(groupOf("standard")));
    await whenNot("Creating", a, "standard");
  });
  after(async () => {
    await sandbox.close();
    rmSync(state, { recursive: true });
  });

  const put = (Record: FeatureValue[], more: Partial<PutRecordCommandInput> = {}) =>
    a.featureStore.send(new PutRecordCommand({ FeatureGroupName, Record, ...more }));
  const get = async (id: string, more: object = {}) => {
    const input = { FeatureGroupName, RecordIdentifierValueAsString: id, ...more };
    return a.featureStore.send(new GetRecordCommand(input));
  };
  const describeGroup = (name = FeatureGroupName) =>
    a.sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: name }));
  async function update(name: string, more: Partial<UpdateFeatureGroupCommandInput>): Promise<void> {
    await a.sagemaker.send(new UpdateFeatureGroupCommand({ FeatureGroupName: name, ...more }));
    await until(async () => (await describeGroup(name)).LastUpdateStatus?.Status === "Successful");
  }

  const whole = [
    ...recordOf({ id: "one", time: "2024-01-01T00:00:00Z", age: "30" }),
    listOf("tags", ["a", "b", "a", ""]),
    listOf("seen", ["1", "-2", "9223372036854775807"]),
    listOf("embedding", ["0.5", "-1e-3", "7"]),
  ];

  it("is told by its description, without an offline store", async () => {
    const group = await describeGroup();
    expect(group.OnlineStoreConfig).to.deep.equal({ EnableOnlineStore: true, StorageType: "InMemory" });
    expect(group.OfflineStoreConfig).to.equal(undefined);
    expect(group.OfflineStoreStatus).to.deep.equal({ Status: "Disabled" });
    expect(group.ThroughputConfig).to.deep.equal({ ThroughputMode: "OnDemand" });
    expect(group.FeatureDefinitions?.slice(4)).to.deep.equal(collections);
  });

  it("gives lists, sets and vectors back as they were put, alone, chosen and in batches", async () => {
    await put(whole);
    expect((await get("one")).Record).to.deep.equal(whole);
    expect((await get("one", { FeatureNames: ["embedding"] })).Record).to.deep.equal([whole[5]]);
    const batch = await a.featureStore.send(
      new BatchGetRecordCommand({
        Identifiers: [
          { FeatureGroupName, RecordIdentifiersValueAsString: ["one", "none"], FeatureNames: ["id", "tags"] },
        ],
      }),
    );
    expect(batch.Records?.map(({ Record }) => Record)).to.deep.equal([[whole[0], whole[3]]]);
    expect(batch.Errors).to.deep.equal([]);
  });

  const wrong: [string, FeatureValue, RegExp][] = [
    ["a vector of another dimension", listOf("embedding", ["1", "2"]), /2 values, and its Dimension is 3/],
    ["a vector of texts", listOf("embedding", ["1", "2", "x"]), /cannot be parsed as Fractional/],
    ["a set with a value twice", listOf("seen", ["1", "1"]), /duplicate values/],
    ["a list of another type", listOf("seen", ["1.5"]), /cannot be parsed as Integral/],
    ["one value for a list", { FeatureName: "tags", ValueAsString: "a" }, /provide ValueAsStringList/],
    ["a list for one value", listOf("age", ["1"]), /provide ValueAsString\b/],
    [
      "both at once",
      { FeatureName: "tags", ValueAsString: "a", ValueAsStringList: ["a"] },
      /Exactly one of ValueAsString and ValueAsStringList/,
    ],
  ];
  for (const [what, value, message] of wrong)
    it(`refuses ${what}`, async () => {
      const record = [...recordOf({ id: "two", time: "2024-01-01T00:00:00Z" }), value];
      const { name, message: told } = await refusal(put(record));
      expect(name).to.equal("ValidationError");
      expect(told).to.match(message);
      expect((await get("two")).Record).to.equal(undefined);
    });

  it("refuses an offline store beside it, and writes to one", async () => {
    const beside = groupOf("beside", {
      OnlineStoreConfig: { EnableOnlineStore: true, StorageType: "InMemory" },
      OfflineStoreConfig: { S3StorageConfig: { S3Uri: "s3://some-bucket/x" } },
      RoleArn: "arn:aws:iam::111111111111:role/deployer",
    });
    const { message } = await refusal(a.sagemaker.send(new CreateFeatureGroupCommand(beside)));
    expect(message).to.include("not supported with the InMemory");
    const record = recordOf({ id: "x", time: "2024-01-01T00:00:00Z" });
    const write = await refusal(put(record, { TargetStores: ["OfflineStore"] }));
    expect(write.message).to.include("does not have an OfflineStore");
  });

  it("ends records at their time to live, each by what held when it was put", async () => {
    const now = () => new Date().toISOString();
    await put(recordOf({ id: "kept", time: now() }));
    await update(FeatureGroupName, { OnlineStoreConfig: { TtlDuration: { Unit: "Hours", Value: 1 } } });
    const hourAgo = new Date(Date.now() - 3_601_000).toISOString();
    await put(recordOf({ id: "late", time: hourAgo }));
    expect((await get("late")).Record).to.equal(undefined);
    await put(recordOf({ id: "soon", time: now() }), { TtlDuration: { Unit: "Seconds", Value: 1 } });
    const time = now();
    await put(recordOf({ id: "hour", time }));
    const { ExpiresAt } = await get("hour", { ExpirationTimeResponse: "Enabled" });
    const ends = new Date(Date.parse(time) + 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
    expect(ExpiresAt).to.equal(ends);
    await until(async () => (await get("soon")).Record === undefined);
    const kept = await get("kept", { ExpirationTimeResponse: "Enabled" });
    expect(kept.Record).to.have.length(2);
    expect(kept.ExpiresAt).to.equal(undefined);
  });

  it("deletes softly and for good", async () => {
    const at = (second: number) => `2024-03-01T00:00:0${second}Z`;
    const remove = (id: string, second: number, DeletionMode: "SoftDelete" | "HardDelete") =>
      a.featureStore.send(
        new DeleteRecordCommand({
          FeatureGroupName,
          RecordIdentifierValueAsString: id,
          EventTime: at(second),
          DeletionMode,
        }),
      );
    const forever = { TtlDuration: { Unit: "Weeks", Value: 5200 } } as const;
    for (const id of ["soft", "hard"]) await put(recordOf({ id, time: at(1) }), forever);
    await remove("soft", 3, "SoftDelete");
    await remove("hard", 3, "HardDelete");
    for (const id of ["soft", "hard"]) expect((await get(id)).Record, id).to.equal(undefined);
    // What was deleted softly is not brought back by an older write; of the other nothing is known any more.
    for (const id of ["soft", "hard"]) await put(recordOf({ id, time: at(2) }), forever);
    expect((await get("soft")).Record).to.equal(undefined);
    expect((await get("hard")).Record).to.have.length(2);
  });

  it("keeps everything over a restart", async () => {
    await put([...recordOf({ id: "again", time: new Date().toISOString() }), listOf("tags", ["x"])]);
    await sandbox.close();
    await start();
    expect((await get("again")).Record?.[2]).to.deep.equal(listOf("tags", ["x"]));
  });

  it("is on demand only; others are provisioned, and go back to on demand once a day", async () => {
    const units = { ProvisionedReadCapacityUnits: 10, ProvisionedWriteCapacityUnits: 5 };
    const provisioned = { ThroughputMode: "Provisioned", ...units } as const;
    const inMemory = await refusal(update(FeatureGroupName, { ThroughputConfig: provisioned }));
    expect(inMemory.message).to.include("offline-only or use the Standard");
    await update("standard", { ThroughputConfig: provisioned });
    expect((await describeGroup("standard")).ThroughputConfig).to.deep.equal(provisioned);
    await update("standard", { ThroughputConfig: { ProvisionedReadCapacityUnits: 20 } });
    expect((await describeGroup("standard")).ThroughputConfig).to.include({
      ProvisionedReadCapacityUnits: 20,
      ProvisionedWriteCapacityUnits: 5,
    });
    await update("standard", { ThroughputConfig: { ThroughputMode: "OnDemand" } });
    expect((await describeGroup("standard")).ThroughputConfig).to.deep.equal({ ThroughputMode: "OnDemand" });
    await update("standard", { ThroughputConfig: provisioned });
    const again = await refusal(update("standard", { ThroughputConfig: { ThroughputMode: "OnDemand" } }));
    expect(again.message).to.include("once in a 24 hour period");
  });
});

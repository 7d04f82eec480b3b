/**
 * Records of online stores through the AWS SDK: the newest wins, time to live, deletions, batches, keys, and who may do what.
 * Offline rows are in featurestore-offline.test.ts.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import {
  CreateFeatureGroupCommand,
  DeleteFeatureGroupCommand,
  DescribeFeatureGroupCommand,
  UpdateFeatureGroupCommand,
} from "@aws-sdk/client-sagemaker";
import {
  BatchGetRecordCommand,
  DeleteRecordCommand,
  GetRecordCommand,
  PutRecordCommand,
  type PutRecordCommandInput,
} from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import {
  A,
  allow,
  groupArn,
  groupOf,
  recordOf,
  until,
  user,
  valuesOf,
  whenGone,
  whenNot,
} from "./featureGroups";
import { clients, refusal, type Clients } from "./support";

const early = "2024-01-01T00:00:00Z";
const late = "2024-06-01T00:00:00Z";

describe("sandbox Feature Store runtime", () => {
  let directory: string;
  let sandbox: Sandbox;
  let a: Clients;
  let b: Clients;
  let keyArn: string;

  async function start() {
    sandbox = await startSandbox({ state: directory });
    const [keysA, keysB] = sandbox.accounts;
    if (!keysA || !keysB) throw new Error("two accounts were expected");
    a = clients(sandbox.endpoint, keysA);
    b = clients(sandbox.endpoint, keysB);
  }

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "featurestore-"));
    await start();
    keyArn = (await a.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
    const SecurityConfig = { KmsKeyId: keyArn };
    await a.sagemaker.send(new CreateFeatureGroupCommand(groupOf("plain")));
    await a.sagemaker.send(
      new CreateFeatureGroupCommand(
        groupOf("Keyed", { OnlineStoreConfig: { EnableOnlineStore: true, SecurityConfig } }),
      ),
    );
    await whenNot("Creating", a, "Keyed");
  });
  after(async () => {
    await sandbox.close();
    rmSync(directory, { recursive: true });
  });

  const put = (
    by: Clients,
    group: string,
    values: Record<string, string>,
    more: Partial<PutRecordCommandInput> = {},
  ) =>
    by.featureStore.send(
      new PutRecordCommand({ FeatureGroupName: group, Record: recordOf(values), ...more }),
    );
  const get = (by: Clients, group: string, id: string, more: object = {}) =>
    by.featureStore.send(
      new GetRecordCommand({ FeatureGroupName: group, RecordIdentifierValueAsString: id, ...more }),
    );
  const remove = (by: Clients, group: string, id: string, EventTime: string, more: object = {}) =>
    by.featureStore.send(
      new DeleteRecordCommand({
        FeatureGroupName: group,
        RecordIdentifierValueAsString: id,
        EventTime,
        ...more,
      }),
    );

  it("keeps the record with the newest event time", async () => {
    await put(a, "plain", { id: "1", time: late, age: "40", score: "0.5" });
    await put(a, "plain", { id: "1", time: early, age: "39" });
    const { Record } = await get(a, "plain", "1");
    expect(valuesOf(Record)).to.deep.equal({ id: "1", time: late, age: "40", score: "0.5" });
    await put(a, "plain", { id: "1", time: "2024-07-01T00:00:00Z", age: "41" });
    expect(valuesOf((await get(a, "plain", "1")).Record)).to.deep.equal({
      id: "1",
      time: "2024-07-01T00:00:00Z",
      age: "41",
    });
    const part = await get(a, "plain", "1", { FeatureNames: ["age"] });
    expect(valuesOf(part.Record)).to.deep.equal({ age: "41" });
    expect((await get(a, "plain", "nobody")).Record).to.equal(undefined);
  });

  it("finds a group by its ARN as by its name", async () => {
    await put(a, groupArn("keyed"), { id: "arn/1", time: late });
    expect(valuesOf((await get(a, "keyed", "arn/1")).Record)).to.deep.equal({ id: "arn/1", time: late });
    // Of its own region: another one does not reach it, whatever the ARN names.
    const elsewhere = clients(sandbox.endpoint, a.keys, "us-west-2");
    expect((await refusal(get(elsewhere, groupArn("keyed"), "arn/1"))).name).to.equal("ResourceNotFound");
    const described = elsewhere.sagemaker.send(
      new DescribeFeatureGroupCommand({ FeatureGroupName: groupArn("keyed") }),
    );
    expect((await refusal(described)).name).to.equal("ResourceNotFound");
  });

  it("refuses faulty records and absent groups with the runtime's errors", async () => {
    const wrong = await refusal(put(a, "plain", { id: "1", time: late, age: "x" }));
    expect(wrong).to.include({ name: "ValidationError", status: 400 });
    const noTime = await refusal(put(a, "plain", { id: "1" }));
    expect(noTime.message).to.contain("event time feature time");
    const text = "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name none";
    expect(await refusal(get(a, "none", "1"))).to.deep.equal({
      name: "ResourceNotFound",
      message: text,
      status: 404,
    });
    expect(await refusal(put(a, "none", { id: "1", time: late }))).to.deep.equal({
      name: "ValidationError",
      message: text,
      status: 400,
    });
    const offline = await refusal(
      put(a, "plain", { id: "1", time: late }, { TargetStores: ["OfflineStore"] }),
    );
    expect(offline.message).to.contain("does not have an OfflineStore");
    await a.sagemaker.send(new CreateFeatureGroupCommand(groupOf("fresh")));
    expect((await refusal(get(a, "fresh", "1"))).message).to.contain("Creating status");
  });

  it("deletes softly and hard, by event time", async () => {
    const now = { id: "d", time: late };
    await put(a, "plain", now);
    await remove(a, "plain", "d", early);
    expect(valuesOf((await get(a, "plain", "d")).Record)).to.deep.equal(now);
    await remove(a, "plain", "d", "2024-08-01T00:00:00Z");
    expect((await get(a, "plain", "d")).Record).to.equal(undefined);
    // A soft deletion is remembered: what is older does not come back.
    await put(a, "plain", now);
    expect((await get(a, "plain", "d")).Record).to.equal(undefined);
    await put(a, "plain", { id: "d", time: "2024-09-01T00:00:00Z" });
    const tooEarly = await refusal(remove(a, "plain", "d", late, { DeletionMode: "HardDelete" }));
    expect(tooEarly.name).to.equal("ValidationError");
    await remove(a, "plain", "d", "2024-10-01T00:00:00Z", { DeletionMode: "HardDelete" });
    await put(a, "plain", now);
    expect(valuesOf((await get(a, "plain", "d")).Record)).to.deep.equal(now);
  });

  it("ends records with their time to live, the record's own before the group's", async () => {
    await a.sagemaker.send(
      new UpdateFeatureGroupCommand({
        FeatureGroupName: "plain",
        OnlineStoreConfig: { TtlDuration: { Unit: "Hours", Value: 1 } },
      }),
    );
    const at = (hours: number) => new Date(Date.now() + hours * 3600000).toISOString().replace(/\.\d+Z/, "Z");
    const [now, before] = [at(0), at(-2)];
    const longer = { TtlDuration: { Unit: "Hours", Value: 3 } } as const;
    const enabled = { ExpirationTimeResponse: "Enabled" };
    await put(a, "plain", { id: "group", time: now });
    const expiresAt = (await get(a, "plain", "group", enabled)).ExpiresAt ?? "";
    expect(Date.parse(expiresAt) - Date.parse(now)).to.equal(3600000);
    expect((await get(a, "plain", "group")).ExpiresAt).to.equal(undefined);
    // Written two hours after its event: the group's hour is over, the record's own three are not.
    await put(a, "plain", { id: "over", time: before });
    expect((await get(a, "plain", "over")).Record).to.equal(undefined);
    await put(a, "plain", { id: "own", time: before }, longer);
    const own = await get(a, "plain", "own", enabled);
    expect(own.Record).not.to.equal(undefined);
    expect(Date.parse(own.ExpiresAt ?? "") - Date.parse(before)).to.equal(3 * 3600000);
  });

  it("asks for each action on the group's ARN", async () => {
    const writer = await user(sandbox.endpoint, a, "writer", allow("sagemaker:PutRecord", groupArn("plain")));
    await put(writer, "plain", { id: "w", time: late });
    const denied = await refusal(get(writer, "plain", "w"));
    expect(denied).to.deep.equal({
      name: "AccessDeniedException",
      message:
        `User: arn:aws:iam::${A}:user/writer is not authorized to perform: sagemaker:GetRecord on resource: ` +
        `${groupArn("plain")} because no identity-based policy allows the sagemaker:GetRecord action`,
      status: 403,
    });
    expect((await refusal(put(writer, "keyed", { id: "w", time: late }))).status).to.equal(403);
    expect((await refusal(remove(writer, "plain", "w", late))).status).to.equal(403);
  });

  it("closes one account's groups to the other's administrator, by ARN and by name", async () => {
    const denied = await refusal(get(b, groupArn("plain"), "1"));
    expect(denied).to.include({ name: "AccessDeniedException", status: 403 });
    expect(denied.message).to.contain("no resource-based policy allows the sagemaker:GetRecord action");
    expect((await refusal(get(b, "plain", "1"))).name).to.equal("ResourceNotFound");
  });

  it("reads batches over several groups, and tells what was refused in each", async () => {
    await put(a, "keyed", { id: "k", time: late, age: "5" });
    const reader = await user(
      sandbox.endpoint,
      a,
      "batch-reader",
      allow("sagemaker:BatchGetRecord", groupArn("plain")),
    );
    const Identifiers = [
      {
        FeatureGroupName: "plain",
        RecordIdentifiersValueAsString: ["1", "nobody"],
        FeatureNames: ["id"],
      },
      { FeatureGroupName: "keyed", RecordIdentifiersValueAsString: ["k"] },
      { FeatureGroupName: "none", RecordIdentifiersValueAsString: ["x"] },
    ];
    const whole = await a.featureStore.send(new BatchGetRecordCommand({ Identifiers }));
    expect(
      whole.Records?.map(({ FeatureGroupName, Record }) => [FeatureGroupName, valuesOf(Record)]),
    ).to.deep.equal([
      ["plain", { id: "1" }],
      ["keyed", { id: "k", time: late, age: "5" }],
    ]);
    expect(
      whole.Errors?.map(({ FeatureGroupName, ErrorCode }) => [FeatureGroupName, ErrorCode]),
    ).to.deep.equal([["none", "ValidationError"]]);
    expect(whole.UnprocessedIdentifiers).to.deep.equal([]);
    const part = await reader.featureStore.send(new BatchGetRecordCommand({ Identifiers }));
    expect(part.Records?.length).to.equal(1);
    expect(part.Errors?.[0]).to.include({
      FeatureGroupName: "keyed",
      RecordIdentifierValueAsString: "k",
      ErrorCode: "AccessDeniedException",
    });
    const none = await refusal(
      reader.featureStore.send(new BatchGetRecordCommand({ Identifiers: Identifiers.slice(1, 2) })),
    );
    expect(none).to.include({ name: "AccessDeniedException", status: 403 });
    const many = Array.from({ length: 101 }, () => ({
      FeatureGroupName: "plain",
      RecordIdentifiersValueAsString: ["1"],
    }));
    const tooMany = await refusal(a.featureStore.send(new BatchGetRecordCommand({ Identifiers: many })));
    expect(tooMany.message).to.contain("less than or equal to 100");
  });

  it("forgets the records of a deleted group", async () => {
    const again = async () => {
      await a.sagemaker.send(new CreateFeatureGroupCommand(groupOf("reborn")));
      await whenNot("Creating", a, "reborn");
    };
    await again();
    await put(a, "reborn", { id: "1", time: late });
    const size = await until(async () => {
      const group = await a.sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: "reborn" }));
      return group.OnlineStoreTotalSizeBytes;
    });
    expect(size).to.be.greaterThan(0);
    await a.sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: "reborn" }));
    expect((await refusal(get(a, "reborn", "1"))).name).to.equal("ResourceNotFound");
    await whenGone(a, "reborn");
    await again();
    expect((await get(a, "reborn", "1")).Record).to.equal(undefined);
  });
});

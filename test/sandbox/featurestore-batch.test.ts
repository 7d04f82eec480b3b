/**
 * Records written in batches, listed and updated through the AWS SDK, each by who may. It does not prove AWS's own words of refusals
 * where its documents have none.
 */
import { CreateFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import {
  BatchWriteRecordCommand,
  DeleteRecordCommand,
  GetRecordCommand,
  ListRecordsCommand,
  paginateListRecords,
  UpdateRecordCommand,
  type UpdateRecordCommandInput,
} from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { allow, groupArn, groupOf, recordOf, user, valuesOf, whenNot } from "./featureGroups";
import { clients, refusal, type Clients } from "./support";

const time = "2026-01-01T00:00:00Z";

describe("sandbox Feature Store runtime: batches, lists and updates", () => {
  let sandbox: Sandbox;
  let a: Clients;
  let b: Clients;
  before(async () => {
    sandbox = await startSandbox();
    [a, b] = sandbox.accounts.map((keys) => clients(sandbox.endpoint, keys)) as [Clients, Clients];
    const KmsKeyId = (await a.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn;
    const second = { EnableOnlineStore: true, StorageType: "Standard_V2" as const };
    const keyed = { ...second, SecurityConfig: { KmsKeyId } };
    await a.sagemaker.send(new CreateFeatureGroupCommand(groupOf("first")));
    await a.sagemaker.send(new CreateFeatureGroupCommand(groupOf("second", { OnlineStoreConfig: second })));
    await a.sagemaker.send(new CreateFeatureGroupCommand(groupOf("keyed", { OnlineStoreConfig: keyed })));
    for (const name of ["first", "second", "keyed"]) await whenNot("Creating", a, name);
  });
  after(() => sandbox.close());

  const entry = (FeatureGroupName: string, id: string, more: Record<string, string> = {}) => ({
    FeatureGroupName,
    Record: recordOf({ id, time, ...more }),
  });
  const write = (by: Clients, ...Entries: ReturnType<typeof entry>[]) =>
    by.featureStore.send(new BatchWriteRecordCommand({ Entries }));
  const read = async (FeatureGroupName: string, RecordIdentifierValueAsString: string) =>
    a.featureStore.send(
      new GetRecordCommand({
        FeatureGroupName,
        RecordIdentifierValueAsString,
        ExpirationTimeResponse: "Enabled",
      }),
    );
  const update = (
    by: Clients,
    values: Record<string, string>,
    more: Partial<UpdateRecordCommandInput> = {},
  ) =>
    by.featureStore.send(
      new UpdateRecordCommand({
        FeatureGroupName: "second",
        RecordIdentifierValueAsString: "u",
        Features: recordOf(values),
        ...more,
      }),
    );

  let serial = 0;
  const userWith = (statement: object) => user(sandbox.endpoint, a, `user-${++serial}`, statement);

  it("writes what it can of a batch, and tells what was refused with its entry", async () => {
    const wrong = entry("second", "w", { age: "old" });
    const { Errors, UnprocessedEntries } = await write(
      a,
      entry("first", "b"),
      wrong,
      entry("absent", "b"),
      entry("second", "b"),
    );
    expect(Errors?.map(({ Entry, ErrorCode }) => [Entry?.FeatureGroupName, ErrorCode])).to.deep.equal([
      ["second", "ValidationError"],
      ["absent", "ResourceNotFound"],
    ]);
    expect([Errors?.[0]?.Entry, UnprocessedEntries]).to.deep.equal([wrong, []]);
    for (const group of ["first", "second"]) expect((await read(group, "b")).Record).to.have.length(2);
    const many = Array.from({ length: 26 }, (_, index) => entry("first", String(index)));
    expect((await refusal(write(a, ...many))).name).to.equal("ValidationError");
  });

  it("lists identifiers page by page, deleted ones when asked", async () => {
    const ids = Array.from({ length: 7 }, (_, index) => `l${index}`);
    await write(a, ...ids.map((id) => entry("keyed", id)));
    await a.featureStore.send(
      new DeleteRecordCommand({
        FeatureGroupName: "keyed",
        RecordIdentifierValueAsString: "l3",
        EventTime: "2026-01-02T00:00:00Z",
      }),
    );
    const listed: string[] = [];
    const pages = paginateListRecords(
      { client: a.featureStore, pageSize: 2 },
      { FeatureGroupName: groupArn("keyed"), IncludeSoftDeletedRecords: true },
    );
    for await (const { RecordIdentifiers = [] } of pages) listed.push(...RecordIdentifiers);
    expect(listed.sort()).to.deep.equal(ids);
    const { RecordIdentifiers } = await a.featureStore.send(
      new ListRecordsCommand({ FeatureGroupName: "keyed" }),
    );
    expect(RecordIdentifiers?.sort()).to.deep.equal(ids.filter((id) => id !== "l3"));
    const list = (FeatureGroupName: string, NextToken?: string) =>
      refusal(a.featureStore.send(new ListRecordsCommand({ FeatureGroupName, NextToken })));
    expect((await list("keyed", "elsewhere")).name).to.equal("ValidationError");
    expect(await list("absent")).to.include({ name: "ResourceNotFound", status: 404 });
  });

  it("updates some features of a record that is there, by event time", async () => {
    await write(a, entry("second", "u", { age: "1", score: "0.5" }));
    await update(a, { age: "2" });
    expect(valuesOf((await read("second", "u")).Record)).to.deep.equal({
      id: "u",
      time,
      age: "2",
      score: "0.5",
    });
    const TtlDuration = { Unit: "Weeks" as const, Value: 5200 };
    expect((await refusal(update(a, { age: "3" }, { TtlDuration }))).name).to.equal("ValidationError");
    await update(a, { time: "2026-01-02T00:00:00Z" }, { TtlDuration });
    await update(a, { time: "2026-01-03T00:00:00Z" });
    expect((await read("second", "u")).ExpiresAt).to.equal("2125-09-01T00:00:00Z");
    const older = refusal(update(a, { time }));
    expect(await older).to.include({ name: "ConflictException", status: 409 });
    const absent = refusal(update(a, { age: "1" }, { RecordIdentifierValueAsString: "none" }));
    expect(await absent).to.include({ name: "ResourceNotFound", status: 404 });
    expect((await refusal(update(a, { id: "v" }))).name).to.equal("ValidationError");
    const standard = refusal(update(a, { age: "1" }, { FeatureGroupName: "first" }));
    expect((await standard).message).to.match(/not supported for the Standard online store/);
  });

  it("asks for each action on each group, and for an update's own condition keys", async () => {
    const denied = async (promise: Promise<unknown>) => (await refusal(promise)).message;
    const listing = (by: Clients) =>
      by.featureStore.send(new ListRecordsCommand({ FeatureGroupName: groupArn("second") }));
    expect(await denied(listing(b))).to.match(/sagemaker:ListRecords on resource: .*feature-group\/second/);
    expect(await denied(write(b, entry(groupArn("second"), "x")))).to.match(/sagemaker:BatchWriteRecord/);
    const onlyAge = {
      Bool: { "sagemaker:IsUpdateRecord": "true" },
      "ForAllValues:StringEquals": { "sagemaker:UpdatableFeatures": ["age"] },
    };
    const updater = await userWith(allow("sagemaker:PutRecord", groupArn("second"), { Condition: onlyAge }));
    await update(updater, { age: "9" });
    expect(await denied(update(updater, { age: "9", score: "1" }))).to.match(/sagemaker:PutRecord/);
    const { Errors } = await write(
      await userWith(allow("sagemaker:BatchWriteRecord", groupArn("first"))),
      entry("first", "c"),
      entry("second", "c"),
    );
    expect(Errors?.map(({ ErrorCode }) => ErrorCode)).to.deep.equal(["AccessDeniedException"]);
  });

  it("needs kms:Decrypt on the online key to list and to write", async () => {
    const decrypter = await userWith(allow("sagemaker:*"));
    const list = decrypter.featureStore.send(new ListRecordsCommand({ FeatureGroupName: "keyed" }));
    expect((await refusal(list)).message).to.match(/kms:Decrypt/);
    expect((await refusal(write(decrypter, entry("keyed", "k")))).message).to.match(/kms:Decrypt/);
  });
});

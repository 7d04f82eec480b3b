/**
 * Records under a customer managed key, and what of them is on disk, through the AWS SDK. It does not prove the cipher itself: see
 * featurestore-record.test.ts.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  ListGrantsCommand,
  RevokeGrantCommand,
} from "@aws-sdk/client-kms";
import { CreateFeatureGroupCommand, DeleteFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import {
  GetRecordCommand,
  PutRecordCommand,
  type PutRecordCommandInput,
} from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { allow, groupArn, groupOf, recordOf, user, valuesOf, whenGone, whenNot } from "./featureGroups";
import { clients, refusal, type Clients } from "./support";

const late = "2024-06-01T00:00:00Z";

describe("sandbox Feature Store runtime: keys and state", () => {
  let directory: string;
  let sandbox: Sandbox;
  let a: Clients;
  let keyArn: string;

  async function start() {
    sandbox = await startSandbox({ state: directory });
    const [keysA] = sandbox.accounts;
    if (!keysA) throw new Error("an account was expected");
    a = clients(sandbox.endpoint, keysA);
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

  it("needs the caller's kms:Decrypt on a customer managed key, through SageMaker", async () => {
    const onGroup = allow(["sagemaker:PutRecord", "sagemaker:GetRecord"], groupArn("keyed"));
    const keyless = await user(sandbox.endpoint, a, "keyless", onGroup);
    const denied = await refusal(put(keyless, "keyed", { id: "s", time: late }));
    expect(denied).to.include({ name: "AccessDeniedException", status: 403 });
    expect(denied.message).to.contain("kms:Decrypt");
    const via = { Condition: { StringLike: { "kms:ViaService": "sagemaker.*.amazonaws.com" } } };
    const keyed = await user(sandbox.endpoint, a, "keyed", onGroup, allow("kms:Decrypt", keyArn, via));
    await put(keyed, "keyed", { id: "s", time: late, score: "31.4159" });
    expect(valuesOf((await get(keyed, "keyed", "s")).Record)?.["score"]).to.equal("31.4159");
  });

  it("keeps no feature value in clear on disk", () => {
    const state = readFileSync(join(directory, "state.json"), "utf8");
    expect(state).to.contain("featurestore.online.");
    expect(state).not.to.contain("31.4159");
    expect(state).not.to.contain(late);
  });

  it("gives the records back after a restart", async () => {
    await a.sagemaker.send(new CreateFeatureGroupCommand(groupOf("interrupted")));
    await sandbox.close();
    await start();
    expect(valuesOf((await get(a, "keyed", "s")).Record)?.["score"]).to.equal("31.4159");
    expect((await whenNot("Creating", a, "interrupted")).FeatureGroupStatus).to.equal("Created");
    await a.sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: "interrupted" }));
    await sandbox.close();
    await start();
    await whenGone(a, "interrupted");
  });

  it("breaks with a disabled key and with a revoked grant", async () => {
    await a.kms.send(new DisableKeyCommand({ KeyId: keyArn }));
    const disabled = await refusal(get(a, "keyed", "s"));
    expect(disabled).to.include({ name: "AccessForbidden", status: 403 });
    await a.kms.send(new EnableKeyCommand({ KeyId: keyArn }));
    expect((await get(a, "keyed", "s")).Record).not.to.equal(undefined);
    const { Grants } = await a.kms.send(new ListGrantsCommand({ KeyId: keyArn }));
    await a.kms.send(new RevokeGrantCommand({ KeyId: keyArn, GrantId: Grants?.[0]?.GrantId }));
    const revoked = await refusal(get(a, "keyed", "s"));
    expect(revoked).to.include({ name: "AccessForbidden", status: 403 });
    expect(revoked.message).to.contain("revoked");
  });
});

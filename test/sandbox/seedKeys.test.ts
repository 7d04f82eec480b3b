// The documents' own key policies (test/fixtures/keyPolicies) with AWS SDK clients: each works for what it is for, and passes the check that is
// made before a deployment; each broken variant fails the check, and, forced, fails as on AWS. AWS's exact words for these refusals are
// not documented: codes are held to, and what the message is about.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, EncryptCommand, type CreateKeyCommandInput } from "@aws-sdk/client-kms";
import { CreateFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import { GetRecordCommand, PutRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { expect } from "chai";
import { CREATOR_ACTIONS, keyUseFindings, type KeyNeed } from "../../access/keyUse";
import type { PolicyDocument, PolicyStatement } from "@feature-store-access/iam";
import { describe as describeKey } from "../../automation/preflight/keys/check";
import { A, allow, B, document, groupOf, recordOf, region, user, valuesOf, whenNot } from "./featureGroups";
import { bucket, OfflineTopology } from "./offlineTopology";
import { refusal, type Clients } from "./support";

type Editable = { -readonly [K in keyof PolicyStatement]: any };
type Name = "crossAccountOfflineStore" | "onlineStore" | "onlineStoreWithoutService";

const USER = `arn:aws:iam::${A}:user/featurestore-user`;
const RECORD = { id: "1", time: "2026-01-31T12:00:00Z", score: "0.5" };

describe("the documents' key policies", function () {
  this.timeout(30_000);
  const world = new OfflineTopology();
  let creator: Clients;
  before(async () => {
    await world.build();
    for (const RoleName of ["Administrator", "featurestore-admin"])
      await world.a.iam.send(
        new CreateRoleCommand({
          RoleName,
          AssumeRolePolicyDocument: document({
            Principal: { AWS: `arn:aws:iam::${A}:root` },
            ...allow("sts:AssumeRole", undefined),
          }).replace(',"Resource":"*"', ""),
        }),
      );
    // What KMS lets this user do is the key policies' word, but for what no key policy grants, and a look at offline keys.
    creator = await user(
      world.sandbox.endpoint,
      world.a,
      "featurestore-user",
      allow(["sagemaker:*", "iam:PassRole", "glue:*", "kms:ListAliases", "kms:DescribeKey"]),
    );
  });
  after(() => world.end());

  /** The document with this world's principals in place of the examples, and what a variant breaks. */
  function policyOf(name: Name, change: (statements: Editable[]) => Editable[] = (all) => all): string {
    const text = readFileSync(join(__dirname, "..", "fixtures", "keyPolicies", `${name}.json`), "utf8")
      .replaceAll("Account-A-Account-Id", A)
      .replaceAll("Account-B-Account-Id", B)
      .replaceAll("111122223333", A)
      .replaceAll("Account-A-Offline-Feature-Store-Role-ARN", world.role);
    const parsed = JSON.parse(text) as { Statement: Editable[] };
    return JSON.stringify({ ...parsed, Statement: change(parsed.Statement) });
  }

  async function key(Policy: string, more: Partial<CreateKeyCommandInput> = {}): Promise<string> {
    return (await world.a.kms.send(new CreateKeyCommand({ Policy, ...more }))).KeyMetadata?.Arn ?? "";
  }

  /** The writer's own policy, for the key (step 1 of "Cross-account offline store access"): with `kms: false` without any right on it. */
  async function writerMay(arn: string, kms = true): Promise<PolicyDocument> {
    world.key = arn;
    const statements = world.roleStatements().slice(0, kms ? 3 : 2);
    const PolicyDocument = document(...statements);
    await world.a.iam.send(new PutRolePolicyCommand({ RoleName: "writer", PolicyName: "p", PolicyDocument }));
    return JSON.parse(PolicyDocument) as PolicyDocument;
  }

  const groupWith = (name: string, online?: string, offline?: string) =>
    groupOf(name, {
      OnlineStoreConfig: {
        EnableOnlineStore: true,
        ...(online ? { SecurityConfig: { KmsKeyId: online } } : {}),
      },
      ...(offline
        ? {
            RoleArn: world.role,
            OfflineStoreConfig: { S3StorageConfig: { S3Uri: `s3://${bucket}/features`, KmsKeyId: offline } },
          }
        : {}),
    });
  const create = (by: Clients, name: string, online?: string, offline?: string) =>
    by.sagemaker.send(new CreateFeatureGroupCommand(groupWith(name, online, offline)));
  const put = (by: Clients, FeatureGroupName: string) =>
    by.featureStore.send(new PutRecordCommand({ FeatureGroupName, Record: recordOf(RECORD) }));
  const get = async (by: Clients, FeatureGroupName: string) => {
    const command = new GetRecordCommand({ FeatureGroupName, RecordIdentifierValueAsString: "1" });
    return valuesOf((await by.featureStore.send(command)).Record);
  };

  const creation: KeyNeed = {
    who: "the creator",
    principal: USER,
    identity: [JSON.parse(document(allow("kms:DescribeKey"))) as PolicyDocument],
    actions: CREATOR_ACTIONS,
    through: "sagemaker",
  };
  const writing = (identity: PolicyDocument): KeyNeed => ({
    who: "the role",
    principal: world.role,
    identity: [identity],
    actions: ["kms:GenerateDataKey"],
    through: "s3",
  });
  /** What the check that comes before a deployment says of the key as AWS describes it. */
  async function check(arn: string, ...needs: [("online" | "offline")[], ...KeyNeed[]]): Promise<string[]> {
    const [stores, ...all] = needs;
    const facts = await describeKey(world.a.kms, arn);
    return keyUseFindings(facts, { stores, account: A, region, needs: all }).map(({ says }) => says);
  }

  /** Creates the group, writes and reads a record, and waits until it is in account B's bucket. */
  async function lives(by: Clients, name: string, online?: string, offline?: string): Promise<void> {
    await create(by, name, online, offline);
    expect((await whenNot("Creating", world.a, name)).FeatureGroupStatus).to.equal("Created");
    await put(by, name);
    expect(await get(by, name)).to.include({ id: "1", score: "0.5" });
    await world.written(`/${name}-`);
  }

  /** What arrived, as account B reads it. */
  async function readsFromB(name: string): Promise<void> {
    const [row] = await world.rowsOf(world.b, await world.written(`/${name}-`));
    expect(row).to.include({ id: "1", score: 0.5 });
  }

  it("crossAccountOfflineStore: account A writes what account B reads", async () => {
    const offline = await key(policyOf("crossAccountOfflineStore"));
    const identity = await writerMay(offline);
    const reading: KeyNeed = {
      who: "account B",
      principal: `arn:aws:iam::${B}:role/reader`,
      actions: ["kms:Decrypt"],
      through: "s3",
    };
    expect(await check(offline, ["offline"], writing(identity), reading)).to.deep.equal([]);
    await lives(world.a, "across", undefined, offline);
    await readsFromB("across");
  });

  for (const name of ["onlineStore", "onlineStoreWithoutService"] as const)
    it(`${name}: its user creates, writes and reads through SageMaker, and cannot use the key otherwise`, async () => {
      const online = await key(policyOf(name));
      const offline = await key(policyOf("crossAccountOfflineStore"));
      await writerMay(offline);
      expect(await check(online, ["online"], creation)).to.deep.equal([]);
      await lives(creator, name, online, offline);
      await readsFromB(name);
      const direct = creator.kms.send(new EncryptCommand({ KeyId: online, Plaintext: Buffer.from("x") }));
      expect(await refusal(direct)).to.include({ name: "AccessDeniedException" });
    });

  it("onlineStore serves the offline store too, where it has no kms:ViaService", async () => {
    const both = await key(
      policyOf("onlineStore", (all) => all.map(({ Condition: _, ...statement }) => statement as Editable)),
    );
    const identity = await writerMay(both);
    expect(await check(both, ["online", "offline"], creation, writing(identity))).to.deep.equal([]);
    await lives(creator, "both", both, both);
    // Account B is not in this policy: it is for a bucket of the key's own account.
    const read = world.rowsOf(world.b, await world.written("/both-"));
    expect(await refusal(read)).to.include({ name: "AccessDenied" });
  });

  describe("broken", () => {
    it("an asymmetric key", async () => {
      const asymmetric = await key(policyOf("onlineStore"), {
        KeySpec: "RSA_2048",
        KeyUsage: "ENCRYPT_DECRYPT",
      });
      expect((await check(asymmetric, ["online"], creation)).join()).to.contain(
        "symmetric encryption keys only",
      );
      const online = await refusal(create(creator, "asymmetric", asymmetric));
      expect(online).to.include({ name: "ValidationException", status: 400 });
      expect(online.message).to.contain("symmetric");
      await writerMay(asymmetric);
      const offline = await refusal(create(creator, "asymmetric", undefined, asymmetric));
      expect(offline).to.include({ name: "ValidationException", status: 400 });
    });

    it("kms:ViaService on a key of both stores", async () => {
      const both = await key(policyOf("onlineStore"));
      const identity = await writerMay(both);
      const said = await check(both, ["online", "offline"], creation, writing(identity));
      expect(said.join()).to.contain("kms:ViaService");
      const refused = await refusal(create(creator, "via-on-both", both, both));
      expect(refused).to.include({ name: "ValidationException", status: 400 });
      expect(refused.message).to.contain("kms:ViaService");
    });

    it("no Decrypt for callers", async () => {
      const online = await key(policyOf("onlineStore"));
      const onRecords = allow(["sagemaker:PutRecord", "sagemaker:GetRecord"]);
      const caller = await user(world.sandbox.endpoint, world.a, "caller", onRecords);
      const reading: KeyNeed = {
        who: "the caller",
        principal: `arn:aws:iam::${A}:user/caller`,
        identity: [JSON.parse(document(onRecords)) as PolicyDocument],
        actions: ["kms:Decrypt"],
        through: "sagemaker",
      };
      expect((await check(online, ["online"], creation, reading)).join()).to.contain("the caller");
      await create(creator, "no-decrypt", online);
      await whenNot("Creating", world.a, "no-decrypt");
      for (const attempt of [put(caller, "no-decrypt"), get(caller, "no-decrypt")]) {
        const refused = await refusal(attempt);
        expect(refused).to.include({ name: "AccessDeniedException", status: 403 });
        expect(refused.message).to.contain("kms:Decrypt");
      }
    });

    it("no Decrypt for the creator", async () => {
      const online = await key(
        policyOf("onlineStoreWithoutService", ([use = {} as Editable, ...others]) => [
          { ...use, Action: (use.Action as string[]).filter((action) => action !== "kms:Decrypt") },
          ...others,
        ]),
      );
      expect((await check(online, ["online"], creation)).join()).to.match(
        /may not kms:Decrypt through SageMaker$/,
      );
      const refused = await refusal(create(creator, "no-decrypt-at-all", online));
      expect(refused).to.include({ name: "AccessDeniedException" });
      expect(refused.message).to.contain("kms:Decrypt");
    });

    it("no GenerateDataKey for the role", async () => {
      const offline = await key(
        policyOf("crossAccountOfflineStore", (all) =>
          all.map((statement) =>
            statement.Sid === "Allow use of the key"
              ? { ...statement, Principal: { AWS: `arn:aws:iam::${B}:root` } }
              : statement,
          ),
        ),
      );
      const identity = await writerMay(offline, false);
      expect((await check(offline, ["offline"], writing(identity))).join()).to.contain("kms:GenerateDataKey");
      const refused = await refusal(create(world.a, "no-data-key", undefined, offline));
      expect(refused).to.include({ name: "ValidationException", status: 400 });
      expect(refused.message).to.contain("kms:GenerateDataKey");
    });
  });
});

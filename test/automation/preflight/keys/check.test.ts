// Given keys before a deployment: asked of a sandbox's KMS with the AWS SDK, as the driver does. That preview and up do so, with the exit code, is
// proven by test/integration/keys.test.ts; how AWS decides, by the tests of access/.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateKeyCommand,
  DisableKeyCommand,
  ScheduleKeyDeletionCommand,
  type CreateKeyCommandInput,
  KMSClient,
} from "@aws-sdk/client-kms";
import { expect } from "chai";
import { CREATOR_ACTIONS, keyUseFindings, type KeyFacts } from "../../../../access/keyUse";
import type { PolicyDocument } from "@feature-store-access/iam";
import type { AccountClientConfig } from "../../../../automation/environment/accountSessions";
import { ExitCode, UserError } from "../../../../automation/model/errors";
import { existingKeys } from "../../../../automation/preflight/keys/existingKeys";
import { checkExistingKeys } from "../../../../automation/preflight/keys/check";
import { parseSettings, type Settings } from "../../../../components/settings";
import { startSandbox, type Sandbox } from "../../../../packages/sandbox";
import { devSettings } from "../../../components/support";

type Raw = { [key: string]: any };
const A = "111111111111";
const B = "222222222222";
const REGION = "us-east-1";

const withKeys = (
  store: "offlineStore" | "centralStore",
  keys: object,
  change = (_: Raw) => {},
): Settings => {
  const raw: Raw = devSettings();
  raw[store].keys = keys;
  delete raw[store].keyAdministrators;
  change(raw);
  return parseSettings(raw);
};
const arnOf = (account: string) =>
  `arn:aws:kms:${REGION}:${account}:key/11111111-2222-3333-4444-555555555555`;
const root = (account: string, Action: string | string[] = "kms:*", more: object = {}) => ({
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action,
  Resource: "*",
  ...more,
});
const policy = (...Statement: object[]) =>
  ({ Version: "2012-10-17", Statement }) as unknown as PolicyDocument;

describe("keys that the settings name", () => {
  let sandbox: Sandbox;
  let state: string;
  const notices: string[] = [];
  before(async () => {
    state = mkdtempSync(join(tmpdir(), "key-preflight-"));
    sandbox = await startSandbox({ state });
  });
  after(async () => {
    await sandbox.close();
    rmSync(state, { recursive: true });
  });

  const configOf = (name: string) => {
    const keys = sandbox.accounts[name === "A" ? 0 : 1];
    if (!keys) throw new Error("two accounts were expected");
    const { accessKeyId, secretAccessKey } = keys;
    const credentials = { accessKeyId, secretAccessKey };
    return { region: REGION, endpoint: sandbox.endpoint, credentials } as unknown as AccountClientConfig;
  };
  const make = async (account: "A" | "B", input: CreateKeyCommandInput = {}) => {
    const client = new KMSClient(configOf(account));
    return { client, arn: (await client.send(new CreateKeyCommand(input))).KeyMetadata?.Arn ?? "" };
  };
  /** Of the last refusal. */
  let advice: string | undefined;
  async function refusal(settings: Settings): Promise<string> {
    const given = {
      account: configOf,
      roles: () => Promise.resolve({}),
      notice: (message: string) => void notices.push(message),
    };
    try {
      await checkExistingKeys(settings, given);
      return "";
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect(error.exitCode).to.equal(ExitCode.key);
      expect(error.advice).not.to.equal("");
      ({ advice } = error);
      return error.message;
    }
  }

  it("are taken where they will do: by the account's own IAM, and account B by name", async () => {
    const readable = root(B, "kms:Decrypt", {
      Condition: { StringEquals: { "kms:ViaService": `s3.${REGION}.amazonaws.com` } },
    });
    const { arn } = await make("A", { Policy: JSON.stringify(policy(root(A), readable)) });
    expect(await refusal(withKeys("offlineStore", { online: arn, offline: arn }))).to.equal("");
    const { arn: ofB } = await make("B");
    expect(await refusal(withKeys("centralStore", { online: "shared", offline: ofB }))).to.equal("");
  });

  it("are refused with every reason, and where the settings name them", async () => {
    const asymmetric = await make("A", { KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" });
    const said = await refusal(withKeys("offlineStore", { offline: asymmetric.arn }));
    expect(said).to.contain("offlineStore.keys.offline").and.contain("symmetric encryption keys only");
    const unread = await make("A");
    expect(await refusal(withKeys("offlineStore", { offline: unread.arn }))).to.match(
      /account B's readers .* may not kms:Decrypt through Amazon S3/,
    );
    expect(await refusal(withKeys("offlineStore", { offline: arnOf(A) }))).to.contain("NotFoundException");
    expect(advice).to.equal("Give the ARN of a key that exists.");
  });

  it("are refused where the groups' role may make no data keys, or callers may not decrypt", async () => {
    // The account administers the key, and its deployer makes groups under it: its IAM lets nobody else use it.
    const administration = ["kms:Describe*", "kms:Get*", "kms:List*", "kms:Put*", "kms:ScheduleKeyDeletion"];
    const creation = {
      ...root(B, [...CREATOR_ACTIONS]),
      Principal: { AWS: `arn:aws:iam::${B}:role/deployer` },
    };
    const { arn } = await make("B", { Policy: JSON.stringify(policy(root(B, administration), creation)) });
    const said = await refusal(withKeys("centralStore", { online: arn, offline: arn }));
    expect(said).to.match(/the feature groups' role .* may not kms:GenerateDataKey through Amazon S3/);
    expect(said).to.match(/consumer \S+'s role .* may not kms:Decrypt through SageMaker/);
    expect(said).to.match(/consumer \S+'s role .* may not kms:Decrypt through Amazon S3/);
    expect(said).not.to.contain("the deployer");
  });

  it("are refused in another state than Enabled", async () => {
    const { client, arn } = await make("B");
    await client.send(new DisableKeyCommand({ KeyId: arn }));
    expect(await refusal(withKeys("centralStore", { offline: arn }))).to.contain("is Disabled");
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: arn, PendingWindowInDays: 7 }));
    expect(await refusal(withKeys("centralStore", { offline: arn }))).to.contain("is PendingDeletion");
  });

  it("are refused with kms:ViaService of SageMaker, if the offline store uses them", async () => {
    const via = root(B, ["kms:Decrypt"], {
      Condition: { StringLike: { "kms:ViaService": "sagemaker.*.amazonaws.com" } },
    });
    const { arn } = await make("B", { Policy: JSON.stringify(policy(root(B), via)) });
    expect(await refusal(withKeys("centralStore", { online: arn }))).to.equal("");
    expect(await refusal(withKeys("centralStore", { online: arn, offline: arn }))).to.contain(
      "kms:ViaService",
    );
    expect(await refusal(withKeys("centralStore", { online: "shared", offline: arn }))).to.contain(
      "kms:ViaService",
    );
  });

  it("ask AWS nothing where the settings name none", async () => {
    const failing = () => Promise.reject(new Error("nothing is to be asked"));
    await checkExistingKeys(parseSettings(devSettings()), {
      account: configOf,
      roles: failing,
      notice: () => undefined,
    });
  });
});

describe("what a given key is for", () => {
  it("is each use of the store that it encrypts, by the roles that are there or will be", () => {
    const settings = withKeys("centralStore", { online: arnOf(B), offline: arnOf(B) });
    const there = `arn:aws:iam::${B}:role/central-store-role-1a2b3c4`;
    const [key, ...more] = existingKeys(settings, { centralStore: there });
    expect(more).to.deep.equal([]);
    expect(key?.settings).to.deep.equal(["centralStore.keys.online", "centralStore.keys.offline"]);
    const needs = key?.use.needs.map(
      ({ principal, actions, through }) => `${principal} ${actions.at(-1)} ${through}`,
    );
    expect(needs).to.include(`${there} kms:GenerateDataKey s3`);
    expect(needs?.filter((need) => need.includes("role/cross-account-"))).not.to.deep.equal([]);
  });

  const facts = (document: PolicyDocument): KeyFacts => ({
    arn: arnOf(A),
    spec: "SYMMETRIC_DEFAULT",
    usage: "ENCRYPT_DECRYPT",
    manager: "CUSTOMER",
    state: "Enabled",
    policy: document,
  });
  const faults = (document: PolicyDocument) =>
    keyUseFindings(facts(document), {
      stores: ["offline"],
      account: A,
      region: REGION,
      needs: [
        {
          who: "the role",
          principal: `arn:aws:iam::${A}:role/writer`,
          actions: ["kms:GenerateDataKey"],
          through: "s3",
        },
      ],
    }).map(({ certain, says }) => [certain, says.includes("the role")]);

  it("is uncertain where only the use will tell whether a condition holds, and never refused for it", () => {
    const organization = { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } } };
    expect(faults(policy(root(A, "kms:*", organization)))).to.deep.equal([[false, true]]);
    const outside = { Effect: "Deny", Principal: "*", Action: "kms:*", Resource: "*" };
    const others = { ...outside, Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-abcdefghij" } } };
    expect(faults(policy(root(A), others))).to.deep.equal([[false, true]]);
    expect(faults(policy(root(A), outside))).to.deep.equal([[true, true]]);
    expect(faults(policy(root(B)))).to.deep.equal([[true, true]]);
    expect(faults(policy(root(A)))).to.deep.equal([]);
  });

  it("is nothing for a key of another account or Region, or of AWS's", () => {
    const use = { stores: ["online" as const], account: B, region: "eu-west-1", needs: [] };
    const said = keyUseFindings({ ...facts(policy(root(A))), manager: "AWS" }, use).map(({ says }) =>
      says.slice(arnOf(A).length),
    );
    expect(said.map((text) => text.split(" ").slice(1, 4).join(" "))).to.deep.equal([
      "is in account",
      "is in us-east-1,",
      "is managed by",
    ]);
  });
});

// The stages of the assumed-role topology under Pulumi's mock monitor: what they register, where, and in whose name. That
// AWS takes it is proven on the sandbox, by test/integration, and that the policies are right by the other tests here.
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Accounts } from "../../components/accounts";
import { ContractError } from "../../components/contract";
import { parseSettings, type Settings } from "../../components/settings";
import { stages } from "../../components/stages";
import { devSettings, options, registered, registering, settled, useMocks, type Registered } from "./support";

const settingsWith = (change: (raw: any) => void = () => undefined) => {
  const raw = devSettings();
  delete raw["offlineStore"];
  change(raw);
  return parseSettings(raw);
};

/** All stages in one stack, as index.ts runs them; those of each stage by its name. */
async function folded(settings: Settings) {
  const accounts = new Accounts(settings);
  const given: Record<string, Record<string, pulumi.Output<unknown>>> = {};
  const byStage: Record<string, Registered[]> = {};
  for (const stage of stages(settings))
    byStage[stage.name] = await registering(() => {
      given[stage.name] = stage.program({ settings, accounts }, given);
      return given[stage.name];
    });
  return { given: await settled(given), byStage };
}

const short = ({ type }: Registered) => type.split(":").pop() ?? "";
const providerOf = ({ provider }: Registered) => /::([^:]+)::[^:]+$/.exec(provider ?? "")?.[1];

describe("the stages of the assumed-role topology", () => {
  before(useMocks);

  it("are the central store, and three for each consumer, each after what it needs", () => {
    const all = stages(settingsWith()).map(({ name, account, needs, consumer }) => ({
      name,
      account,
      needs,
      consumer,
    }));
    expect(all.slice(0, 4)).to.deep.equal([
      { name: "centralStore", account: "B", needs: [], consumer: undefined },
      { name: "consumer:fraud-scoring", account: "A", needs: [], consumer: "fraud-scoring" },
      {
        name: "crossAccountRole:fraud-scoring",
        account: "B",
        needs: ["centralStore", "consumer:fraud-scoring"],
        consumer: "fraud-scoring",
      },
      {
        name: "consumerGrants:fraud-scoring",
        account: "A",
        needs: ["centralStore", "consumer:fraud-scoring", "crossAccountRole:fraud-scoring"],
        consumer: "fraud-scoring",
      },
    ]);
    expect(all.map(({ account }) => account).slice(4)).to.deep.equal([
      "recommendations",
      "B",
      "recommendations",
    ]);
  });

  it("register these resources, each in its account", async () => {
    const { byStage } = await folded(settingsWith());
    const types = (stage: string) => (byStage[stage] ?? []).map(short).sort();
    expect(types("consumer:recommendations")).to.deep.equal([
      "Bucket",
      "BucketLifecycleConfiguration",
      "BucketOwnershipControls",
      "BucketPublicAccessBlock",
      "BucketServerSideEncryptionConfiguration",
      "Role",
    ]);
    expect(types("crossAccountRole:recommendations")).to.deep.equal(["Role", "RolePolicy", "Workgroup"]);
    expect(types("consumerGrants:recommendations")).to.deep.equal(["BucketPolicy", "RolePolicy"]);
    const accounts: Record<string, string> = {
      centralStore: "account-b",
      "consumer:fraud-scoring": "account-a",
      "crossAccountRole:fraud-scoring": "account-b",
      "consumerGrants:fraud-scoring": "account-a",
      "consumer:recommendations": "account-recommendations",
      "crossAccountRole:recommendations": "account-b",
      "consumerGrants:recommendations": "account-recommendations",
    };
    for (const [stage, all] of Object.entries(byStage))
      for (const each of all) expect(providerOf(each), `${stage} ${each.name}`).to.equal(accounts[stage]);
  });

  it("make a consumer's bucket in the store's region, wherever its account works", async () => {
    const settings = settingsWith((raw) => (raw.consumers.recommendations.account.region = "eu-west-1"));
    const from = registered.length;
    const { byStage } = await folded(settings);
    const providers = registered.slice(from).filter(({ type }) => type === "pulumi:providers:aws");
    const theirs = providers.find(({ name }) => name === "account-recommendations-us-east-1");
    expect(theirs?.inputs).to.include({ region: "us-east-1" });
    expect(JSON.parse(theirs?.inputs["allowedAccountIds"] as string)).to.deep.equal(["333333333333"]);
    for (const each of byStage["consumer:recommendations"] ?? [])
      expect(providerOf(each)).to.equal("account-recommendations-us-east-1");
  });

  it("give what their contracts say, and their decoders take just that", async () => {
    const settings = settingsWith();
    const { given } = await folded(settings);
    for (const stage of stages(settings))
      expect(stage.decode(given[stage.name])).to.deep.equal(given[stage.name]);
    expect(given["consumerGrants:fraud-scoring"]).to.deep.include({
      externalId: "shop/fraud-scoring",
      region: "us-east-1",
      resultsLocation: "s3://shop-fraud-scoring-results-dev/athena-results/",
    });
    const last = stages(settings).at(-1);
    expect(() => last?.decode({ roleArn: "x" })).to.throw(ContractError, "consumerGrants:recommendations");
  });

  it("enforce in the workgroup where results go, and to whom they belong", async () => {
    const { byStage } = await folded(settingsWith());
    const workgroup = byStage["crossAccountRole:recommendations"]?.find(
      (each) => short(each) === "Workgroup",
    );
    expect(workgroup?.inputs["configuration"]).to.deep.include({ enforceWorkgroupConfiguration: true });
    expect(workgroup?.inputs["configuration"].resultConfiguration).to.deep.equal({
      outputLocation: "s3://shop-recommendations-results-dev/athena-results/",
      expectedBucketOwner: "333333333333",
      encryptionConfiguration: { encryptionOption: "SSE_S3" },
    });
  });

  it("encrypt each store of the central groups under a key of its own", async () => {
    const { byStage } = await folded(settingsWith());
    const groups = byStage["centralStore"]?.filter((each) => short(each) === "FeatureGroup") ?? [];
    expect(groups).to.have.length(2);
    const keys = byStage["centralStore"]?.filter((each) => short(each) === "Key").map(({ name }) => name);
    expect(keys).to.deep.equal(["central-store-online-key", "central-store-offline-key"]);
    for (const { inputs } of groups) {
      expect(inputs["onlineStoreConfig"].securityConfig).to.have.keys("kmsKeyId");
      expect(inputs["offlineStoreConfig"].s3StorageConfig).to.include.keys("kmsKeyId", "s3Uri");
    }
  });

  it("attach the document's own policies in documented mode, and trust SageMaker then", async () => {
    const { byStage } = await folded(settingsWith((raw) => (raw.policyMode = "documented")));
    const attached = (stage: string) =>
      (byStage[stage] ?? [])
        .filter((each) => short(each) === "RolePolicyAttachment")
        .map(({ inputs }) => String(inputs["policyArn"]).split("/").pop());
    expect(attached("crossAccountRole:recommendations")).to.deep.equal([
      "AmazonS3FullAccess",
      "AmazonAthenaFullAccess",
      "AmazonSageMakerFullAccess",
    ]);
    expect(attached("consumer:recommendations")).to.deep.equal(["AmazonSageMakerFullAccess"]);
    const role = byStage["crossAccountRole:recommendations"]?.find((each) => short(each) === "Role");
    expect(role?.inputs["assumeRolePolicy"]).to.contain("sagemaker.amazonaws.com");
    const least = await folded(settingsWith());
    const other = least.byStage["crossAccountRole:recommendations"]?.find((each) => short(each) === "Role");
    expect(other?.inputs["assumeRolePolicy"]).not.to.contain("sagemaker.amazonaws.com");
  });

  it("use managed policies where one inline policy is too small", async () => {
    const settings = settingsWith((raw) => {
      const [template] = raw.centralStore.featureGroups;
      const names = Array.from({ length: 60 }, (_, index) => `feature-group-${index}`);
      raw.centralStore.featureGroups = names.map((name) => ({ ...template, name }));
      const access = Object.fromEntries(names.map((name) => [name, ["readOnline", "readOffline", "write"]]));
      raw.consumers = { wide: { resultsBucket: { name: "results-wide" }, access } };
    });
    const { byStage } = await folded(settings);
    const types = (byStage["crossAccountRole:wide"] ?? []).map(short);
    expect(types).not.to.include("RolePolicy");
    const policies = types.filter((type) => type === "Policy").length;
    expect(policies).to.be.within(2, 10);
    expect(types.filter((type) => type === "RolePolicyAttachment")).to.have.length(policies);
  });

  it("protect and retain the stores' data and the results", async () => {
    const from = options.length;
    await folded(settingsWith((raw) => (raw.protectData = true)));
    const held = options.slice(from).filter(({ protect }) => protect);
    expect(held.map(({ name }) => name).sort()).to.deep.equal([
      "central-store-bucket",
      "central-store-offline-key",
      "central-store-online-key",
      "central-store-payments",
      "central-store-shoppers",
      "consumer-fraud-scoring-results",
      "consumer-recommendations-results",
    ]);
    expect(held.every(({ retainOnDelete }) => retainOnDelete)).to.equal(true);
  });

  it("change for no other consumer when one comes", async () => {
    const one = await folded(settingsWith((raw) => delete raw.consumers.recommendations));
    const two = await folded(settingsWith());
    const inputs = (all: Record<string, Registered[]>, stage: string) =>
      (all[stage] ?? []).map(({ name, type, inputs: given }) => ({ name, type, given }));
    for (const stage of Object.keys(one.byStage))
      expect(inputs(two.byStage, stage), stage).to.deep.equal(inputs(one.byStage, stage));
  });
});

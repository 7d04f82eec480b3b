// Components and stages under Pulumi's mock monitor: what they register. That AWS takes it is proven on the sandbox, by
// test/integration, and that the policies are right by policies.test.ts.
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { ContractError } from "../../components/contract";
import { Accounts } from "../../components/accounts";
import { parseSettings, type Settings } from "../../components/settings";
import { stages } from "../../components/stages";
import { devSettings, options, registered, registering, settled, useMocks, type Registered } from "./support";

/** All stages in one stack, as index.ts runs them. */
function fold(settings: Settings): Record<string, Record<string, pulumi.Output<unknown>>> {
  const accounts = new Accounts(settings);
  const given: Record<string, Record<string, pulumi.Output<unknown>>> = {};
  for (const stage of stages(settings)) given[stage.name] = stage.program({ settings, accounts }, given);
  return given;
}

/** The topology offline-store alone. */
const settingsWith = (change: (raw: any) => void = () => undefined) => {
  const raw = devSettings();
  delete raw["centralStore"];
  delete raw["consumers"];
  change(raw);
  return parseSettings(raw);
};
const short = ({ type }: Registered) => type.split(":").pop() ?? "";
const one = (all: readonly Registered[], type: string) => {
  const found = all.filter((each) => short(each) === type);
  expect(found, type).to.have.length(1);
  return found[0]?.inputs as Record<string, any>;
};

describe("stages", () => {
  before(useMocks);

  it("are writer (A), offlineBucket (B) and featureGroups (A), each after what it needs", () => {
    const all = stages(settingsWith()).map(({ name, account, needs }) => ({ name, account, needs }));
    expect(all).to.deep.equal([
      { name: "writer", account: "A", needs: [] },
      { name: "offlineBucket", account: "B", needs: ["writer"] },
      { name: "featureGroups", account: "A", needs: ["writer", "offlineBucket"] },
    ]);
  });

  it("register these resources, and no others", async () => {
    const all = await registering(() => fold(settingsWith()));
    expect(all.map(short).sort()).to.deep.equal(
      [
        "Alias",
        "Bucket",
        "BucketLifecycleConfiguration",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketPublicAccessBlock",
        "BucketServerSideEncryptionConfiguration",
        "BucketVersioning",
        "FeatureGroup",
        "FeatureGroup",
        "Key",
        "Role",
        "RolePolicy",
      ].sort(),
    );
  });

  it("give every child resource of every component the provider of its account", async () => {
    for (const policyMode of ["leastPrivilege", "documented"]) {
      const settings = settingsWith((raw) => (raw.policyMode = policyMode));
      const from = registered.length;
      await settled(fold(settings));
      const inStack = registered.slice(from);
      const providers = inStack.filter(({ type }) => type === "pulumi:providers:aws");
      expect(
        providers.map(({ name, inputs }) => [name, JSON.parse(inputs.allowedAccountIds as string)]),
      ).to.deep.equal([
        ["account-a", ["111111111111"]],
        ["account-b", ["222222222222"]],
      ]);
      const children = inStack.filter(({ type }) => type.startsWith("aws:"));
      expect(children).to.have.length(policyMode === "documented" ? 14 : 13);
      for (const { type, provider } of children) {
        const account = type.startsWith("aws:s3/") ? "account-b" : "account-a";
        expect(provider, type).to.match(new RegExp(`pulumi:providers:aws::${account}::${account}-id$`));
      }
    }
  });

  it("give what their contracts say, and their decoders take just that", async () => {
    const settings = settingsWith();
    const given = await settled(fold(settings));
    for (const stage of stages(settings))
      expect(stage.decode(given[stage.name])).to.deep.equal(given[stage.name]);
    expect(given.featureGroups.featureGroups.orders).to.deep.equal({
      name: "orders",
      arn: "arn:aws:mock:::aws:sagemaker/featureGroup:FeatureGroup/feature-groups-orders",
      s3Uri:
        "s3://shop-offline-store-sagemaker-dev/features/111111111111/sagemaker/us-east-1/offline-store/orders-1/data",
      table: { catalog: "AwsDataCatalog", database: "sagemaker_featurestore", name: "orders_1" },
    });
    const [writer] = stages(settings);
    expect(() => writer?.decode({ roleArn: "arn:aws:iam::1:role/x" })).to.throw(ContractError, "keyArn");
  });
});

const HOLD_DATA = [
  "feature-groups-customers",
  "feature-groups-orders",
  "offline-bucket-bucket",
  "writer-key",
];

describe("components", () => {
  it("make a rotated symmetric key, tagged so that it can be found again", async () => {
    const key = one(await registering(() => fold(settingsWith())), "Key");
    expect(key).to.include({ enableKeyRotation: true, deletionWindowInDays: 30 });
    expect(key["customerMasterKeySpec"]).to.equal(undefined);
    expect(key["tags"]).to.deep.equal({ "feature-store-access:key": "feature-store-access/test/writer-key" });
  });

  it("make a bucket that owns its objects, keeps versions, blocks the public and encrypts under A's key", async () => {
    const all = await registering(() => fold(settingsWith()));
    expect(one(all, "BucketOwnershipControls")["rule"]).to.deep.equal({
      objectOwnership: "BucketOwnerEnforced",
    });
    expect(one(all, "BucketVersioning")["versioningConfiguration"]).to.deep.equal({ status: "Enabled" });
    expect(one(all, "BucketPublicAccessBlock")).to.include({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(one(all, "BucketServerSideEncryptionConfiguration")["rules"]).to.deep.equal([
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: "arn:aws:kms:us-east-1:111111111111:key/k-1",
        },
        bucketKeyEnabled: true,
      },
    ]);
    expect(one(all, "BucketLifecycleConfiguration")["rules"][0]).to.deep.include({
      noncurrentVersionExpiration: { noncurrentDays: 90 },
    });
  });

  it("make feature groups that write into B's bucket as the writer, under its key", async () => {
    const groups = (await registering(() => fold(settingsWith()))).filter(
      (each) => short(each) === "FeatureGroup",
    );
    for (const { inputs } of groups) {
      expect(inputs).to.deep.include({ roleArn: "arn:aws:iam::111111111111:role/writer-role" });
      expect(inputs["offlineStoreConfig"]).to.deep.equal({
        s3StorageConfig: {
          s3Uri: "s3://shop-offline-store-sagemaker-dev/features",
          kmsKeyId: "arn:aws:kms:us-east-1:111111111111:key/k-1",
        },
      });
    }
    expect(groups.map(({ inputs }) => inputs["onlineStoreConfig"])).to.deep.include({
      enableOnlineStore: true,
      ttlDuration: { unit: "Days", value: 90 },
    });
  });

  it("leave the online store out where it is turned off, and the prefix where there is none", async () => {
    const settings = settingsWith((raw) => {
      raw.offlineStore.featureGroups = [{ ...raw.offlineStore.featureGroups[0], onlineStore: false }];
      delete raw.offlineStore.prefix;
    });
    const group = one(await registering(() => fold(settings)), "FeatureGroup");
    expect(group["onlineStoreConfig"]).to.equal(undefined);
    expect(group["offlineStoreConfig"].s3StorageConfig.s3Uri).to.equal(
      "s3://shop-offline-store-sagemaker-dev",
    );
  });

  it("let several writers write, by name", async () => {
    const other = "arn:aws:iam::111111111111:role/other-writer";
    const all = await registering(() =>
      fold(settingsWith((raw) => (raw.offlineStore.additionalWriterRoleArns = [other]))),
    );
    const statements = JSON.parse(one(all, "BucketPolicy")["policy"] as string).Statement as {
      Sid: string;
      Principal: any;
    }[];
    expect(statements.find(({ Sid }) => Sid === "S3CrossAccountBucketAccess")?.Principal).to.deep.equal({
      AWS: ["arn:aws:iam::111111111111:role/writer-role", other],
    });
  });

  it("attach the documents' own policies in documented mode", async () => {
    const all = await registering(() => fold(settingsWith((raw) => (raw.policyMode = "documented"))));
    expect(one(all, "RolePolicyAttachment")).to.include({
      policyArn: "arn:aws:iam::aws:policy/AmazonSageMakerFeatureStoreAccess",
    });
    expect(JSON.parse(one(all, "RolePolicy")["policy"] as string).Statement[0].Action).to.deep.equal([
      "kms:GenerateDataKey",
    ]);
  });

  for (const protectData of [true, false])
    it(`${protectData ? "protect and retain" : "let go"} what holds data, and nothing else`, async () => {
      const from = options.length;
      await registering(() => fold(settingsWith((raw) => (raw.protectData = protectData))));
      const children = options.slice(from).filter(({ type }) => type.startsWith("aws:"));
      const held = children.filter(({ protect }) => protect);
      expect(held.map(({ name }) => name).sort()).to.deep.equal(protectData ? HOLD_DATA : []);
      expect(children.filter(({ retainOnDelete }) => retainOnDelete)).to.deep.equal(held);
      for (const { name, parent } of children)
        expect(parent, name).to.contain("feature-store-access:offline-store:");
      const bucket = registered.filter(({ type }) => type === "aws:s3/bucket:Bucket").pop();
      expect(bucket?.inputs["forceDestroy"]).to.equal(!protectData);
    });
});

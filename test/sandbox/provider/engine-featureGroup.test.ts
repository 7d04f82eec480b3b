/**
 * Feature groups with both stores under the real engine: a key for each, and what is updated in place. What it does not
 * prove: what the stores do with their keys (test/sandbox/featurestore-keys.test.ts).
 */
import { DescribeFeatureGroupCommand, UpdateFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { accountProvider, Bench, preview, TRUST, up } from "./support";

const B = "222222222222";

interface Settings {
  readonly ttl?: { readonly unit: string; readonly value: number };
  readonly throughput?: aws.types.input.sagemaker.FeatureGroupThroughputConfig;
  /** Which of the two keys the online store has. */
  readonly online: "first" | "second";
  readonly tags?: Record<string, string>;
}

describe("provider: feature groups with both stores, under the engine", function () {
  this.timeout(300_000);
  let bench: Bench;
  let stack: Stack;
  let settings: Settings = {
    ttl: { unit: "Days", value: 30 },
    throughput: {
      throughputMode: "Provisioned",
      provisionedReadCapacityUnits: 10,
      provisionedWriteCapacityUnits: 5,
    },
    online: "first",
  };
  before(async () => {
    bench = await Bench.open();
    stack = await bench.stack("central", () => Promise.resolve(central(settings)));
  });
  after(() => bench.close());
  const group = () =>
    bench.account(1).sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: "central" }));
  const keys = async () => (await stack.outputs())["keys"]?.value as Record<string, string>;

  it("have a key for each store, and stay the same", async () => {
    await stack.up();
    const { first, offline } = await keys();
    const made = await group();
    expect(made.FeatureGroupStatus).to.equal("Created");
    expect(made.OnlineStoreConfig).to.deep.include({
      EnableOnlineStore: true,
      SecurityConfig: { KmsKeyId: first },
      TtlDuration: { Unit: "Days", Value: 30 },
    });
    expect(made.OfflineStoreConfig?.S3StorageConfig?.KmsKeyId).to.equal(offline);
    expect(made.ThroughputConfig).to.deep.equal({
      ThroughputMode: "Provisioned",
      ProvisionedReadCapacityUnits: 10,
      ProvisionedWriteCapacityUnits: 5,
    });
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
  });

  it("take another time to live, throughput and tags in place", async () => {
    const before = (await group()).CreationTime;
    settings = {
      ...settings,
      ttl: { unit: "Hours", value: 12 },
      throughput: { throughputMode: "OnDemand" },
      tags: { team: "ml" },
    };
    expect(await up(stack)).to.deep.equal([
      "update group [onlineStoreConfig.ttlDuration.unit, onlineStoreConfig.ttlDuration.value, tags, throughputConfig.provisionedReadCapacityUnits, throughputConfig.provisionedWriteCapacityUnits, throughputConfig.throughputMode]",
    ]);
    const now = await group();
    expect(now.CreationTime?.getTime()).to.equal(before?.getTime());
    expect(now.OnlineStoreConfig?.TtlDuration).to.deep.equal({ Unit: "Hours", Value: 12 });
    expect(now.ThroughputConfig?.ThroughputMode).to.equal("OnDemand");
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
  });

  it("show what others changed", async () => {
    await bench.account(1).sagemaker.send(
      new UpdateFeatureGroupCommand({
        FeatureGroupName: "central",
        OnlineStoreConfig: { TtlDuration: { Unit: "Weeks", Value: 1 } },
      }),
    );
    await stack.refresh();
    expect(await up(stack)).to.deep.equal([
      "update group [onlineStoreConfig.ttlDuration.unit, onlineStoreConfig.ttlDuration.value]",
    ]);
    expect((await group()).OnlineStoreConfig?.TtlDuration).to.deep.equal({ Unit: "Hours", Value: 12 });
  });

  it("are replaced for another key of the online store, and lose it only then", async () => {
    settings = { ...settings, online: "second" };
    expect(await up(stack)).to.deep.equal([
      "delete-replaced group",
      "replace group [onlineStoreConfig.securityConfig.kmsKeyId]",
      "create-replacement group [onlineStoreConfig.securityConfig.kmsKeyId]",
    ]);
    expect((await group()).OnlineStoreConfig?.SecurityConfig?.KmsKeyId).to.equal((await keys())["second"]);
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
  });

  it("say that a time to live cannot be taken away", async () => {
    settings = { ...settings, ttl: undefined };
    const message = await stack.up().then(
      () => expect.fail("it went well"),
      (error: Error) => error.message,
    );
    expect(message).to.include(
      "updating SageMaker AI Feature Group (central): SageMaker cannot remove the ttlDuration of an online store: give it another value",
    );
    await stack.destroy();
  });
});

/** The central feature group of account B, with its keys, bucket and role. */
function central({ ttl, throughput, online, tags }: Settings): Record<string, unknown> {
  const options = { provider: accountProvider("b", B) };
  const [first, second, offline] = ["first", "second", "offline"].map(
    (name) => new aws.kms.Key(name, {}, options),
  ) as [aws.kms.Key, aws.kms.Key, aws.kms.Key];
  const bucket = new aws.s3.Bucket("bucket", { bucket: "central-store", forceDestroy: true }, options);
  const role = new aws.iam.Role("role", { assumeRolePolicy: TRUST }, options);
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["s3:*", "kms:*"], Resource: "*" }],
  });
  const access = new aws.iam.RolePolicy("access", { role: role.id, policy }, options);
  const chosen = { first, second }[online];
  new aws.sagemaker.FeatureGroup(
    "group",
    {
      featureGroupName: "central",
      recordIdentifierFeatureName: "id",
      eventTimeFeatureName: "at",
      featureDefinitions: ["id", "at"].map((featureName) => ({ featureName, featureType: "String" })),
      roleArn: role.arn,
      onlineStoreConfig: {
        enableOnlineStore: true,
        securityConfig: { kmsKeyId: chosen.arn },
        ttlDuration: ttl,
      },
      offlineStoreConfig: {
        s3StorageConfig: { s3Uri: pulumi.interpolate`s3://${bucket.id}/store`, kmsKeyId: offline.arn },
      },
      throughputConfig: throughput,
      tags,
    },
    { ...options, dependsOn: [access] },
  );
  return { keys: { first: first.arn, second: second.arn, offline: offline.arn } };
}

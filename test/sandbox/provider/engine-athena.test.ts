/**
 * Workgroups under the real engine: life, drift, settings that are left out, refusals. What it does not prove: that
 * Athena enforces them on queries (test/sandbox/athena-workgroups.test.ts).
 */
import {
  GetWorkGroupCommand,
  ListTagsForResourceCommand,
  UpdateWorkGroupCommand,
} from "@aws-sdk/client-athena";
import * as aws from "@pulumi/aws";
import type { Stack } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { accountProvider, Bench, preview, REGION, up } from "./support";

const B = "222222222222";
const arn = `arn:aws:athena:${REGION}:${B}:workgroup/consumer`;
const KEY = `arn:aws:kms:${REGION}:${B}:key/11111111-2222-3333-4444-555555555555`;

const full: aws.athena.WorkgroupArgs = {
  name: "consumer",
  description: "first",
  tags: { env: "test" },
  configuration: {
    bytesScannedCutoffPerQuery: 20_000_000,
    enforceWorkgroupConfiguration: true,
    engineVersion: { selectedEngineVersion: "Athena engine version 3" },
    resultConfiguration: {
      outputLocation: "s3://results-of-a/queries/",
      expectedBucketOwner: "111111111111",
      encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: KEY },
      aclConfiguration: { s3AclOption: "BUCKET_OWNER_FULL_CONTROL" },
    },
  },
};

describe("provider: workgroups, under the engine", function () {
  this.timeout(300_000);
  let bench: Bench;
  let stack: Stack;
  let args = full;
  before(async () => {
    bench = await Bench.open();
    stack = await bench.stack("workgroup", () => {
      const group = new aws.athena.Workgroup("group", args, { provider: accountProvider("b", B) });
      return Promise.resolve({ id: group.id, arn: group.arn, state: group.state, all: group.tagsAll });
    });
  });
  after(() => bench.close());
  const group = async () => {
    const { WorkGroup } = await bench
      .account(1)
      .athena.send(new GetWorkGroupCommand({ WorkGroup: "consumer" }));
    return WorkGroup;
  };
  const tags = async () =>
    (await bench.account(1).athena.send(new ListTagsForResourceCommand({ ResourceARN: arn }))).Tags;

  it("are made with all their settings, and stay the same", async () => {
    expect(await up(stack)).to.deep.equal(["create group"]);
    const outputs = await stack.outputs();
    expect(outputs["id"]?.value).to.equal("consumer");
    expect(outputs["arn"]?.value).to.equal(arn);
    expect(outputs["state"]?.value).to.equal("ENABLED");
    expect(outputs["all"]?.value).to.deep.equal({ env: "test", project: "provider-test" });
    const made = await group();
    expect(made).to.deep.include({ Description: "first", State: "ENABLED" });
    expect(made?.Configuration).to.deep.equal({
      BytesScannedCutoffPerQuery: 20_000_000,
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: true,
      RequesterPaysEnabled: false,
      EngineVersion: {
        SelectedEngineVersion: "Athena engine version 3",
        EffectiveEngineVersion: "Athena engine version 3",
      },
      ResultConfiguration: {
        OutputLocation: "s3://results-of-a/queries/",
        ExpectedBucketOwner: "111111111111",
        EncryptionConfiguration: { EncryptionOption: "SSE_KMS", KmsKey: KEY },
        AclConfiguration: { S3AclOption: "BUCKET_OWNER_FULL_CONTROL" },
      },
    });
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
  });

  it("are updated in place; what goes from the settings goes from the workgroup", async () => {
    args = {
      name: "consumer",
      state: "DISABLED",
      tags: { other: "1" },
      configuration: {
        enforceWorkgroupConfiguration: false,
        engineVersion: { selectedEngineVersion: "AUTO" },
        resultConfiguration: { outputLocation: "s3://results-of-a/other/" },
      },
    };
    const at = "configuration.resultConfiguration";
    expect(await up(stack)).to.deep.equal([
      `update group [${[
        "configuration.bytesScannedCutoffPerQuery",
        "configuration.enforceWorkgroupConfiguration",
        "configuration.engineVersion.selectedEngineVersion",
        `${at}.aclConfiguration`,
        `${at}.encryptionConfiguration`,
        `${at}.expectedBucketOwner`,
        `${at}.outputLocation`,
        "description",
        "state",
        "tags.env",
        "tags.other",
      ].join(", ")}]`,
    ]);
    const { Configuration, Description, State } = (await group()) ?? {};
    expect({ Description, State }).to.deep.equal({ Description: "", State: "DISABLED" });
    expect(Configuration?.ResultConfiguration).to.deep.equal({ OutputLocation: "s3://results-of-a/other/" });
    expect(Configuration).to.include({ EnforceWorkGroupConfiguration: false });
    expect(Configuration).to.not.have.property("BytesScannedCutoffPerQuery");
    expect(Configuration?.EngineVersion?.SelectedEngineVersion).to.equal("AUTO");
    expect(await tags()).to.have.deep.members([
      { Key: "other", Value: "1" },
      { Key: "project", Value: "provider-test" },
    ]);
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
  });

  it("show what others changed, and are repaired", async () => {
    await bench.account(1).athena.send(
      new UpdateWorkGroupCommand({
        WorkGroup: "consumer",
        State: "ENABLED",
        ConfigurationUpdates: {
          BytesScannedCutoffPerQuery: 30_000_000,
          ResultConfigurationUpdates: {
            OutputLocation: "s3://somewhere-else/",
            EncryptionConfiguration: { EncryptionOption: "SSE_S3" },
          },
        },
      }),
    );
    await stack.refresh();
    expect(await up(stack)).to.deep.equal([
      "update group [configuration.bytesScannedCutoffPerQuery, configuration.resultConfiguration.encryptionConfiguration, configuration.resultConfiguration.outputLocation, state]",
    ]);
    const mended = await group();
    expect(mended?.State).to.equal("DISABLED");
    expect(mended?.Configuration?.ResultConfiguration).to.deep.equal({
      OutputLocation: "s3://results-of-a/other/",
    });
    expect(mended?.Configuration).to.not.have.property("BytesScannedCutoffPerQuery");
  });

  it("keep settings that are no longer given as a whole", async () => {
    args = { name: "consumer", description: "bare" };
    expect(await up(stack)).to.deep.equal(["update group [description, state, tags]"]);
    expect((await group())?.Configuration?.ResultConfiguration).to.deep.equal({
      OutputLocation: "s3://results-of-a/other/",
    });
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
  });

  it("are replaced under another name, and without any settings", async () => {
    args = { name: "consumer-2" };
    expect(await up(stack)).to.deep.equal([
      "create-replacement group [description, name]",
      "replace group [description, name]",
      "delete-replaced group",
    ]);
    await stack.destroy();
    const fresh = await bench.stack("bare", () => {
      new aws.athena.Workgroup("bare", {}, { provider: accountProvider("b", B) });
      return Promise.resolve({});
    });
    expect(await up(fresh)).to.deep.equal(["create bare"]);
    await fresh.refresh();
    expect(await preview(fresh)).to.deep.equal([]);
    await fresh.destroy();
  });

  it("say in one line what AWS refuses", async () => {
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: "athena:CreateWorkGroup", Resource: "*" },
      ],
    });
    const refused = await bench.stack("refused", () => {
      const roleArn = `arn:aws:iam::${B}:role/deployer`;
      const provider = accountProvider("b", B, { assumeRoles: [{ roleArn, sessionName: "denied", policy }] });
      new aws.athena.Workgroup("group", { name: "refused" }, { provider });
      return Promise.resolve({});
    });
    const told: string[] = [];
    await refused
      .up({
        onEvent: ({ diagnosticEvent: event }) =>
          event?.severity === "error" && event.urn ? told.push(event.message.trim()) : undefined,
      })
      .then(
        () => expect.fail("it went well"),
        () => undefined,
      );
    expect(told).to.have.length(1);
    expect(told[0]?.split("\n")).to.have.length(1);
    expect(told[0]).to.match(
      /creating Athena WorkGroup \(refused\): AccessDeniedException: .*deployer\/denied is not authorized to perform: athena:CreateWorkGroup on resource: arn:aws:athena:.*:workgroup\/refused/,
    );
  });
});

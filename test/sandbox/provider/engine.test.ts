/**
 * The provider under the real engine, on a sandbox in this process: every resource type through its life. What it does
 * not prove: that the real provider would do the same steps, and what only real AWS does (delays in seeing changes).
 */
import {
  DeleteRolePolicyCommand,
  GetRoleCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateRoleDescriptionCommand,
} from "@aws-sdk/client-iam";
import { DescribeKeyCommand, ListAliasesCommand, UpdateKeyDescriptionCommand } from "@aws-sdk/client-kms";
import {
  DeletePublicAccessBlockCommand,
  HeadBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { DescribeFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import type { Stack } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { refusal } from "../support";
import { Bench, EMPTY, preview, REGION, up } from "./support";
import { initial, topology, type Settings } from "./topology";

const A = "111111111111";
const B = "222222222222";

describe("provider: every type, under the engine", function () {
  this.timeout(300_000);
  let bench: Bench;
  before(async () => {
    bench = await Bench.open();
  });
  after(() => bench.close());

  let settings: Settings = { ...initial };
  let stack: Stack;
  let outputs: Record<string, unknown>;
  const name = (key: string) => outputs[key] as string;

  before(async () => {
    stack = await bench.stack(
      "life",
      topology(() => settings),
    );
    await stack.up();
    outputs = Object.fromEntries(
      Object.entries(await stack.outputs()).map(([key, { value }]) => [key, value]),
    );
  });

  it("has the real provider's IDs and outputs", () => {
    const key = /^[0-9a-f-]{36}$/;
    expect(name("roleName"))
      .to.match(/^writer-[0-9a-f]{7}$/)
      .and.equal(name("roleId"));
    expect(outputs).to.deep.include({
      account: B,
      region: REGION,
      roleArn: `arn:aws:iam::${A}:role/${name("roleName")}`,
      roleTags: { env: "test", project: "provider-test" },
      attachedId: `${name("roleName")}/${name("policyArn")}`,
      aliasId: "alias/provider-test",
      aliasTarget: name("keyArn"),
      keyArn: `arn:aws:kms:${REGION}:${A}:key/${name("keyId")}`,
      bucket: {
        id: "provider-test-sagemaker",
        arn: "arn:aws:s3:::provider-test-sagemaker",
        bucketRegionalDomainName: `provider-test-sagemaker.s3.${REGION}.amazonaws.com`,
        hostedZoneId: "Z21DNDUVLTQW6Q",
        region: REGION,
      },
    });
    expect(name("accessId")).to.match(/^writer-[0-9a-f]{7}:access-[0-9a-f]{7}$/);
    expect(name("keyId")).to.match(key);
    expect(name("uniqueId")).to.match(/^AROA/);
    const group = outputs["group"] as { offline: Record<string, Record<string, string>> };
    expect(group).to.include({
      id: "customers",
      arn: `arn:aws:sagemaker:${REGION}:${A}:feature-group/customers`,
    });
    expect(group.offline["dataCatalogConfig"]?.["tableName"]).to.match(/^customers_\d+$/);
    expect(group.offline["s3StorageConfig"]?.["resolvedOutputS3Uri"]).to.match(
      new RegExp(
        `^s3://provider-test-sagemaker/features/${A}/sagemaker/${REGION}/offline-store/customers-\\d+/data$`,
      ),
    );
  });

  it("changes nothing the second time, nor after a refresh", async () => {
    expect(await preview(stack)).to.deep.equal([]);
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
  });

  it("updates in place, and each change is in the account", async () => {
    settings = {
      ...settings,
      description: "second",
      trust: ["athena.amazonaws.com", "sagemaker.amazonaws.com"],
      actions: ["s3:PutObject"],
      ttl: 9,
      days: 31,
      tags: { more: "yes" },
      sse: "AES256",
    };
    expect((await up(stack)).sort()).to.deep.equal([
      "update encryption [rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId, rules[0].applyServerSideEncryptionByDefault.sseAlgorithm]",
      "update group [onlineStoreConfig.ttlDuration.value, tags.env, tags.more]",
      "update key [description, tags.env, tags.more]",
      "update lifecycle [rules[0].noncurrentVersionExpiration.noncurrentDays]",
      "update managed [policy, tags.env, tags.more]",
      "update offline [tags.env, tags.more]",
      "update writer [assumeRolePolicy, description, tags.env, tags.more]",
    ]);
    const { iam, kms, sagemaker } = bench.account(0);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name("roleName") }));
    expect(Role?.Description).to.equal("second");
    expect(Role?.Tags).to.have.deep.members([
      { Key: "more", Value: "yes" },
      { Key: "project", Value: "provider-test" },
    ]);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: name("keyId") }));
    expect(KeyMetadata?.Description).to.equal("second");
    const group = await sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: "customers" }));
    expect(group.OnlineStoreConfig?.TtlDuration).to.deep.equal({ Unit: "Days", Value: 9 });
    expect(await preview(stack)).to.deep.equal([]);
  });

  it("takes another order of a policy's actions and principals for no change", async () => {
    settings = { ...settings, trust: [...settings.trust].reverse() };
    expect(await preview(stack)).to.deep.equal([]);
  });

  it("sees what others changed, and repairs it", async () => {
    const [a, b] = [bench.account(0), bench.account(1)];
    const RoleName = name("roleName");
    const [, PolicyName = ""] = name("accessId").split(":");
    await a.iam.send(new UpdateRoleDescriptionCommand({ RoleName, Description: "by hand" }));
    await a.iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: "hand", Value: "1" }] }));
    await a.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: EMPTY }));
    await a.kms.send(new UpdateKeyDescriptionCommand({ KeyId: name("keyId"), Description: "by hand" }));
    const Bucket = "provider-test-sagemaker";
    await b.s3.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
    );
    await b.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await stack.refresh();
    expect((await up(stack)).sort()).to.deep.equal([
      "create block",
      "update access [policy]",
      "update key [description]",
      "update versioning [versioningConfiguration.status]",
      "update writer [description, tags.hand]",
    ]);
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
  });

  it("creates again what others removed", async () => {
    const [RoleName = "", PolicyName = ""] = name("accessId").split(":");
    await bench.account(0).iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await stack.refresh();
    expect(await up(stack)).to.deep.equal(["create access"]);
  });

  it("replaces a feature group whose features grow: the old one goes first", async () => {
    settings = { ...settings, features: ["id", "at", "more"] };
    expect(await up(stack)).to.deep.equal([
      "delete-replaced group",
      "replace group [featureDefinitions[2]]",
      "create-replacement group [featureDefinitions[2]]",
    ]);
  });

  it("moves an alias, the new one first", async () => {
    settings = { ...settings, alias: "alias/provider-test-2" };
    expect(await up(stack)).to.deep.equal([
      "create-replacement alias [name]",
      "replace alias [name]",
      "delete-replaced alias",
    ]);
  });

  it("destroys all, with what is in the bucket", async () => {
    const [a, b] = [bench.account(0), bench.account(1)];
    const Bucket = "provider-test-sagemaker";
    for (const Body of ["1", "2"]) await b.s3.send(new PutObjectCommand({ Bucket, Key: "x", Body }));
    await stack.destroy();
    expect((await refusal(b.s3.send(new HeadBucketCommand({ Bucket })))).status).to.equal(404);
    const { Roles = [] } = await a.iam.send(new ListRolesCommand({}));
    expect(Roles.map(({ RoleName }) => RoleName)).to.not.include(name("roleName"));
    const { Aliases = [] } = await a.kms.send(new ListAliasesCommand({}));
    expect(Aliases.map(({ AliasName }) => AliasName)).to.not.include("alias/provider-test-2");
    const { KeyMetadata } = await a.kms.send(new DescribeKeyCommand({ KeyId: name("keyId") }));
    expect(KeyMetadata?.KeyState).to.equal("PendingDeletion");
  });
});

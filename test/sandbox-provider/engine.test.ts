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
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { refusal } from "../sandbox/support";
import { accountProvider, Bench, REGION, stepsOf } from "./support";
import { initial, topology, type Settings } from "./topology";

const A = "111111111111";
const B = "222222222222";

describe("provider: under the engine", function () {
  this.timeout(300_000);
  let bench: Bench;
  before(async () => {
    bench = await Bench.open();
  });
  after(() => bench.close());

  const preview = (stack: Stack) => stepsOf((onEvent) => stack.preview({ onEvent }));
  const up = (stack: Stack) => stepsOf((onEvent) => stack.up({ onEvent }));
  const failure = async (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => expect.fail("it went well"),
      (error: Error) => error.message,
    );

  describe("every type, through its life", () => {
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

    it("sees what others changed, and mends it", async () => {
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

    it("makes anew what somebody removed", async () => {
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

  it("adopts what is there, by its ID alone", async () => {
    const first = await bench.stack("made", small({}));
    await first.up();
    const ids = (await first.outputs())["ids"]?.value as Record<string, string>;
    const second = await bench.stack("adopted", small({ ids }));
    expect((await up(second)).sort()).to.deep.equal(
      ["alias", "bucket", "key", "inline", "role", "versioning"].map((each) => `import ${each}`).sort(),
    );
    expect(await preview(second)).to.deep.equal([]);
    await second.destroy();
    await first.refresh();
    expect(await preview(first)).to.have.length(6);
  });

  it("keeps secret what is made of secrets", async () => {
    const stack = await bench.stack("secret", () =>
      Promise.resolve({
        description: new aws.iam.Role(
          "hidden",
          { description: pulumi.secret("hidden words"), assumeRolePolicy: TRUST },
          { provider: accountProvider("a", A) },
        ).description,
      }),
    );
    await stack.up();
    expect((await stack.outputs())["description"]).to.deep.equal({ value: "hidden words", secret: true });
    expect(bench.stateOf("secret")).to.include("hidden").and.not.include("hidden words");
    await stack.destroy();
  });

  it("brings the provider's other default tags to its resources", async () => {
    let team = "ml";
    const stack = await bench.stack("tags", () => {
      const provider = accountProvider("a", A, { defaultTags: { tags: { team } } });
      const role = new aws.iam.Role(
        "tagged",
        { assumeRolePolicy: TRUST, tags: { team: "ml" } },
        { provider },
      );
      const other = new aws.iam.Role("other", { assumeRolePolicy: TRUST }, { provider });
      return Promise.resolve({ own: role.tagsAll, default: other.tagsAll });
    });
    await stack.up();
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
    team = "data";
    expect(await up(stack)).to.deep.equal(["update other [tagsAll.team]"]);
    const outputs = await stack.outputs();
    expect(outputs["own"]?.value).to.deep.equal({ team: "ml" });
    expect(outputs["default"]?.value).to.deep.equal({ team: "data" });
    await stack.destroy();
  });

  it("gives each region its own resources", async () => {
    const stack = await bench.stack("regions", () => {
      const provider = accountProvider("b", B);
      const here = new aws.kms.Key("here", {}, { provider });
      const there = new aws.kms.Key("there", { region: "eu-west-1" }, { provider });
      return Promise.resolve({ here: here.arn, there: there.arn });
    });
    await stack.up();
    const outputs = await stack.outputs();
    expect(outputs["here"]?.value).to.match(/^arn:aws:kms:eu-central-1:/);
    expect(outputs["there"]?.value).to.match(/^arn:aws:kms:eu-west-1:/);
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
    await stack.destroy();
  });

  describe("when something is wrong", () => {
    it("keeps a feature group that could not be made, says why, and makes it anew", async () => {
      // The Glue table is made with the deployer's permissions: without them, the group fails after the request was taken.
      let policy: string | undefined = JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "*", Resource: "*" },
          { Effect: "Deny", Action: "glue:*", Resource: "*" },
        ],
      });
      const stack = await bench.stack(
        "failing",
        failingGroup(() => policy),
      );
      expect(await failure(stack.up())).to.match(/unexpected state 'CreateFailed'.*glue:/s);
      const { deployment } = await stack.exportStack();
      const kept = (deployment.resources as { id?: string }[]).some(({ id }) => id === "failing");
      expect(kept, "the failed group is in the state").to.equal(true);
      policy = undefined;
      const steps = await up(stack);
      expect(steps).to.include("delete-replaced group").and.include("replace group [featureGroupName]");
      const made = await bench
        .account(1)
        .sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: "failing" }));
      expect(made.FeatureGroupStatus).to.equal("Created");
      await stack.destroy();
    });

    it("refuses to act in another account", async () => {
      const stack = await bench.stack("account", () => {
        new aws.kms.Key("key", {}, { provider: accountProvider("a", A, { allowedAccountIds: [B] }) });
        return Promise.resolve({});
      });
      expect(await failure(stack.up())).to.include(`AWS account ID not allowed: ${A}`);
    });

    it("says which role it could not assume", async () => {
      const roleArn = `arn:aws:iam::${A}:role/nobody`;
      const stack = await bench.stack("assume", () => {
        new aws.kms.Key("key", {}, { provider: accountProvider("a", A, { assumeRoles: [{ roleArn }] }) });
        return Promise.resolve({});
      });
      expect(await failure(stack.preview())).to.match(
        new RegExp(`Cannot assume IAM Role. IAM Role \\(${roleArn}\\) cannot be assumed: AccessDenied`),
      );
    });

    it("names what it does not have: types, inputs, settings, functions", async () => {
      const stack = await bench.stack("unknown", () => {
        const provider = accountProvider("a", A);
        new aws.sqs.Queue("queue", {}, { provider });
        return Promise.resolve({});
      });
      expect(await failure(stack.preview())).to.include(
        "the sandbox's provider does not implement aws:sqs/queue:Queue; use SANDBOX_PROVIDER=aws",
      );
      const settings = await bench.stack("setting", () => {
        new aws.kms.Key("key", {}, { provider: accountProvider("a", A, { httpProxy: "http://x" }) });
        return Promise.resolve({});
      });
      expect(await failure(settings.preview())).to.include(
        "does not implement the provider setting httpProxy",
      );
      const functions = await bench.stack("function", async () => {
        const { names } = await aws.getAvailabilityZones({}, { provider: accountProvider("a", A) });
        return { names };
      });
      expect(await failure(functions.preview())).to.include(
        "does not implement the function aws:index/getAvailabilityZones",
      );
    });
  });
});

const EMPTY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }],
});
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "sagemaker.amazonaws.com" } },
  ],
});

/** A few resources, made, or taken over by their IDs. */
function small({ ids }: { ids?: Record<string, string> }) {
  return () => {
    const provider = accountProvider("b", B);
    const options = (name: string) => ({ provider, import: ids?.[name] });
    const named = { name: "small" };
    const role = new aws.iam.Role("role", { ...named, assumeRolePolicy: TRUST }, options("role"));
    const inline = new aws.iam.RolePolicy(
      "inline",
      { ...named, role: role.id, policy: EMPTY },
      options("inline"),
    );
    const key = new aws.kms.Key("key", { description: "small", tags: { a: "b" } }, options("key"));
    const alias = new aws.kms.Alias("alias", { name: "alias/small", targetKeyId: key.arn }, options("alias"));
    const bucket = new aws.s3.Bucket("bucket", { bucket: "small-bucket-of-the-test" }, options("bucket"));
    const versioning = new aws.s3.BucketVersioning(
      "versioning",
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      options("versioning"),
    );
    const all = { role, inline, key, alias, bucket, versioning };
    return Promise.resolve({
      ids: pulumi.all(Object.fromEntries(Object.entries(all).map(([name, { id }]) => [name, id]))),
    });
  };
}

/** A feature group of account B alone, made with the session policy. */
function failingGroup(policy: () => string | undefined) {
  return () => {
    const roleArn = `arn:aws:iam::${B}:role/deployer`;
    const provider = accountProvider("b", B, {
      assumeRoles: [{ roleArn, policy: policy(), duration: "15m" }],
    });
    const bucket = new aws.s3.Bucket("bucket", { bucket: "failing-sagemaker" }, { provider });
    const role = new aws.iam.Role(
      "role",
      { assumeRolePolicy: TRUST, forceDetachPolicies: true },
      { provider },
    );
    const access = new aws.iam.RolePolicy(
      "access",
      {
        role: role.id,
        policy: bucket.arn.apply((arn) =>
          JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "s3:*", Resource: [arn, `${arn}/*`] }],
          }),
        ),
      },
      { provider },
    );
    new aws.sagemaker.FeatureGroup(
      "group",
      {
        featureGroupName: "failing",
        recordIdentifierFeatureName: "id",
        eventTimeFeatureName: "at",
        featureDefinitions: ["id", "at"].map((featureName) => ({ featureName, featureType: "String" })),
        roleArn: role.arn,
        offlineStoreConfig: { s3StorageConfig: { s3Uri: pulumi.interpolate`s3://${bucket.id}/x` } },
      },
      { provider, dependsOn: [access], customTimeouts: { create: "20s" } },
    );
    return Promise.resolve({});
  };
}

/**
 * The provider under the real engine when something is wrong: what it says, and what it keeps. What it does not prove:
 * the words of the real provider.
 */
import { DescribeFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { accountProvider, Bench, TRUST, up } from "./support";

const A = "111111111111";
const B = "222222222222";

describe("provider: when something is wrong, under the engine", function () {
  this.timeout(300_000);
  let bench: Bench;
  before(async () => {
    bench = await Bench.open();
  });
  after(() => bench.close());

  const failure = async (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => expect.fail("it went well"),
      (error: Error) => error.message,
    );

  it("keeps a feature group that could not be made, says why, and replaces it", async () => {
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
      new aws.cloudwatch.LogGroup("group", {}, { provider });
      return Promise.resolve({});
    });
    expect(await failure(stack.preview())).to.include(
      "the sandbox's provider does not implement aws:cloudwatch/logGroup:LogGroup; use the real provider",
    );
    const settings = await bench.stack("setting", () => {
      new aws.kms.Key("key", {}, { provider: accountProvider("a", A, { httpProxy: "http://x" }) });
      return Promise.resolve({});
    });
    expect(await failure(settings.preview())).to.include("does not implement the provider setting httpProxy");
    const functions = await bench.stack("function", async () => {
      const { names } = await aws.getAvailabilityZones({}, { provider: accountProvider("a", A) });
      return { names };
    });
    expect(await failure(functions.preview())).to.include(
      "does not implement the function aws:index/getAvailabilityZones",
    );
  });
});

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

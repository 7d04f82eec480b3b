/**
 * IAM under the real engine: boundaries, paths, versions of policies, and what names a role that was made again. What it
 * does not prove: how long IAM takes until other services see its changes.
 */
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { GetKeyPolicyCommand } from "@aws-sdk/client-kms";
import { GetBucketPolicyCommand } from "@aws-sdk/client-s3";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { refusal } from "../support";
import { accountProvider, Bench, EMPTY, preview, TRUST, up } from "./support";

const A = "111111111111";
const B = "222222222222";
const BOUNDARY = `arn:aws:iam::${B}:policy/boundary`;
const allow = (...Action: string[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });

describe("provider: IAM, under the engine", function () {
  this.timeout(300_000);
  let bench: Bench;
  before(async () => {
    bench = await Bench.open();
  });
  after(() => bench.close());

  it("changes a role's boundary and session length in place, and replaces it for another path", async () => {
    let args: Partial<aws.iam.RoleArgs> = { path: "/ml/", maxSessionDuration: 7200 };
    let bounded = true;
    const stack = await bench.stack("role", () => {
      const provider = accountProvider("b", B);
      const boundary = new aws.iam.Policy("boundary", { name: "boundary", policy: EMPTY }, { provider });
      const permissionsBoundary = bounded ? boundary.arn : undefined;
      const role = new aws.iam.Role(
        "role",
        { name: "consumer", assumeRolePolicy: TRUST, permissionsBoundary, ...args },
        { provider },
      );
      const policy = role.uniqueId.apply((id) => allow(`s3:Get${id.slice(0, 4)}`));
      new aws.iam.RolePolicy("access", { role: role.name, policy }, { provider });
      return Promise.resolve({ arn: role.arn, id: role.uniqueId });
    });
    const role = async () =>
      (await bench.account(1).iam.send(new GetRoleCommand({ RoleName: "consumer" }))).Role;
    await stack.up();
    const first = await role();
    expect(first).to.deep.include({
      Path: "/ml/",
      MaxSessionDuration: 7200,
      PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: BOUNDARY },
    });
    expect((await stack.outputs())["id"]?.value).to.equal(first?.RoleId);
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);

    args = { ...args, maxSessionDuration: 3600 };
    bounded = false;
    expect(await up(stack)).to.deep.equal(["update role [maxSessionDuration, permissionsBoundary]"]);
    expect(await role())
      .to.include({ MaxSessionDuration: 3600, RoleId: first?.RoleId })
      .and.not.have.property("PermissionsBoundary");

    args = { ...args, path: "/" };
    const steps = await up(stack);
    expect(steps).to.include("replace role [path]").and.include("delete-replaced role");
    const second = await role();
    expect(second?.Arn).to.equal(`arn:aws:iam::${B}:role/consumer`);
    expect((await stack.outputs())["id"]?.value)
      .to.equal(second?.RoleId)
      .and.not.equal(first?.RoleId);
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
    await stack.destroy();
  });

  it("removes a role with policies that others gave it only by force", async () => {
    let forceDetachPolicies = false;
    const stack = await bench.stack("force", () => {
      const provider = accountProvider("b", B);
      const args = { name: "forced", assumeRolePolicy: TRUST, forceDetachPolicies };
      const policy = new aws.iam.Policy("policy", { policy: EMPTY }, { provider });
      // Without the order, IAM would refuse to delete the policy that is still attached.
      new aws.iam.Role("role", args, { provider, dependsOn: [policy] });
      return Promise.resolve({ arn: policy.arn });
    });
    await stack.up();
    const { iam } = bench.account(1);
    const PolicyArn = (await stack.outputs())["arn"]?.value as string;
    const RoleName = "forced";
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "by-hand", PolicyDocument: EMPTY }));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const message = await stack.destroy().then(
      () => expect.fail("it went well"),
      (error: Error) => error.message,
    );
    expect(message).to.match(
      /deleting IAM Role \(forced\): DeleteConflict(Exception)?: Cannot delete entity/,
    );
    forceDetachPolicies = true;
    expect(await up(stack)).to.include("update role [forceDetachPolicies]");
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(AttachedPolicies).to.have.length(1);
    await stack.destroy();
    expect((await refusal(iam.send(new GetRoleCommand({ RoleName })))).name).to.match(/^NoSuchEntity/);
  });

  it("gives a managed policy new versions, and lets the oldest go at five", async () => {
    let turn = 1;
    const stack = await bench.stack("versions", () => {
      const provider = accountProvider("b", B);
      const policy = new aws.iam.Policy(
        "policy",
        { name: "versions", policy: allow(`s3:Get${turn}`) },
        { provider },
      );
      const role = new aws.iam.Role("role", { assumeRolePolicy: TRUST }, { provider });
      new aws.iam.RolePolicyAttachment("attached", { role: role.name, policyArn: policy.arn }, { provider });
      return Promise.resolve({});
    });
    await stack.up();
    for (turn = 2; turn <= 7; turn++) expect(await up(stack)).to.deep.equal(["update policy [policy]"]);
    const PolicyArn = `arn:aws:iam::${B}:policy/versions`;
    const { Versions = [] } = await bench.account(1).iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
    expect(Versions.map(({ VersionId }) => VersionId).sort()).to.deep.equal(["v3", "v4", "v5", "v6", "v7"]);
    expect(Versions.find(({ IsDefaultVersion }) => IsDefaultVersion)?.VersionId).to.equal("v7");
    turn = 7;
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
    await stack.destroy();
  });

  it("shows policies that name a role which was made again, and writes them again", async () => {
    const { iam } = bench.account(0);
    const RoleName = "execution";
    const arn = `arn:aws:iam::${A}:role/${RoleName}`;
    const create = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST });
    const { Role: first } = await iam.send(create);
    const stack = await bench.stack("again", () => Promise.resolve(naming(arn)));
    await stack.up();
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);

    await iam.send(new DeleteRoleCommand({ RoleName }));
    const { Role: second } = await iam.send(create);
    expect(second?.RoleId).to.match(/^AROA/).and.not.equal(first?.RoleId);
    expect(await preview(stack), "before a refresh").to.deep.equal([]);
    await stack.refresh();
    const stale = ["update bucket-policy [policy]", "update key [policy]", "update role [assumeRolePolicy]"];
    expect((await preview(stack)).sort()).to.deep.equal(stale);
    expect(bench.stateOf("again"), "what AWS has is in the state").to.include(first?.RoleId);
    expect((await up(stack)).sort()).to.deep.equal(stale);

    const { kms, s3 } = bench.account(1);
    const KeyId = (await stack.outputs())["keyId"]?.value as string;
    const { Role } = await bench.account(1).iam.send(new GetRoleCommand({ RoleName: "cross-account" }));
    const documents = [
      (await s3.send(new GetBucketPolicyCommand({ Bucket: "made-again" }))).Policy,
      (await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy,
      decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""),
    ];
    for (const text of documents) expect(text).to.include(arn).and.not.include("AROA");
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
    await stack.destroy();
  });
});

/** A trust, a bucket and a key policy of account B, each of which names the role. */
function naming(arn: string): Record<string, unknown> {
  const provider = accountProvider("b", B);
  const statement = (Action: string, more: object) => ({
    Effect: "Allow",
    Principal: { AWS: arn },
    Action,
    ...more,
  });
  const document = (...Statement: unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement });
  const assumeRolePolicy = document(statement("sts:AssumeRole", {}));
  const role = new aws.iam.Role("role", { name: "cross-account", assumeRolePolicy }, { provider });
  const root = { AWS: `arn:aws:iam::${B}:root` };
  const key = new aws.kms.Key(
    "key",
    {
      policy: document(
        { Effect: "Allow", Principal: root, Action: "kms:*", Resource: "*" },
        statement("kms:Decrypt", { Resource: "*" }),
      ),
    },
    { provider },
  );
  const bucket = new aws.s3.Bucket("bucket", { bucket: "made-again" }, { provider });
  const policy = pulumi
    .output(bucket.arn)
    .apply((Resource) => document(statement("s3:ListBucket", { Resource })));
  new aws.s3.BucketPolicy("bucket-policy", { bucket: bucket.id, policy }, { provider });
  return { keyId: key.keyId, role: role.arn };
}

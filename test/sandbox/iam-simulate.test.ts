/**
 * The policy simulator through the AWS SDK, and that it says what then happens. It does not prove AWS's own simulator, which knows
 * less: of resources in other accounts this one says what the evaluation says.
 */
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  GetContextKeysForPrincipalPolicyCommand,
  paginateSimulatePrincipalPolicy,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
  type SimulateCustomPolicyCommandInput,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { A, allow, B, document, user } from "./featureGroups";
import { assume, clients, refusal, type Clients } from "./support";

const role = `arn:aws:iam::${A}:role/reader`;
const objects = "arn:aws:s3:::simulated/*";

describe("sandbox IAM: the policy simulator", () => {
  let sandbox: Sandbox;
  let a: Clients;
  let b: Clients;
  before(async () => {
    sandbox = await startSandbox();
    [a, b] = sandbox.accounts.map((keys) => clients(sandbox.endpoint, keys, "us-east-1")) as [
      Clients,
      Clients,
    ];
    await a.iam.send(
      new CreateRoleCommand({
        RoleName: "reader",
        AssumeRolePolicyDocument: document({
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${A}:root` },
          Action: "sts:AssumeRole",
        }),
      }),
    );
    const PolicyDocument = document(
      allow(["s3:GetObject", "s3:PutObject"], objects, {
        Condition: { StringLike: { "aws:UserAgent": "*" } },
      }),
      { Effect: "Deny", Action: "s3:PutObject", Resource: "arn:aws:s3:::simulated/closed/*" },
    );
    await a.iam.send(new PutRolePolicyCommand({ RoleName: "reader", PolicyName: "objects", PolicyDocument }));
  });
  after(() => sandbox.close());

  const custom = async (PolicyInputList: string[], more: Partial<SimulateCustomPolicyCommandInput> = {}) =>
    (
      await a.iam.send(
        new SimulateCustomPolicyCommand({ PolicyInputList, ActionNames: ["s3:GetObject"], ...more }),
      )
    ).EvaluationResults?.map(({ EvalDecision }) => EvalDecision);

  it("says of a role what then happens to its requests", async () => {
    const ContextEntries = [
      { ContextKeyName: "aws:UserAgent", ContextKeyValues: ["sdk"], ContextKeyType: "string" as const },
    ];
    const { EvaluationResults } = await a.iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: role,
        ActionNames: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        ResourceArns: ["arn:aws:s3:::simulated/open/x", "arn:aws:s3:::simulated/closed/x"],
        ContextEntries,
      }),
    );
    expect(EvaluationResults?.map(({ EvalDecision }) => EvalDecision)).to.deep.equal([
      "allowed",
      "allowed",
      "allowed",
      "explicitDeny",
      "implicitDeny",
      "implicitDeny",
    ]);
    expect(EvaluationResults?.[0]?.MatchedStatements?.[0]?.SourcePolicyId).to.equal("role_reader_objects");
    await a.s3.send(new CreateBucketCommand({ Bucket: "simulated" }));
    const { s3 } = clients(sandbox.endpoint, await assume(a.sts, role), "us-east-1");
    const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: "simulated", Key, Body: "x" }));
    await put("open/x");
    await s3.send(new GetObjectCommand({ Bucket: "simulated", Key: "open/x" }));
    expect((await refusal(put("closed/x"))).message).to.match(/explicit deny in an identity-based policy/);
  });

  it("tells which context values are missing, and pages", async () => {
    const pages = paginateSimulatePrincipalPolicy(
      { client: a.iam, pageSize: 1 },
      { PolicySourceArn: role, ActionNames: ["s3:GetObject", "s3:ListBucket"], ResourceArns: [objects] },
    );
    const missing: (string[] | undefined)[] = [];
    for await (const { EvaluationResults = [] } of pages)
      missing.push(...EvaluationResults.map(({ MissingContextValues }) => MissingContextValues));
    expect(missing).to.deep.equal([["aws:UserAgent"], []]);
    const { ContextKeyNames } = await a.iam.send(
      new GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn: role }),
    );
    expect(ContextKeyNames).to.deep.equal(["aws:UserAgent"]);
  });

  it("takes boundaries, policies of resources and their owners into account", async () => {
    const all = document(allow("*"));
    expect(await custom([all])).to.deep.equal(["allowed"]);
    const PermissionsBoundaryPolicyInputList = [document(allow("s3:List*"))];
    expect(await custom([all], { PermissionsBoundaryPolicyInputList })).to.deep.equal(["implicitDeny"]);
    const ResourceOwner = `arn:aws:iam::${B}:root`;
    const ResourceArns = ["arn:aws:s3:::bucket-of-b/x"];
    expect(await custom([all], { ResourceOwner, ResourceArns })).to.deep.equal(["implicitDeny"]);
    const open = {
      ...allow("s3:GetObject", ResourceArns),
      Principal: { AWS: `arn:aws:iam::${A}:root` },
    };
    const shared = { ResourceOwner, ResourceArns, ResourcePolicy: document(open), CallerArn: role };
    expect(await custom([all], shared)).to.deep.equal(["allowed"]);
    expect(await custom([document(allow("s3:List*"))], shared)).to.deep.equal(["implicitDeny"]);

    const { Policy } = await a.iam.send(
      new CreatePolicyCommand({ PolicyName: "bound", PolicyDocument: document(allow("s3:PutObject")) }),
    );
    await a.iam.send(
      new PutRolePermissionsBoundaryCommand({ RoleName: "reader", PermissionsBoundary: Policy?.Arn }),
    );
    const { EvaluationResults } = await a.iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: role,
        ActionNames: ["s3:GetObject"],
        ResourceArns: [objects],
        PolicyInputList: [all],
      }),
    );
    expect(EvaluationResults?.[0]).to.deep.include({
      EvalDecision: "implicitDeny",
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
    });
  });

  it("is for who may ask, of principals of the own account", async () => {
    const ask = { PolicySourceArn: role, ActionNames: ["s3:GetObject"] };
    expect((await refusal(b.iam.send(new SimulatePrincipalPolicyCommand(ask)))).name).to.match(
      /AccessDenied/,
    );
    const other = await user(sandbox.endpoint, a, "asker", allow("iam:SimulateCustomPolicy"));
    expect((await refusal(other.iam.send(new SimulatePrincipalPolicyCommand(ask)))).message).to.match(
      /iam:SimulatePrincipalPolicy on resource: arn:aws:iam::111111111111:role\/reader/,
    );
    const absent = { ...ask, PolicySourceArn: `${role}s` };
    expect((await refusal(a.iam.send(new SimulatePrincipalPolicyCommand(absent)))).name).to.equal(
      "NoSuchEntityException",
    );
    for (const wrong of [
      custom(["{}"]),
      custom([document(allow("*"))], { ActionNames: ["s3"] }),
      custom([document(allow("*"))], { ResourcePolicy: document(allow("*")) }),
    ])
      expect((await refusal(wrong)).name).to.equal("InvalidInputException");
  });
});

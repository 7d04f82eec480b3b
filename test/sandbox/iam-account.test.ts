/** GetAccountAuthorizationDetails through the AWS SDK. It does not prove that AWS lists entries in the same order. */
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  type EntityType,
  GetAccountAuthorizationDetailsCommand,
  paginateGetAccountAuthorizationDetails,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { clients, refusal, type Clients } from "./support";

const A = "111111111111";
const policy = (Action: string, more: object = {}) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, ...more }] });
const parsed = (text?: string) => JSON.parse(decodeURIComponent(text ?? "")) as object;

describe("sandbox IAM: the details of an account", () => {
  let sandbox: Sandbox;
  let a: Clients;
  const trust = policy("sts:AssumeRole", { Principal: { Service: "sagemaker.amazonaws.com" } });
  const local = `arn:aws:iam::${A}:policy/read-store`;
  const managed = "arn:aws:iam::aws:policy/AmazonSageMakerFeatureStoreAccess";

  before(async () => {
    sandbox = await startSandbox();
    const [keys] = sandbox.accounts;
    if (!keys) throw new Error("account A is missing");
    a = clients(sandbox.endpoint, keys);
    const read = policy("s3:GetObject", { Resource: "*" });
    await a.iam.send(new CreatePolicyCommand({ PolicyName: "read-store", PolicyDocument: read }));
    await a.iam.send(
      new CreateRoleCommand({
        RoleName: "writer",
        AssumeRolePolicyDocument: trust,
        PermissionsBoundary: local,
        Tags: [{ Key: "team", Value: "ml" }],
      }),
    );
    await a.iam.send(new AttachRolePolicyCommand({ RoleName: "writer", PolicyArn: managed }));
    await a.iam.send(new CreateUserCommand({ UserName: "ann", Path: "/people/" }));
    await a.iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "read", PolicyDocument: read }));
  });
  after(() => sandbox.close());

  const details = (Filter?: EntityType[]) =>
    a.iam.send(new GetAccountAuthorizationDetailsCommand({ Filter }));

  it("have users and roles with their policies, and the policies in use", async () => {
    const { UserDetailList = [], RoleDetailList = [], Policies = [], GroupDetailList } = await details();
    expect(GroupDetailList).to.deep.equal([]);
    const ann = UserDetailList.find(({ UserName }) => UserName === "ann");
    expect(ann).to.include({ Path: "/people/", Arn: `arn:aws:iam::${A}:user/people/ann` });
    const [inline] = ann?.UserPolicyList ?? [];
    expect(parsed(inline?.PolicyDocument)).to.deep.equal(
      JSON.parse(policy("s3:GetObject", { Resource: "*" })),
    );
    const writer = RoleDetailList.find(({ RoleName }) => RoleName === "writer");
    expect(parsed(writer?.AssumeRolePolicyDocument)).to.deep.equal(JSON.parse(trust));
    expect(writer?.AttachedManagedPolicies).to.deep.equal([
      { PolicyName: "AmazonSageMakerFeatureStoreAccess", PolicyArn: managed },
    ]);
    expect(writer?.PermissionsBoundary?.PermissionsBoundaryArn).to.equal(local);
    expect(writer?.Tags).to.deep.equal([{ Key: "team", Value: "ml" }]);
    const own = Policies.find(({ Arn }) => Arn === local);
    expect(own).to.include({ AttachmentCount: 0, PermissionsBoundaryUsageCount: 1, DefaultVersionId: "v1" });
    expect(own?.PolicyVersionList).to.have.length(1);
    const ofAws = Policies.map(({ PolicyName }) => PolicyName);
    expect(ofAws).to.include("AmazonSageMakerFeatureStoreAccess").and.not.include("AmazonS3FullAccess");
  });

  it("are filtered by kind, and come in pages", async () => {
    const {
      UserDetailList,
      RoleDetailList = [],
      Policies = [],
    } = await details(["Role", "LocalManagedPolicy"]);
    expect(UserDetailList).to.deep.equal([]);
    expect(RoleDetailList.map(({ RoleName }) => RoleName)).to.include.members(["writer", "deployer"]);
    expect(Policies.map(({ Arn }) => Arn)).to.deep.equal([local]);
    const roles: (string | undefined)[] = [];
    const pages = paginateGetAccountAuthorizationDetails(
      { client: a.iam, pageSize: 1 },
      { Filter: ["Role"] },
    );
    for await (const page of pages)
      roles.push(...(page.RoleDetailList ?? []).map(({ RoleName }) => RoleName));
    expect(roles).to.deep.equal(RoleDetailList.map(({ RoleName }) => RoleName));
    const wrong = await refusal(details(["Robot" as EntityType]));
    expect(wrong.name).to.equal("ValidationError");
    expect(wrong.message).to.contain("Robot");
  });

  it("are of the caller's account, and need a permission", async () => {
    const keysB = sandbox.accounts[1];
    if (!keysB) throw new Error("account B is missing");
    const { UserDetailList } = await clients(sandbox.endpoint, keysB).iam.send(
      new GetAccountAuthorizationDetailsCommand({ Filter: ["User"] }),
    );
    expect(UserDetailList?.map(({ UserName }) => UserName)).to.deep.equal(["administrator"]);
    const { AccessKey } = await a.iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
    const keys = {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    };
    const denied = await refusal(
      clients(sandbox.endpoint, keys).iam.send(new GetAccountAuthorizationDetailsCommand({})),
    );
    expect([denied.name, denied.message]).to.deep.equal([
      "AccessDenied",
      `User: arn:aws:iam::${A}:user/people/ann is not authorized to perform: iam:GetAccountAuthorizationDetails on resource: ` +
        "* because no identity-based policy allows the iam:GetAccountAuthorizationDetails action",
    ]);
  });
});

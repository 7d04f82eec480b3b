/**
 * IAM through the AWS SDK: roles, policies, users, keys, quotas, refusals, and that what a policy says is what its principal may
 * do. It does not prove policy evaluation itself: see test/access.
 */
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListInstanceProfilesForRoleCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  ListUsersCommand,
  paginateListRoles,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { assume, clients, refusal, type Clients } from "./support";

const A = "111111111111";
const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trusting = (Principal: object | string, more: object = {}) =>
  document({ Effect: "Allow", Principal, Action: "sts:AssumeRole", ...more });
const sagemakerTrust = trusting({ Service: "sagemaker.amazonaws.com" });
const allow = (Action: string | string[], Resource: string | string[] = "*", more: object = {}) =>
  document({ Effect: "Allow", Action, Resource, ...more });

describe("sandbox IAM", () => {
  let sandbox: Sandbox;
  let a: Clients;
  let b: Clients;
  before(async () => {
    sandbox = await startSandbox();
    const [keysA, keysB] = sandbox.accounts;
    if (!keysA || !keysB) throw new Error("accounts A and B are missing");
    a = clients(sandbox.endpoint, keysA);
    b = clients(sandbox.endpoint, keysB);
  });
  after(() => sandbox.close());

  const createRole = (RoleName: string, AssumeRolePolicyDocument = sagemakerTrust, more: object = {}) =>
    a.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, ...more }));

  describe("roles", () => {
    it("are created, read, updated and deleted as AWS shows them", async () => {
      const { Role } = await createRole("writer", sagemakerTrust, {
        Path: "/store/",
        Description: "writes",
        Tags: [{ Key: "team", Value: "ml" }],
      });
      expect(Role?.Arn).to.equal(`arn:aws:iam::${A}:role/store/writer`);
      expect(Role?.RoleId).to.match(/^AROA[A-Z2-7]{17}$/);
      expect(Role?.CreateDate).to.be.instanceOf(Date);
      await a.iam.send(
        new UpdateRoleCommand({ RoleName: "writer", Description: "", MaxSessionDuration: 7200 }),
      );
      const read = (await a.iam.send(new GetRoleCommand({ RoleName: "WRITER" }))).Role;
      expect(read).to.include({
        RoleName: "writer",
        Path: "/store/",
        MaxSessionDuration: 7200,
        Description: "",
      });
      expect(read?.Tags).to.deep.equal([{ Key: "team", Value: "ml" }]);
      expect(JSON.parse(decodeURIComponent(read?.AssumeRolePolicyDocument ?? ""))).to.deep.equal(
        JSON.parse(sagemakerTrust),
      );
      const profiles = await a.iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: "writer" }));
      expect(profiles.InstanceProfiles).to.deep.equal([]);
      await a.iam.send(new DeleteRoleCommand({ RoleName: "writer" }));
      const gone = await refusal(a.iam.send(new GetRoleCommand({ RoleName: "writer" })));
      expect([gone.name, gone.status]).to.deep.equal(["NoSuchEntityException", 404]);
      expect(gone.message).to.equal("The role with name writer cannot be found.");
    });

    it("are not created twice, nor with a bad name, nor deleted with policies", async () => {
      await createRole("once");
      const twice = await refusal(createRole("ONCE"));
      expect([twice.name, twice.message]).to.deep.equal([
        "EntityAlreadyExistsException",
        "Role with name ONCE already exists.",
      ]);
      const badName = await refusal(createRole("a b"));
      expect(badName.name).to.equal("ValidationError");
      expect(badName.message).to.contain("Member must satisfy regular expression pattern: [\\w+=,.@-]+");
      expect((await refusal(createRole("a".repeat(65)))).message).to.contain(
        "length less than or equal to 64",
      );

      await a.iam.send(
        new PutRolePolicyCommand({ RoleName: "once", PolicyName: "p", PolicyDocument: allow("s3:*") }),
      );
      const inline = await refusal(a.iam.send(new DeleteRoleCommand({ RoleName: "once" })));
      expect(inline.name).to.equal("DeleteConflictException");
      await a.iam.send(new DeleteRolePolicyCommand({ RoleName: "once", PolicyName: "p" }));
      const PolicyArn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
      await a.iam.send(new AttachRolePolicyCommand({ RoleName: "once", PolicyArn }));
      const attached = await refusal(a.iam.send(new DeleteRoleCommand({ RoleName: "once" })));
      expect(attached.message).to.equal("Cannot delete entity, must detach all policies first.");
      await a.iam.send(new DetachRolePolicyCommand({ RoleName: "once", PolicyArn }));
      await a.iam.send(new DeleteRoleCommand({ RoleName: "once" }));
    });

    it("are listed by pages and by path, each account its own", async () => {
      for (const name of ["p1", "p2", "p3"]) await createRole(name, sagemakerTrust, { Path: "/paged/" });
      const pages: string[][] = [];
      for await (const page of paginateListRoles({ client: a.iam, pageSize: 2 }, { PathPrefix: "/paged/" }))
        pages.push((page.Roles ?? []).map(({ RoleName }) => RoleName ?? ""));
      expect(pages).to.deep.equal([["p1", "p2"], ["p3"]]);
      const others = await b.iam.send(new ListRolesCommand({}));
      expect(others.Roles?.map(({ RoleName }) => RoleName)).to.deep.equal(["deployer"]);
    });

    it("bear tags", async () => {
      await createRole("tagged", sagemakerTrust, { Tags: [{ Key: "a", Value: "1" }] });
      await a.iam.send(
        new TagRoleCommand({
          RoleName: "tagged",
          Tags: [
            { Key: "a", Value: "2" },
            { Key: "b", Value: "" },
          ],
        }),
      );
      await a.iam.send(new UntagRoleCommand({ RoleName: "tagged", TagKeys: ["a", "nothing"] }));
      const { Tags, IsTruncated } = await a.iam.send(new ListRoleTagsCommand({ RoleName: "tagged" }));
      expect([Tags, IsTruncated]).to.deep.equal([[{ Key: "b", Value: "" }], false]);
      const aws = await refusal(
        a.iam.send(new TagRoleCommand({ RoleName: "tagged", Tags: [{ Key: "aws:x", Value: "" }] })),
      );
      expect(aws.name).to.equal("InvalidInputException");
    });
  });

  describe("policy documents", () => {
    it("come back as they were put", async () => {
      await createRole("inline");
      const text = `{ "Version": "2012-10-17",\n "Statement": { "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/\${aws:username}/ü" } }`;
      await a.iam.send(
        new PutRolePolicyCommand({ RoleName: "inline", PolicyName: "p", PolicyDocument: text }),
      );
      const read = await a.iam.send(new GetRolePolicyCommand({ RoleName: "inline", PolicyName: "p" }));
      expect(decodeURIComponent(read.PolicyDocument ?? "")).to.equal(text);
      const names = await a.iam.send(new ListRolePoliciesCommand({ RoleName: "inline" }));
      expect(names.PolicyNames).to.deep.equal(["p"]);
      const absent = await refusal(
        a.iam.send(new GetRolePolicyCommand({ RoleName: "inline", PolicyName: "q" })),
      );
      expect(absent.message).to.equal("The role policy with name q cannot be found.");
    });

    it("are refused where the grammar is broken, in AWS's words", async () => {
      await createRole("grammar");
      const put = (PolicyDocument: string) =>
        refusal(
          a.iam.send(new PutRolePolicyCommand({ RoleName: "grammar", PolicyName: "p", PolicyDocument })),
        );
      const cases: [string, string][] = [
        ["{", "Syntax errors in policy."],
        [`{"Statement":[],}`, "Syntax errors in policy."],
        [
          JSON.stringify({ Version: "2012-10-18", Statement: [] }),
          "The policy must contain a valid version string.",
        ],
        [document({ Effect: "allow", Action: "s3:*", Resource: "*" }), "Syntax errors in policy."],
        [
          document({ Effect: "Allow", Action: "s3", Resource: "*" }),
          "Actions/Conditions must be prefaced by a vendor",
        ],
        [document({ Effect: "Allow", Action: "s3:*" }), "Policy statement must contain resources."],
        [document({ Effect: "Allow", Resource: "*" }), "Policy statement must contain actions."],
        [
          document({ Effect: "Allow", Action: "s3:*", Resource: "bucket" }),
          'Resource bucket must be in ARN format or "*".',
        ],
        [trusting("*", { Resource: "*" }), "Policy document should not specify a principal."],
        [allow("s3:*", "*", { Sid: "a b" }), "Statement IDs (SID) must be alpha-numeric."],
        [
          allow("s3:*", "*", { Condition: { StringIs: { "a:b": "c" } } }),
          "Invalid Condition type : StringIs.",
        ],
        [allow("s3:*", "*", { Sids: "x" }), "Syntax errors in policy."],
      ];
      for (const [text, message] of cases) {
        const error = await put(text);
        expect(error.name, text).to.equal("MalformedPolicyDocumentException");
        expect(error.message, text).to.contain(message);
      }
    });

    it("of trust are refused with a resource, without a principal, and with other actions", async () => {
      const cases: [string, string][] = [
        ["{", "This policy contains invalid Json"],
        [trusting("*", { Resource: "*" }), "Has prohibited field Resource"],
        [document({ Effect: "Allow", Action: "sts:AssumeRole" }), "Missing required field Principal"],
        [
          trusting("*", { Action: "s3:GetObject" }),
          "AssumeRole policy may only specify STS AssumeRole actions.",
        ],
      ];
      for (const [text, message] of cases)
        expect((await refusal(createRole("bad", text))).message, text).to.equal(message);
    });

    it("keep to their quotas", async () => {
      await createRole("quotas");
      const long = (length: number) => allow("s3:GetObject", `arn:aws:s3:::${"b".repeat(length)}`);
      const put = (PolicyName: string, length: number) =>
        a.iam.send(
          new PutRolePolicyCommand({ RoleName: "quotas", PolicyName, PolicyDocument: long(length) }),
        );
      await put("p", 6000);
      const inline = await refusal(put("q", 6000));
      expect([inline.name, inline.message, inline.status]).to.deep.equal([
        "LimitExceededException",
        "Maximum policy size of 10240 bytes exceeded for role quotas",
        409,
      ]);
      await put("p", 9000); // replacing counts the new one only
      const managed = await refusal(
        a.iam.send(new CreatePolicyCommand({ PolicyName: "long", PolicyDocument: long(6200) })),
      );
      expect(managed.message).to.equal("Cannot exceed quota for PolicySize: 6144");
      const trust = await refusal(
        createRole(
          "trust",
          trusting({ AWS: A }, { Condition: { StringEquals: { "a:b": "c".repeat(2048) } } }),
        ),
      );
      expect(trust.message).to.equal("Cannot exceed quota for ACLSizePerRole: 2048");
      for (let index = 0; index <= 10; index++) {
        const made = await a.iam.send(
          new CreatePolicyCommand({ PolicyName: `q${index}`, PolicyDocument: long(1) }),
        );
        const attach = a.iam.send(
          new AttachRolePolicyCommand({ RoleName: "quotas", PolicyArn: made.Policy?.Arn }),
        );
        if (index < 10) await attach;
        else expect((await refusal(attach)).message).to.equal("Cannot exceed quota for PoliciesPerRole: 10");
      }
      const attached = await a.iam.send(
        new ListAttachedRolePoliciesCommand({ RoleName: "quotas", MaxItems: 3 }),
      );
      expect(attached.AttachedPolicies).to.have.length(3);
      expect(attached.IsTruncated).to.equal(true);
    });
  });

  describe("principals in trust policies", () => {
    it("must exist", async () => {
      for (const AWS of [
        `arn:aws:iam::${A}:role/nobody`,
        `arn:aws:iam::${A}:user/nobody`,
        "arn:aws:iam::123456789012:root",
        `arn:aws:iam::${A}:role/*`,
        "AROAAAAAAAAAAAAAAAAAA",
      ]) {
        const error = await refusal(createRole("trusts", trusting({ AWS })));
        expect([error.name, error.message]).to.deep.equal([
          "MalformedPolicyDocumentException",
          `Invalid principal in policy: "AWS":"${AWS}"`,
        ]);
      }
    });

    it("are shown as ARNs while they live; one made anew is another", async () => {
      const trustOf = async (RoleName: string) => {
        const { Role } = await a.iam.send(new GetRoleCommand({ RoleName }));
        const read = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")) as {
          Statement: { Principal: { AWS: string } }[];
        };
        return read.Statement[0]?.Principal.AWS;
      };
      const source = (await createRole("source", trusting({ AWS: A }), { Path: "/x/" })).Role;
      await a.iam.send(
        new PutRolePolicyCommand({
          RoleName: "source",
          PolicyName: "p",
          PolicyDocument: allow("sts:AssumeRole"),
        }),
      );
      await createRole("target", trusting({ AWS: source?.Arn }));
      expect(await trustOf("target")).to.equal(`arn:aws:iam::${A}:role/x/source`);
      expect(await trustOf("source")).to.equal(`arn:aws:iam::${A}:root`);
      const asSource = async () => clients(sandbox.endpoint, await assume(a.sts, source?.Arn ?? ""));
      const target = `arn:aws:iam::${A}:role/target`;
      const old = await asSource();
      await assume(old.sts, target);

      await a.iam.send(new DeleteRolePolicyCommand({ RoleName: "source", PolicyName: "p" }));
      await a.iam.send(new DeleteRoleCommand({ RoleName: "source" }));
      expect((await refusal(old.sts.send(new GetCallerIdentityCommand({})))).name).to.equal(
        "InvalidClientTokenId",
      );
      await createRole("source", trusting({ AWS: A }), { Path: "/x/" });
      await a.iam.send(
        new PutRolePolicyCommand({
          RoleName: "source",
          PolicyName: "p",
          PolicyDocument: allow("sts:AssumeRole"),
        }),
      );
      expect(await trustOf("target")).to.equal(source?.RoleId);
      expect((await refusal(assume((await asSource()).sts, target))).name).to.equal("AccessDenied");

      await a.iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: "target",
          PolicyDocument: trusting({ AWS: source?.Arn }),
        }),
      );
      await assume((await asSource()).sts, target);
    });
  });

  describe("managed policies", () => {
    it("have versions, of which one is the default", async () => {
      const { Policy } = await a.iam.send(
        new CreatePolicyCommand({
          PolicyName: "versions",
          PolicyDocument: allow("s3:GetObject"),
          Description: "d",
        }),
      );
      const PolicyArn = Policy?.Arn;
      expect(Policy).to.include({ DefaultVersionId: "v1", AttachmentCount: 0, IsAttachable: true });
      const add = (action: string, SetAsDefault: boolean) =>
        a.iam.send(
          new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allow(action), SetAsDefault }),
        );
      await add("s3:A", true);
      await add("s3:B", false);
      await add("s3:C", false);
      await add("s3:D", false);
      expect((await refusal(add("s3:E", false))).message).to.contain(
        "A managed policy can have up to 5 versions.",
      );
      const inUse = await refusal(a.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v2" })));
      expect(inUse.message).to.equal("Cannot delete the default version of a policy.");
      await a.iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: "v3" }));
      await a.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v5" }));
      expect((await add("s3:F", false)).PolicyVersion?.VersionId).to.equal("v6");
      const { Versions } = await a.iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
      expect(Versions?.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion])).to.deep.equal(
        [
          ["v6", false],
          ["v4", false],
          ["v3", true],
          ["v2", false],
          ["v1", false],
        ],
      );
      const read = await a.iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: "v3" }));
      expect(decodeURIComponent(read.PolicyVersion?.Document ?? "")).to.equal(allow("s3:B"));
      expect((await refusal(a.iam.send(new DeletePolicyCommand({ PolicyArn })))).name).to.equal(
        "DeleteConflictException",
      );
      for (const VersionId of ["v6", "v4", "v2", "v1"])
        await a.iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
      await a.iam.send(new DeletePolicyCommand({ PolicyArn }));
      expect((await refusal(a.iam.send(new GetPolicyCommand({ PolicyArn })))).message).to.equal(
        `Policy ${PolicyArn} was not found.`,
      );
    });

    it("of AWS are there to read and attach, not to change", async () => {
      for (const name of [
        "AdministratorAccess",
        "AmazonSageMakerFeatureStoreAccess",
        "AmazonSageMakerFullAccess",
        "AmazonS3FullAccess",
        "AmazonS3ReadOnlyAccess",
        "AmazonAthenaFullAccess",
      ]) {
        const PolicyArn = `arn:aws:iam::aws:policy/${name}`;
        const { Policy } = await a.iam.send(new GetPolicyCommand({ PolicyArn }));
        const VersionId = Policy?.DefaultVersionId;
        const read = await a.iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
        const parsed = JSON.parse(decodeURIComponent(read.PolicyVersion?.Document ?? "")) as {
          Statement: unknown[];
        };
        expect(parsed.Statement, name).not.to.be.empty;
      }
      const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
      const change = await refusal(
        a.iam.send(
          new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allow("s3:*"), SetAsDefault: true }),
        ),
      );
      expect(change.name).to.equal("AccessDenied");
      const { PolicyRoles, PolicyUsers } = await a.iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
      expect(PolicyRoles?.map(({ RoleName }) => RoleName)).to.include("deployer");
      expect(PolicyUsers?.map(({ UserName }) => UserName)).to.include("administrator");
      const listed = await a.iam.send(new ListPoliciesCommand({ Scope: "AWS" }));
      expect(listed.Policies).to.have.length(6);
    });

    it("of another account are out of reach", async () => {
      const { Policy } = await b.iam.send(
        new CreatePolicyCommand({ PolicyName: "bs", PolicyDocument: allow("s3:*") }),
      );
      const PolicyArn = Policy?.Arn;
      expect((await refusal(a.iam.send(new GetPolicyCommand({ PolicyArn })))).name).to.equal("AccessDenied");
      await createRole("attaches");
      const attach = await refusal(
        a.iam.send(new AttachRolePolicyCommand({ RoleName: "attaches", PolicyArn })),
      );
      expect(attach.name).to.equal("NoSuchEntityException");
    });
  });

  describe("users", () => {
    it("do what their policies allow, with keys that work while they are active", async () => {
      await a.iam.send(new CreateUserCommand({ UserName: "worker" }));
      const { AccessKey } = await a.iam.send(new CreateAccessKeyCommand({ UserName: "worker" }));
      const AccessKeyId = AccessKey?.AccessKeyId ?? "";
      const worker = clients(sandbox.endpoint, {
        accessKeyId: AccessKeyId,
        secretAccessKey: AccessKey?.SecretAccessKey ?? "",
      });
      const denied = await refusal(worker.iam.send(new GetUserCommand({})));
      expect([denied.name, denied.status, denied.message]).to.deep.equal([
        "AccessDenied",
        403,
        `User: arn:aws:iam::${A}:user/worker is not authorized to perform: iam:GetUser on resource: ` +
          `arn:aws:iam::${A}:user/worker because no identity-based policy allows the iam:GetUser action`,
      ]);
      const own = `arn:aws:iam::${A}:user/\${aws:username}`;
      await a.iam.send(
        new PutUserPolicyCommand({
          UserName: "worker",
          PolicyName: "self",
          PolicyDocument: allow("iam:*", own),
        }),
      );
      expect((await worker.iam.send(new GetUserCommand({}))).User?.UserName).to.equal("worker");
      expect((await worker.iam.send(new ListAccessKeysCommand({}))).AccessKeyMetadata).to.have.length(1);
      expect((await refusal(worker.iam.send(new ListUsersCommand({})))).name).to.equal("AccessDenied");

      const status = (Status: "Active" | "Inactive") =>
        a.iam.send(new UpdateAccessKeyCommand({ UserName: "worker", AccessKeyId, Status }));
      await status("Inactive");
      expect((await refusal(worker.iam.send(new GetUserCommand({})))).name).to.equal("InvalidClientTokenId");
      await status("Active");
      const hasKeys = await refusal(a.iam.send(new DeleteUserCommand({ UserName: "worker" })));
      expect(hasKeys.name).to.equal("DeleteConflictException");
      await a.iam.send(new DeleteAccessKeyCommand({ UserName: "worker", AccessKeyId }));
      expect((await refusal(worker.iam.send(new GetUserCommand({})))).name).to.equal("InvalidClientTokenId");
    });

    it("are bounded by explicit denies", async () => {
      await a.iam.send(new CreateUserCommand({ UserName: "denied" }));
      const { AccessKey } = await a.iam.send(new CreateAccessKeyCommand({ UserName: "denied" }));
      const keys = {
        accessKeyId: AccessKey?.AccessKeyId ?? "",
        secretAccessKey: AccessKey?.SecretAccessKey ?? "",
      };
      await a.iam.send(
        new AttachUserPolicyCommand({
          UserName: "denied",
          PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
      );
      const deny = document({ Effect: "Deny", Action: "iam:List*", Resource: "*" });
      await a.iam.send(
        new PutUserPolicyCommand({ UserName: "denied", PolicyName: "no", PolicyDocument: deny }),
      );
      const error = await refusal(clients(sandbox.endpoint, keys).iam.send(new ListUsersCommand({})));
      expect(error.message).to.match(/ with an explicit deny in an identity-based policy$/);
    });
  });

  it("permissions boundaries limit what a role's policies allow", async () => {
    await createRole("bounded", trusting({ AWS: A }));
    await a.iam.send(
      new PutRolePolicyCommand({ RoleName: "bounded", PolicyName: "all", PolicyDocument: allow("*") }),
    );
    const { Policy } = await a.iam.send(
      new CreatePolicyCommand({ PolicyName: "boundary", PolicyDocument: allow("iam:ListUsers") }),
    );
    const role = `arn:aws:iam::${A}:role/bounded`;
    const session = clients(sandbox.endpoint, await assume(a.sts, role));
    await session.iam.send(new ListRolesCommand({}));
    await a.iam.send(
      new PutRolePermissionsBoundaryCommand({ RoleName: "bounded", PermissionsBoundary: Policy?.Arn }),
    );
    const read = await a.iam.send(new GetRoleCommand({ RoleName: "bounded" }));
    expect(read.Role?.PermissionsBoundary).to.deep.equal({
      PermissionsBoundaryType: "Policy",
      PermissionsBoundaryArn: Policy?.Arn,
    });
    await session.iam.send(new ListUsersCommand({}));
    const error = await refusal(session.iam.send(new ListRolesCommand({})));
    expect(error.message).to.match(/because no permissions boundary allows the iam:ListRoles action$/);
    await a.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: "bounded" }));
    await session.iam.send(new ListRolesCommand({}));
  });

  it("condition keys of the request count: a boundary may be demanded of every new role", async () => {
    const boundary = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    await createRole("creator", trusting({ AWS: A }));
    const policy = allow(["iam:CreateRole", "iam:TagRole"], "*", {
      Condition: {
        StringEquals: { "iam:PermissionsBoundary": boundary, "aws:RequestTag/team": "ml" },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] },
      },
    });
    await a.iam.send(
      new PutRolePolicyCommand({ RoleName: "creator", PolicyName: "p", PolicyDocument: policy }),
    );
    const creator = clients(sandbox.endpoint, await assume(a.sts, `arn:aws:iam::${A}:role/creator`));
    const create = (RoleName: string, more: object) =>
      creator.iam.send(
        new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: sagemakerTrust, ...more }),
      );
    const Tags = [{ Key: "team", Value: "ml" }];
    await create("made", { PermissionsBoundary: boundary, Tags });
    expect((await refusal(create("m2", { Tags }))).name).to.equal("AccessDenied");
    expect((await refusal(create("m3", { PermissionsBoundary: boundary }))).name).to.equal("AccessDenied");
    const more = [...Tags, { Key: "other", Value: "" }];
    expect((await refusal(create("m4", { PermissionsBoundary: boundary, Tags: more }))).name).to.equal(
      "AccessDenied",
    );
  });
});

/**
 * STS through the AWS SDK: who is who, who may assume what, and how long sessions last and how far they reach. Time is the
 * test's own. It does not prove policy evaluation itself: see test/access.
 */
import {
  CreateRoleCommand,
  CreateUserCommand,
  CreateAccessKeyCommand,
  GetRoleCommand,
  ListRolesCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AssumeRoleCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
} from "@aws-sdk/client-sts";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { assume, clients, refusal, type Clients, type Keys } from "./support";

const A = "111111111111";
const B = "222222222222";
const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: string | string[], Resource = "*") => document({ Effect: "Allow", Action, Resource });
const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;

describe("sandbox STS", () => {
  let sandbox: Sandbox;
  let a: Clients;
  let b: Clients;
  let base: Clients;
  /** Milliseconds that the sandbox's clock is ahead of the machine's. */
  let ahead = 0;
  before(async () => {
    sandbox = await startSandbox({ now: () => new Date(Date.now() + ahead) });
    const [keysA, keysB] = sandbox.accounts;
    if (!keysA || !keysB) throw new Error("accounts A and B are missing");
    a = clients(sandbox.endpoint, keysA);
    b = clients(sandbox.endpoint, keysB);
    base = clients(sandbox.endpoint, sandbox.base);
  });
  after(() => sandbox.close());
  afterEach(() => {
    ahead = 0;
  });

  const as = (keys: Keys) => clients(sandbox.endpoint, keys);
  const createRole = (
    of: Clients,
    RoleName: string,
    Principal: object,
    more: object = {},
    Action: string | string[] = "sts:AssumeRole",
  ) =>
    of.iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: document({ Effect: "Allow", Principal, Action, ...more }),
      }),
    );
  const grant = (of: Clients, RoleName: string, PolicyDocument: string) =>
    of.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "grant", PolicyDocument }));

  it("tells everyone who they are, without any permission", async () => {
    const identity = await base.sts.send(new GetCallerIdentityCommand({}));
    expect(identity).to.include({ Account: "999999999999", Arn: "arn:aws:iam::999999999999:user/base" });
    expect(identity.UserId).to.match(/^AIDA/);
    const session = as(await assume(base.sts, role(A, "deployer"), { RoleSessionName: "me@work" }));
    const assumed = await session.sts.send(new GetCallerIdentityCommand({}));
    expect(assumed).to.include({ Account: A, Arn: `arn:aws:sts::${A}:assumed-role/deployer/me@work` });
    expect(assumed.UserId).to.match(/^AROA[A-Z2-7]{17}:me@work$/);
  });

  it("lets the base identity assume the deployers, and nobody else: not each other's administrators", async () => {
    for (const account of [A, B]) {
      await assume(base.sts, role(account, "deployer"));
      for (const other of [a, b]) {
        const error = await refusal(assume(other.sts, role(account, "deployer")));
        expect([error.name, error.status]).to.deep.equal(["AccessDenied", 403]);
        expect(error.message).to.match(
          /is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::\d+:role\/deployer$/,
        );
      }
    }
  });

  it("does not tell a role that is not there from one that does not trust", async () => {
    const absent = await refusal(assume(a.sts, role(B, "nobody")));
    const untrusting = await refusal(assume(a.sts, role(B, "deployer")));
    expect(absent.message.replace("nobody", "deployer")).to.equal(untrusting.message);
    expect(absent.name).to.equal(untrusting.name);
  });

  it("needs both sides across accounts: trust alone, or the caller's policy alone, opens nothing", async () => {
    await createRole(a, "consumer", { AWS: A });
    await createRole(b, "shared", { AWS: role(A, "consumer") });
    const consumer = as(await assume(a.sts, role(A, "consumer")));
    expect((await refusal(assume(consumer.sts, role(B, "shared")))).name).to.equal("AccessDenied");
    await grant(a, "consumer", allow("sts:AssumeRole", role(B, "shared")));
    await assume(consumer.sts, role(B, "shared"));
    await createRole(b, "other", { AWS: role(B, "shared") });
    await grant(a, "consumer", allow("sts:AssumeRole"));
    expect((await refusal(assume(consumer.sts, role(B, "other")))).name).to.equal("AccessDenied");
  });

  it("demands the external ID that the trust policy names", async () => {
    await createRole(
      b,
      "external",
      { AWS: A },
      { Condition: { StringEquals: { "sts:ExternalId": "secret-1" } } },
    );
    const arn = role(B, "external");
    await assume(a.sts, arn, { ExternalId: "secret-1" });
    for (const ExternalId of [undefined, "secret-2"])
      expect((await refusal(assume(a.sts, arn, { ExternalId }))).name).to.equal("AccessDenied");
  });

  it("demands sts:TagSession for tags; they are the session's, and transitive ones the next session's", async () => {
    await createRole(a, "untagged", { AWS: A });
    const Tags = [{ Key: "team", Value: "ml" }];
    expect((await refusal(assume(a.sts, role(A, "untagged"), { Tags }))).message).to.contain(
      "sts:TagSession",
    );
    const both = ["sts:AssumeRole", "sts:TagSession"];
    await createRole(a, "tagging", { AWS: A }, {}, both);
    await grant(a, "tagging", allow(both));
    await createRole(
      a,
      "tagged",
      { AWS: A },
      { Condition: { StringEquals: { "aws:PrincipalTag/team": "ml" } } },
      both,
    );
    expect(
      (await refusal(assume(as(await assume(a.sts, role(A, "tagging"))).sts, role(A, "tagged")))).name,
    ).to.equal("AccessDenied");
    const tagged = as(await assume(a.sts, role(A, "tagging"), { Tags, TransitiveTagKeys: ["team"] }));
    const next = as(await assume(tagged.sts, role(A, "tagged")));
    const conflict = await refusal(assume(tagged.sts, role(A, "tagged"), { Tags }));
    expect(conflict.name).to.equal("InvalidParameterValue");
    expect((await next.sts.send(new GetCallerIdentityCommand({}))).Arn).to.contain("/tagged/");
  });

  it("limits a session by its session policies", async () => {
    const deployer = role(A, "deployer");
    const narrow = as(await assume(base.sts, deployer, { Policy: allow("iam:ListRoles") }));
    await narrow.iam.send(new ListRolesCommand({}));
    const error = await refusal(narrow.iam.send(new ListUsersCommand({})));
    expect(error.message).to.match(/because no session policy allows the iam:ListUsers action$/);
    const managed = as(
      await assume(base.sts, deployer, {
        PolicyArns: [{ arn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }],
      }),
    );
    expect((await refusal(managed.iam.send(new ListRolesCommand({})))).name).to.equal("AccessDenied");
    const malformed = await refusal(assume(base.sts, deployer, { Policy: "{" }));
    expect(malformed.name).to.equal("MalformedPolicyDocumentException");
  });

  it("ends sessions when they said, and keeps to the longest that is allowed", async () => {
    const keys = await assume(base.sts, role(A, "deployer"), { DurationSeconds: 900 });
    ahead = 14 * 60_000; // the client's own clock is then within the allowed skew
    await as(keys).sts.send(new GetCallerIdentityCommand({}));
    const late = clients(sandbox.endpoint, keys);
    ahead = 16 * 60_000;
    late.sts.config.systemClockOffset = ahead;
    const expired = await refusal(late.sts.send(new GetCallerIdentityCommand({})));
    expect(expired.name).to.be.oneOf(["ExpiredToken", "ExpiredTokenException"]);
    ahead = 0;
    const tooLong = await refusal(assume(base.sts, role(A, "deployer"), { DurationSeconds: 7200 }));
    expect([tooLong.name, tooLong.message]).to.deep.equal([
      "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    ]);
  });

  it("lets a chained session last an hour at most", async () => {
    await a.iam.send(
      new CreateRoleCommand({
        RoleName: "long",
        MaxSessionDuration: 43200,
        AssumeRolePolicyDocument: document({
          Effect: "Allow",
          Principal: { AWS: A },
          Action: "sts:AssumeRole",
        }),
      }),
    );
    await assume(a.sts, role(A, "long"), { DurationSeconds: 43200 });
    const chained = as(await assume(base.sts, role(A, "deployer")));
    await assume(chained.sts, role(A, "long"), { DurationSeconds: 3600 });
    const error = await refusal(assume(chained.sts, role(A, "long"), { DurationSeconds: 3601 }));
    expect(error.message).to.contain("1 hour session limit for roles assumed by role chaining");
  });

  it("accepts temporary keys only with their own session token", async () => {
    const keys = await assume(base.sts, role(A, "deployer"));
    const other = await assume(base.sts, role(B, "deployer"));
    const { accessKeyId, secretAccessKey, sessionToken } = keys;
    for (const wrong of [
      { accessKeyId, secretAccessKey },
      { accessKeyId, secretAccessKey, sessionToken: other.sessionToken },
      { accessKeyId, secretAccessKey, sessionToken: `${sessionToken.slice(0, -8)}AAAAAAA=` },
      { ...a.keys, sessionToken },
    ])
      expect((await refusal(as(wrong).sts.send(new GetCallerIdentityCommand({})))).name).to.equal(
        "InvalidClientTokenId",
      );
  });

  it("checks what it is given", async () => {
    const ask = (input: object) =>
      refusal(
        base.sts.send(
          new AssumeRoleCommand({ RoleArn: role(A, "deployer"), RoleSessionName: "test", ...input }),
        ),
      );
    expect((await ask({ RoleArn: "deployer-of-account-a" })).message).to.equal(
      "deployer-of-account-a is invalid",
    );
    expect((await ask({ RoleArn: "short" })).message).to.contain(
      "Member must have length greater than or equal to 20",
    );
    expect((await ask({ RoleSessionName: "a b" })).message).to.contain(
      "'roleSessionName' failed to satisfy constraint",
    );
    expect((await ask({ DurationSeconds: 60 })).message).to.contain("greater than or equal to 900");
    expect((await ask({ RoleSessionName: "x" })).name).to.equal("ValidationError");
  });

  it("remembers a role's last use", async () => {
    await createRole(a, "used", { AWS: A });
    const before = await a.iam.send(new GetRoleCommand({ RoleName: "used" }));
    expect(before.Role?.RoleLastUsed?.LastUsedDate).to.equal(undefined);
    await assume(a.sts, role(A, "used"));
    const after = await a.iam.send(new GetRoleCommand({ RoleName: "used" }));
    expect(after.Role?.RoleLastUsed?.Region).to.equal("eu-central-1");
  });

  it("gives a user a session of its own", async () => {
    await a.iam.send(new CreateUserCommand({ UserName: "plain" }));
    const { AccessKey } = await a.iam.send(new CreateAccessKeyCommand({ UserName: "plain" }));
    await a.iam.send(
      new PutUserPolicyCommand({
        UserName: "plain",
        PolicyName: "p",
        PolicyDocument: allow("iam:ListRoles"),
      }),
    );
    const user = as({
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    });
    const { Credentials } = await user.sts.send(new GetSessionTokenCommand({}));
    const session = as({
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken,
    });
    expect((await session.sts.send(new GetCallerIdentityCommand({}))).Arn).to.equal(
      `arn:aws:iam::${A}:user/plain`,
    );
    expect((await refusal(session.sts.send(new GetSessionTokenCommand({})))).name).to.equal("AccessDenied");
    const info = await a.sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: AccessKey?.AccessKeyId }));
    expect(info.Account).to.equal(A);
  });

  it("hands tags and a source identity on only to roles that let them be set", async () => {
    const all = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    await createRole(a, "chain-start", { AWS: `arn:aws:iam::${A}:root` }, {}, all);
    await grant(a, "chain-start", allow("sts:*"));
    const Principal = { AWS: role(A, "chain-start") };
    await createRole(b, "chain-plain", Principal);
    await createRole(b, "chain-tags", Principal, {}, ["sts:AssumeRole", "sts:TagSession"]);
    await createRole(b, "chain-all", Principal, {}, all);
    const Tags = [{ Key: "team", Value: "x" }];
    const start = (more: object) => assume(a.sts, role(A, "chain-start"), more).then(as);
    const lost = await refusal(start({ TransitiveTagKeys: ["team"] }));
    expect(lost).to.include({ name: "InvalidParameterValue" });
    const tagged = await start({ Tags, TransitiveTagKeys: ["team"] });
    const denied = await refusal(assume(tagged.sts, role(B, "chain-plain")));
    expect(denied.message).to.match(/sts:TagSession on resource: .*chain-plain/);
    await assume(tagged.sts, role(B, "chain-tags"));
    const named = await start({ SourceIdentity: "ada" });
    expect((await refusal(assume(named.sts, role(B, "chain-tags")))).message).to.match(
      /sts:SetSourceIdentity/,
    );
    await assume(named.sts, role(B, "chain-all"));
    const renamed = assume(named.sts, role(B, "chain-all"), { SourceIdentity: "eve" });
    expect((await refusal(renamed)).message).to.match(/cannot be changed/);
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
    expect((await refusal(start({ Tags: many }))).name).to.equal("ValidationError");
  });

  it("lets a user's session without MFA call no IAM", async () => {
    const { Credentials } = await a.sts.send(new GetSessionTokenCommand({}));
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    const session = as({
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    });
    expect((await refusal(session.iam.send(new ListUsersCommand({})))).name).to.equal("InvalidClientTokenId");
  });
});

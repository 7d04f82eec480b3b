/**
 * Permission profiles by AWS SDK clients on the sandbox: what each may and may not do, by name, by a group's tags and by the
 * principal's, and what a group that is tagged anew comes to. The documents are the components' own; the roles are made by hand.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, DescribeKeyCommand, GetKeyPolicyCommand } from "@aws-sdk/client-kms";
import {
  AddTagsCommand,
  CreateFeatureGroupCommand,
  DeleteFeatureGroupCommand,
  DeleteTagsCommand,
  DescribeFeatureGroupCommand,
  ListFeatureGroupsCommand,
  ListTagsCommand,
  UpdateFeatureGroupCommand,
} from "@aws-sdk/client-sagemaker";
import {
  DeleteRecordCommand,
  GetRecordCommand,
  PutRecordCommand,
} from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { expect } from "chai";
import type { GroupScope } from "../../components/policies/groupScope";
import { profilePolicy, profileTrustPolicy } from "../../components/policies/profiles";
import type { ProfileName } from "../../components/policies/profileFacts";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { A, allow, document, groupArn, groupOf, recordOf, region, user, whenNot } from "./featureGroups";
import { assume, clients, refusal, type Clients } from "./support";

const GROUPS = { red: { team: "red" }, blue: { team: "blue" } } as const;
const time = "2026-01-01T00:00:00Z";

/** Every action of the matrix on a group, as a request. */
const ACTIONS: Readonly<Record<string, (by: Clients, group: string) => Promise<unknown>>> = {
  describe: ({ sagemaker }, name) =>
    sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: name })),
  put: ({ featureStore }, name) =>
    featureStore.send(new PutRecordCommand({ FeatureGroupName: name, Record: recordOf({ id: "1", time }) })),
  get: ({ featureStore }, name) =>
    featureStore.send(new GetRecordCommand({ FeatureGroupName: name, RecordIdentifierValueAsString: "1" })),
  remove: ({ featureStore }, name) =>
    featureStore.send(
      new DeleteRecordCommand({
        FeatureGroupName: name,
        RecordIdentifierValueAsString: "1",
        EventTime: time,
      }),
    ),
  listTags: ({ sagemaker }, name) => sagemaker.send(new ListTagsCommand({ ResourceArn: groupArn(name) })),
  tag: ({ sagemaker }, name) =>
    sagemaker.send(new AddTagsCommand({ ResourceArn: groupArn(name), Tags: [{ Key: "note", Value: "x" }] })),
  update: ({ sagemaker }, name) =>
    sagemaker.send(
      new UpdateFeatureGroupCommand({
        FeatureGroupName: name,
        OnlineStoreConfig: { TtlDuration: { Unit: "Days", Value: 9 } },
      }),
    ),
};
const MAY: Readonly<Record<ProfileName, readonly string[]>> = {
  producer: ["describe", "put", "remove"],
  consumer: ["describe", "get"],
  auditor: ["describe", "listTags"],
  administrator: ["describe", "listTags", "tag", "update"],
};

describe("sandbox permission profiles", () => {
  let directory: string;
  let sandbox: Sandbox;
  let a: Clients;
  let team: Clients;
  let onlineKeyArn: string;
  let teamArn: string;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "profiles-"));
    sandbox = await startSandbox({ state: directory });
    const [keys] = sandbox.accounts;
    if (!keys) throw new Error("an account was expected");
    a = clients(sandbox.endpoint, keys);
    onlineKeyArn = (await a.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
    for (const [name, { team: value }] of Object.entries(GROUPS)) {
      const SecurityConfig = { KmsKeyId: onlineKeyArn };
      const Tags = [{ Key: "team", Value: value }];
      const more = { Tags, OnlineStoreConfig: { EnableOnlineStore: true, SecurityConfig } };
      await a.sagemaker.send(new CreateFeatureGroupCommand(groupOf(name, more)));
      await whenNot("Creating", a, name);
    }
    // The team's own role, tagged as the team: who assumes the profiles.
    const { Role } = await a.iam.send(
      new CreateRoleCommand({
        RoleName: "team",
        AssumeRolePolicyDocument: document({
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${A}:root` },
          Action: "sts:AssumeRole",
        }),
        Tags: [{ Key: "team", Value: "red" }],
      }),
    );
    teamArn = Role?.Arn ?? "";
    const policy = document(allow(["sts:AssumeRole", "sts:TagSession"]));
    await a.iam.send(new PutRolePolicyCommand({ RoleName: "team", PolicyName: "p", PolicyDocument: policy }));
    const member = await user(sandbox.endpoint, a, "member", allow("sts:AssumeRole"));
    team = clients(sandbox.endpoint, await assume(member.sts, teamArn));
  });
  after(async () => {
    await sandbox.close();
    rmSync(directory, { recursive: true });
  });

  async function roleOf(profile: ProfileName, scope: GroupScope): Promise<string> {
    const RoleName = `${profile}-${scope.kind}`;
    const trust = JSON.stringify(profileTrustPolicy({ trustedRoleArns: [teamArn], scope }));
    const { Role } = await a.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    const policy = profilePolicy({
      profile,
      roleId: "AROAPROFILE",
      partition: "aws",
      region,
      account: A,
      groupAccount: A,
      bucketAccount: A,
      scope,
      groups: Object.entries(GROUPS).map(([name, tags]) => ({
        name,
        arn: groupArn(name),
        tags,
        onlineStore: true,
      })),
      bucketArn: "arn:aws:s3:::store",
      prefix: "",
      storeRoleArn: `arn:aws:iam::${A}:role/store`,
      onlineKeyArn,
    });
    const PolicyDocument = JSON.stringify(policy);
    await a.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "p", PolicyDocument }));
    return Role?.Arn ?? "";
  }

  /** The actions that are allowed on the group; one refused for another reason than access fails. */
  async function allowedOn(by: Clients, group: string): Promise<string[]> {
    const found: string[] = [];
    for (const [name, request] of Object.entries(ACTIONS))
      try {
        await request(by, group);
        found.push(name);
        if (name === "update") await updated(group);
      } catch (error) {
        if ((error as Error).name !== "AccessDeniedException") throw error;
      }
    return found;
  }

  async function updated(group: string): Promise<void> {
    for (;;) {
      const { LastUpdateStatus } = await a.sagemaker.send(
        new DescribeFeatureGroupCommand({ FeatureGroupName: group }),
      );
      if (LastUpdateStatus?.Status !== "InProgress") return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  const SCOPES: readonly GroupScope[] = [
    { kind: "names", names: ["red"] },
    { kind: "tags", tags: { team: "red" } },
    { kind: "principalTags", keys: ["team"] },
  ];
  const session = async (roleArn: string, scope: GroupScope, value = "red") => {
    const more = scope.kind === "principalTags" ? { Tags: [{ Key: "team", Value: value }] } : {};
    return clients(sandbox.endpoint, await assume(team.sts, roleArn, more));
  };

  for (const profile of ["producer", "consumer", "auditor", "administrator"] as const)
    for (const scope of SCOPES)
      it(`let a ${profile} by ${scope.kind} do its part on its group, and nothing on another`, async () => {
        const by = await session(await roleOf(profile, scope), scope);
        expect(await allowedOn(by, "red")).to.deep.equal(MAY[profile]);
        expect(await allowedOn(by, "blue")).to.deep.equal([]);
      });

  it("close a group that gets other tags at once, and open it again", async () => {
    const by = await session(`arn:aws:iam::${A}:role/consumer-tags`, SCOPES[1] as GroupScope);
    const tag = (Value: string) =>
      a.sagemaker.send(new AddTagsCommand({ ResourceArn: groupArn("red"), Tags: [{ Key: "team", Value }] }));
    await tag("green");
    expect(await allowedOn(by, "red")).to.deep.equal([]);
    await tag("red");
    expect(await allowedOn(by, "red")).to.deep.equal(MAY.consumer);
  });

  it("let nobody bring another's tags, or further ones, or assume a profile untrusted", async () => {
    const RoleArn = `arn:aws:iam::${A}:role/consumer-principalTags`;
    const bring = (by: Clients, ...Tags: { Key: string; Value: string }[]) =>
      by.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "bringing", Tags }));
    expect((await refusal(bring(team, { Key: "team", Value: "blue" }))).name).to.equal("AccessDenied");
    expect((await refusal(bring(team, { Key: "stage", Value: "prod" }))).name).to.equal("AccessDenied");
    expect((await refusal(bring(a, { Key: "team", Value: "red" }))).name).to.equal("AccessDenied");
    const untagged = clients(sandbox.endpoint, await assume(team.sts, RoleArn));
    expect(await allowedOn(untagged, "red")).to.deep.equal([]);
  });

  it("keep the tags that decide from who is bound to them", async () => {
    const by = await session(`arn:aws:iam::${A}:role/administrator-tags`, SCOPES[1] as GroupScope);
    const ResourceArn = groupArn("red");
    for (const Key of ["team", "Team"]) {
      const Tags = [{ Key, Value: "blue" }];
      expect((await refusal(by.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags })))).name).to.equal(
        "AccessDeniedException",
      );
      const removal = by.sagemaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys: [Key] }));
      expect((await refusal(removal)).name).to.equal("AccessDeniedException");
    }
  });

  it("let an administrator make groups with its own tags and under the store's key alone, and delete them", async () => {
    const by = await session(`arn:aws:iam::${A}:role/administrator-tags`, SCOPES[1] as GroupScope);
    const create = (value: string, key?: string) => {
      const SecurityConfig = key === undefined ? undefined : { KmsKeyId: key };
      const more = {
        Tags: [{ Key: "team", Value: value }],
        OnlineStoreConfig: { EnableOnlineStore: true, SecurityConfig },
      };
      return by.sagemaker.send(new CreateFeatureGroupCommand(groupOf("red-new", more)));
    };
    expect((await refusal(create("blue", onlineKeyArn))).name).to.equal("AccessDeniedException");
    expect((await refusal(create("red"))).message).to.contain("explicit deny");
    await create("red", onlineKeyArn);
    await whenNot("Creating", by, "red-new");
    await by.sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: "red-new" }));
    const other = by.sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: "blue" }));
    expect((await refusal(other)).name).to.equal("AccessDeniedException");
  });

  it("show an auditor keys and lists, and a producer neither", async () => {
    const auditor = await session(`arn:aws:iam::${A}:role/auditor-names`, SCOPES[0] as GroupScope);
    await auditor.kms.send(new DescribeKeyCommand({ KeyId: onlineKeyArn }));
    await auditor.kms.send(new GetKeyPolicyCommand({ KeyId: onlineKeyArn }));
    await auditor.sagemaker.send(new ListFeatureGroupsCommand({}));
    const producer = await session(`arn:aws:iam::${A}:role/producer-names`, SCOPES[0] as GroupScope);
    for (const request of [
      producer.kms.send(new GetKeyPolicyCommand({ KeyId: onlineKeyArn })),
      producer.sagemaker.send(new ListFeatureGroupsCommand({})),
    ])
      expect((await refusal(request)).name).to.equal("AccessDeniedException");
  });
});

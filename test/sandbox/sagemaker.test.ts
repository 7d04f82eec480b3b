/**
 * Feature groups through the AWS SDK: their life, updates, tags and metadata, and who may do what. Offline stores are in
 * featurestore-offline.test.ts. It does not prove AWS's own delays: the sandbox's are shorter.
 */
import {
  CreateFeatureGroupCommand,
  DeleteFeatureGroupCommand,
  DescribeFeatureGroupCommand,
  ListFeatureGroupsCommand,
  ListModelsCommand,
} from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { A, allow, groupArn, groupOf, serviceRole, until, user, whenGone, whenNot } from "./featureGroups";
import { clients, refusal, type Clients } from "./support";

describe("sandbox SageMaker", () => {
  let sandbox: Sandbox;
  let a: Clients;
  let b: Clients;

  before(async () => {
    sandbox = await startSandbox();
    const [keysA, keysB] = sandbox.accounts;
    if (!keysA || !keysB) throw new Error("two accounts were expected");
    a = clients(sandbox.endpoint, keysA);
    b = clients(sandbox.endpoint, keysB);
  });
  after(() => sandbox.close());

  const create = (by: Clients, name: string, more: object = {}) =>
    by.sagemaker.send(new CreateFeatureGroupCommand(groupOf(name, more)));

  it("creates, describes and deletes a group, each in its time", async () => {
    const { FeatureGroupArn } = await create(a, "Life-Cycle", { Description: "d" });
    expect(FeatureGroupArn).to.equal(groupArn("life-cycle"));
    const name = { FeatureGroupName: "Life-Cycle" };
    const creating = await a.sagemaker.send(new DescribeFeatureGroupCommand(name));
    expect(creating.FeatureGroupStatus).to.equal("Creating");
    const early = await refusal(a.sagemaker.send(new DeleteFeatureGroupCommand(name)));
    expect(early.name).to.equal("ResourceInUse");
    const group = await whenNot("Creating", a, "Life-Cycle");
    expect(group).to.deep.include({
      FeatureGroupName: "Life-Cycle",
      FeatureGroupStatus: "Created",
      OnlineStoreConfig: { EnableOnlineStore: true },
      OfflineStoreStatus: { Status: "Disabled" },
      ThroughputConfig: { ThroughputMode: "OnDemand" },
      Description: "d",
      OnlineStoreTotalSizeBytes: 0,
    });
    expect(group.CreationTime).to.be.instanceOf(Date);
    const again = await refusal(create(a, "life-cycle"));
    expect(again.name).to.equal("ResourceInUse");
    expect(again.message).to.contain("FeatureGroup with name life-cycle already exists");
    await a.sagemaker.send(new DeleteFeatureGroupCommand(name));
    const deleting = await a.sagemaker.send(
      new DescribeFeatureGroupCommand({ FeatureGroupName: FeatureGroupArn }),
    );
    expect(deleting.FeatureGroupStatus).to.equal("Deleting");
    await whenGone(a, "Life-Cycle");
    const gone = await refusal(a.sagemaker.send(new DeleteFeatureGroupCommand(name)));
    expect(gone).to.deep.equal({
      name: "ResourceNotFound",
      message: "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name Life-Cycle",
      status: 400,
    });
  });

  it("refuses what Feature Store refuses", async () => {
    const fault = async (more: object) => {
      const { name, message } = await refusal(create(a, "faulty", more));
      expect(name).to.equal("ValidationException");
      return message;
    };
    expect(await fault({ FeatureGroupName: "a b" })).to.contain("'featureGroupName'");
    expect(await fault({ OnlineStoreConfig: undefined })).to.contain("At least one");
    expect(await fault({ EventTimeFeatureName: "age" })).to.contain("Fractional or String");
    expect(await fault({ RecordIdentifierFeatureName: "other" })).to.contain("RecordIdentifierFeatureName");
    const offline = { OfflineStoreConfig: { S3StorageConfig: { S3Uri: "s3://bucket-of-nobody/x" } } };
    expect(await fault(offline)).to.contain("RoleArn is required");
    const RoleArn = await serviceRole(a, "validation", []);
    expect(await fault({ ...offline, RoleArn })).to.contain("Invalid S3Uri provided");
    const inMemory = { EnableOnlineStore: true, StorageType: "InMemory" };
    expect(await fault({ ...offline, RoleArn, OnlineStoreConfig: inMemory })).to.contain("InMemory");
    expect(await fault({ Tags: [{ Key: "aws:x", Value: "y" }] })).to.contain("reserved");
  });

  it("wants a role that exists, trusts SageMaker and may be passed", async () => {
    const missing = await refusal(create(a, "roles", { RoleArn: `arn:aws:iam::${A}:role/none` }));
    expect(missing).to.deep.equal({
      name: "ValidationException",
      message:
        "The execution role ARN is invalid. Please ensure that the role exists and that its trust relationship policy " +
        "allows the action 'sts:AssumeRole' for the service principal 'sagemaker.amazonaws.com'.",
      status: 400,
    });
    const trusts = (name: string, trust: object) => serviceRole(a, name, [], trust);
    const glue = await trusts("trusts-glue", { Principal: { Service: "glue.amazonaws.com" } });
    expect((await refusal(create(a, "roles", { RoleArn: glue }))).message).to.equal(missing.message);
    const from = (account: string) => ({ Condition: { StringEquals: { "aws:SourceAccount": account } } });
    const other = await trusts("trusts-other", from("222222222222"));
    expect((await refusal(create(a, "roles", { RoleArn: other }))).message).to.equal(missing.message);
    const own = await trusts("trusts-own", from(A));
    await create(a, "roles", { RoleArn: own });
    const creator = await user(sandbox.endpoint, a, "no-pass", allow("sagemaker:*"));
    const unpassed = await refusal(create(creator, "roles-2", { RoleArn: own }));
    expect(unpassed.name).to.equal("AccessDeniedException");
    expect(unpassed.message).to.contain(`iam:PassRole on resource: ${own}`);
    const passing = allow("iam:PassRole", own, {
      Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
    });
    const passer = await user(sandbox.endpoint, a, "passes", allow("sagemaker:*"), passing);
    await create(passer, "roles-2", { RoleArn: own });
    const foreign = await refusal(create(b, "roles", { RoleArn: own }));
    expect(foreign.message).to.equal("Cross-account pass role is not allowed.");
  });

  it("asks for permissions on the group's ARN, with tags and keys as conditions", async () => {
    const creator = await user(
      sandbox.endpoint,
      a,
      "team-creator",
      allow(["sagemaker:CreateFeatureGroup", "sagemaker:AddTags"], groupArn("team-*"), {
        Condition: {
          StringEquals: { "aws:RequestTag/team": "red" },
          Null: { "sagemaker:FeatureGroupOnlineStoreKmsKeyArn": "true" },
        },
      }),
      allow("sagemaker:DescribeFeatureGroup", "*", {
        Condition: { StringEquals: { "aws:ResourceTag/team": "red" } },
      }),
    );
    const Tags = [{ Key: "team", Value: "red" }];
    await create(creator, "team-one", { Tags });
    expect((await whenNot("Creating", creator, "team-one")).FeatureGroupStatus).to.equal("Created");
    const denied = async (name: string, more: object) =>
      (await refusal(create(creator, name, more))).name === "AccessDeniedException";
    expect(await denied("other", { Tags })).to.equal(true);
    expect(await denied("team-two", {})).to.equal(true);
    const SecurityConfig = { KmsKeyId: `arn:aws:kms:eu-central-1:${A}:key/x` };
    expect(
      await denied("team-two", { Tags, OnlineStoreConfig: { EnableOnlineStore: true, SecurityConfig } }),
    ).to.equal(true);
    await create(a, "team-blue", { Tags: [{ Key: "team", Value: "blue" }] });
    const blue = await refusal(
      creator.sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: "team-blue" })),
    );
    expect(blue).to.deep.equal({
      name: "AccessDeniedException",
      message:
        `User: arn:aws:iam::${A}:user/team-creator is not authorized to perform: sagemaker:DescribeFeatureGroup on resource: ` +
        `${groupArn("team-blue")} because no identity-based policy allows the sagemaker:DescribeFeatureGroup action`,
      status: 400,
    });
  });

  it("closes one account's groups to the other's administrator", async () => {
    await create(a, "closed");
    const denied = await refusal(
      b.sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: groupArn("closed") })),
    );
    expect(denied.name).to.equal("AccessDeniedException");
    const { FeatureGroupSummaries } = await b.sagemaker.send(new ListFeatureGroupsCommand({}));
    expect(FeatureGroupSummaries).to.deep.equal([]);
  });

  it("lists groups filtered, sorted and in pages", async () => {
    for (const name of ["list-c", "list-a", "list-b"]) await create(a, name);
    const query = { NameContains: "list-", SortBy: "Name", SortOrder: "Ascending", MaxResults: 2 } as const;
    const first = await a.sagemaker.send(new ListFeatureGroupsCommand(query));
    const second = await a.sagemaker.send(
      new ListFeatureGroupsCommand({ ...query, NextToken: first.NextToken }),
    );
    const names = [first, second].map((page) =>
      page.FeatureGroupSummaries?.map(({ FeatureGroupName }) => FeatureGroupName),
    );
    expect(names).to.deep.equal([["list-a", "list-b"], ["list-c"]]);
    expect(second.NextToken).to.equal(undefined);
    const created = await until(async () => {
      const page = await a.sagemaker.send(
        new ListFeatureGroupsCommand({ NameContains: "list-", FeatureGroupStatusEquals: "Created" }),
      );
      return page.FeatureGroupSummaries?.length === 3 && page;
    });
    expect(created.FeatureGroupSummaries?.[0]?.OfflineStoreStatus).to.deep.equal({ Status: "Disabled" });
  });

  it("names an operation that it does not have", async () => {
    const denied = await refusal(a.sagemaker.send(new ListModelsCommand({})));
    expect(denied.message).to.contain("sagemaker:ListModels");
  });
});

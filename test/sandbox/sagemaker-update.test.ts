/**
 * Updates, tags and metadata of feature groups, and the keys of their online stores, through the AWS SDK. It does not prove what is written
 * under the keys: see featurestore-keys.test.ts.
 */
import { CreateKeyCommand, DisableKeyCommand, ListGrantsCommand } from "@aws-sdk/client-kms";
import {
  AddTagsCommand,
  CreateFeatureGroupCommand,
  DeleteFeatureGroupCommand,
  DeleteTagsCommand,
  DescribeFeatureGroupCommand,
  DescribeFeatureMetadataCommand,
  ListTagsCommand,
  UpdateFeatureGroupCommand,
  UpdateFeatureMetadataCommand,
} from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { A, allow, groupArn, groupOf, until, user, whenGone, whenNot } from "./featureGroups";
import { clients, refusal, type Clients } from "./support";

const creatorOnKey = [
  ...["Encrypt", "Decrypt", "DescribeKey", "CreateGrant", "RetireGrant", "ReEncryptFrom", "ReEncryptTo"],
  ...["GenerateDataKey", "ListAliases", "ListGrants", "RevokeGrant"],
].map((name) => `kms:${name}`);

describe("sandbox SageMaker: groups that exist, and their keys", () => {
  let sandbox: Sandbox;
  let a: Clients;

  before(async () => {
    sandbox = await startSandbox();
    const [keysA] = sandbox.accounts;
    if (!keysA) throw new Error("an account was expected");
    a = clients(sandbox.endpoint, keysA);
  });
  after(() => sandbox.close());

  const create = (by: Clients, name: string, more: object = {}) =>
    by.sagemaker.send(new CreateFeatureGroupCommand(groupOf(name, more)));

  it("adds features, sets and removes the time to live, one kind a call", async () => {
    await create(a, "updated");
    await whenNot("Creating", a, "updated");
    const update = (more: object) =>
      a.sagemaker.send(new UpdateFeatureGroupCommand({ FeatureGroupName: "updated", ...more }));
    const settled = () =>
      until(async () => {
        const group = await a.sagemaker.send(
          new DescribeFeatureGroupCommand({ FeatureGroupName: "updated" }),
        );
        return group.LastUpdateStatus?.Status !== "InProgress" && group;
      });
    await update({ FeatureAdditions: [{ FeatureName: "city", FeatureType: "String" }] });
    const busy = await refusal(update({ FeatureAdditions: [{ FeatureName: "zip", FeatureType: "String" }] }));
    expect(busy.message).to.contain("in progress");
    const added = await settled();
    expect(added.LastUpdateStatus).to.deep.equal({ Status: "Successful" });
    expect(added.FeatureDefinitions?.map(({ FeatureName }) => FeatureName)).to.deep.equal([
      "id",
      "time",
      "age",
      "score",
      "city",
    ]);
    await update({ OnlineStoreConfig: { TtlDuration: { Unit: "Days", Value: 3 } } });
    expect((await settled()).OnlineStoreConfig?.TtlDuration).to.deep.equal({ Unit: "Days", Value: 3 });
    await update({ OnlineStoreConfig: { TtlDuration: {} } });
    expect((await settled()).OnlineStoreConfig?.TtlDuration).to.equal(undefined);
    const provisioned = {
      ThroughputMode: "Provisioned",
      ProvisionedReadCapacityUnits: 5,
      ProvisionedWriteCapacityUnits: 6,
    };
    await update({ ThroughputConfig: provisioned });
    expect((await settled()).ThroughputConfig).to.deep.equal(provisioned);
    const both = await refusal(
      update({
        FeatureAdditions: [{ FeatureName: "zip", FeatureType: "String" }],
        OnlineStoreConfig: { TtlDuration: { Unit: "Days", Value: 3 } },
      }),
    );
    expect(both.message).to.contain("Exactly one");
    const known = await refusal(
      update({ FeatureAdditions: [{ FeatureName: "AGE", FeatureType: "String" }] }),
    );
    expect(known.message).to.contain("Duplicate feature name");
  });

  it("keeps tags and feature metadata", async () => {
    await create(a, "noted", { Tags: [{ Key: "x", Value: "1" }] });
    const ResourceArn = groupArn("noted");
    await a.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: [{ Key: "y", Value: "2" }] }));
    await a.sagemaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ["x"] }));
    const { Tags } = await a.sagemaker.send(new ListTagsCommand({ ResourceArn }));
    expect(Tags).to.deep.equal([{ Key: "y", Value: "2" }]);
    const feature = { FeatureGroupName: "noted", FeatureName: "age" };
    await a.sagemaker.send(
      new UpdateFeatureMetadataCommand({
        ...feature,
        Description: "in years",
        ParameterAdditions: [{ Key: "owner", Value: "us" }],
      }),
    );
    const metadata = await a.sagemaker.send(new DescribeFeatureMetadataCommand(feature));
    expect(metadata).to.deep.include({
      FeatureType: "Integral",
      Description: "in years",
      Parameters: [{ Key: "owner", Value: "us" }],
    });
    const unknown = await refusal(
      a.sagemaker.send(new DescribeFeatureMetadataCommand({ ...feature, FeatureName: "none" })),
    );
    expect(unknown.name).to.equal("ResourceNotFound");
  });

  it("takes symmetric, enabled keys only, needs the documented minimum on them, and keeps one grant a group", async () => {
    const keyed = (KmsKeyId: string) => ({
      OnlineStoreConfig: { EnableOnlineStore: true, SecurityConfig: { KmsKeyId } },
    });
    const made = await a.kms.send(new CreateKeyCommand({}));
    const key = made.KeyMetadata?.Arn ?? "";
    const off = (await a.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
    await a.kms.send(new DisableKeyCommand({ KeyId: off }));
    const disabled = await refusal(create(a, "keyed", keyed(off)));
    expect(disabled.name).to.equal("ValidationException");
    expect(disabled.message).to.contain("not enabled");
    const absent = await refusal(
      create(a, "keyed", keyed(`arn:aws:kms:eu-central-1:${A}:key/00000000-0000-0000-0000-000000000000`)),
    );
    expect(absent.name).to.equal("ValidationException");

    for (const [index, missing] of creatorOnKey.entries()) {
      const rest = creatorOnKey.filter((action) => action !== missing);
      const creator = await user(sandbox.endpoint, a, `keyed-${index}`, allow("sagemaker:*"), allow(rest));
      const { name, message } = await refusal(create(creator, "keyed", keyed(key)));
      expect([name, message]).to.satisfy(
        ([code, text]: string[]) => code === "AccessDeniedException" && text?.includes(missing),
        missing,
      );
    }
    const creator = await user(sandbox.endpoint, a, "keyed-all", allow("sagemaker:*"), allow(creatorOnKey));
    await create(creator, "keyed", keyed(key));
    await whenNot("Creating", a, "keyed");
    const grants = async () => (await a.kms.send(new ListGrantsCommand({ KeyId: key }))).Grants ?? [];
    expect((await grants()).map(({ GranteePrincipal }) => GranteePrincipal)).to.deep.equal([
      "sagemaker.amazonaws.com",
    ]);
    await a.sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: "keyed" }));
    await whenGone(a, "keyed");
    expect(await grants()).to.deep.equal([]);
  });
});

/**
 * What keeps a group with an offline store in another account from being created: permissions of the role, of the bucket, of the key, and of
 * the creator. It does not prove the evaluation of policies itself: see test/access.
 */
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { bucket, OfflineTopology } from "./offlineTopology";
import { A, allow, document, serviceRole, user, whenNot } from "./featureGroups";
import { refusal } from "./support";

describe("sandbox Feature Store: an offline store that is refused", () => {
  const t = new OfflineTopology();
  before(async () => {
    await t.build();
  });
  after(() => t.end());

  it("is refused at creation where a permission is missing", async () => {
    const attempt = async (more: object, storage: object = {}) => {
      const { name, message } = await refusal(
        t.a.sagemaker.send(new CreateFeatureGroupCommand(t.offline("refused", more, storage))),
      );
      expect(name).to.equal("ValidationException");
      return message;
    };
    const full = t.roleStatements();
    const without = (index: number) => full.filter((_, each) => each !== index);
    const roles: string[] = [];
    for (const [index, statements] of [without(1), without(0), without(2), full].entries())
      roles.push(await serviceRole(t.a, `refused-${index}`, statements));
    // The bucket's policy names them all but the last.
    await t.openBucket(t.role, ...roles.slice(0, 3));
    for (const [index, RoleArn] of roles.entries()) {
      const message = await attempt({ RoleArn });
      expect(message).to.contain(index === 2 ? "kms:GenerateDataKey" : "Invalid S3Uri provided", RoleArn);
    }
    expect(await attempt({}, { S3Uri: "s3://no-such-bucket-anywhere/x" })).to.contain(
      "Invalid S3Uri provided",
    );
    await t.openBucket(t.role);
  });

  it("is refused with a kms:ViaService condition for SageMaker on the offline key", async () => {
    const viaSageMaker = document(
      {
        Principal: { AWS: `arn:aws:iam::${A}:root` },
        ...allow(["kms:Put*", "kms:ScheduleKeyDeletion", "kms:CreateKey"]),
      },
      {
        Principal: { AWS: `arn:aws:iam::${A}:root` },
        ...allow("kms:*", "*", {
          Condition: { StringLike: { "kms:ViaService": "sagemaker.*.amazonaws.com" } },
        }),
      },
    );
    const made = await t.a.kms.send(
      new CreateKeyCommand({ Policy: viaSageMaker, BypassPolicyLockoutSafetyCheck: true }),
    );
    const KmsKeyId = made.KeyMetadata?.Arn ?? "";
    const RoleArn = await serviceRole(t.a, "via", [
      ...t.roleStatements(),
      allow("kms:GenerateDataKey", KmsKeyId),
    ]);
    await t.openBucket(t.role, RoleArn);
    const create = (name: string, group: object) =>
      t.a.sagemaker.send(new CreateFeatureGroupCommand({ ...t.offline(name), RoleArn, ...group }));
    const S3StorageConfig = { S3Uri: `s3://${bucket}/features`, KmsKeyId };
    const refused = await refusal(create("via-offline", { OfflineStoreConfig: { S3StorageConfig } }));
    expect(refused.name).to.equal("ValidationException");
    expect(refused.message).to.contain("kms:ViaService");
    const online = { EnableOnlineStore: true, SecurityConfig: { KmsKeyId } };
    await create("via-online", { OnlineStoreConfig: online });
    expect((await whenNot("Creating", t.a, "via-online")).FeatureGroupStatus).to.equal("Created");
    await t.openBucket(t.role);
  });

  it("fails to be created where the creator may not make the table", async () => {
    const creator = await user(
      t.sandbox.endpoint,
      t.a,
      "no-glue",
      allow(["sagemaker:*", "kms:*"]),
      allow("iam:PassRole", t.role),
    );
    await creator.sagemaker.send(new CreateFeatureGroupCommand(t.offline("no-table")));
    const failed = await whenNot("Creating", creator, "no-table");
    expect(failed.FeatureGroupStatus).to.equal("CreateFailed");
    expect(failed.FailureReason).to.contain("glue:CreateTable").and.to.contain("Service: AWSGlue");
    const disabled = t.offline("without-table");
    await creator.sagemaker.send(
      new CreateFeatureGroupCommand({
        ...disabled,
        OfflineStoreConfig: {
          S3StorageConfig: { S3Uri: `s3://${bucket}` },
          DisableGlueTableCreation: true,
        },
      }),
    );
    const made = await whenNot("Creating", creator, "without-table");
    expect(made.FeatureGroupStatus).to.equal("Created");
    expect(made.OfflineStoreConfig?.DataCatalogConfig).to.equal(undefined);
  });
});

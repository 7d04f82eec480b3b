// Profiles and access by tags through the driver on the real engine: the roles that it makes, tried by AWS SDK clients. The
// whole matrix of profiles is in test/sandbox/profiles.test.ts.
import { AddTagsCommand, DescribeFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import { GetRecordCommand, PutRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { assume, clients, refusal, type Clients } from "../sandbox/support";
import { Project } from "./driverSupport";
import { TestBed } from "./support";

const B = "222222222222";
const REGION = "us-east-1";
const DEPLOYER = `arn:aws:iam::${B}:role/deployer`;

describe("profiles on the engine", function () {
  this.timeout(300_000);
  let bed: TestBed;
  let deployer: Clients;
  let made: Record<string, Record<string, any>>;

  before(async () => {
    bed = await TestBed.start();
    const project = new Project(bed, (config) => {
      delete config["offlineStore"];
      delete config["consumers"]["recommendations"];
      const [shoppers, payments] = config["centralStore"].featureGroups;
      shoppers.tags = { team: "growth" };
      payments.tags = { team: "fraud" };
      const consumer = config["consumers"]["fraud-scoring"];
      delete consumer.access;
      consumer.accessByTags = [{ tags: { team: "fraud" }, permissions: ["readOnline", "readOffline"] }];
      const common = { store: "centralStore", trustedRoleArns: [DEPLOYER] };
      config["profiles"] = {
        writer: { ...common, profile: "producer", tags: { team: "fraud" } },
        reader: { ...common, profile: "consumer", tags: { team: "fraud" } },
      };
    });
    const { stages } = await project.json(0, "up");
    made = Object.fromEntries(
      stages.map(({ stage, outputs }) => [
        stage,
        Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
      ]),
    );
    const base = clients(bed.sandbox.endpoint, bed.sandbox.base, REGION);
    deployer = clients(bed.sandbox.endpoint, await assume(base.sts, DEPLOYER), REGION);
  });
  after(() => bed.end());

  const as = async (profile: string) => {
    const { roleArn } = made["profiles:B"]?.["profiles"][profile] as { roleArn: string };
    return clients(bed.sandbox.endpoint, await assume(deployer.sts, roleArn), REGION);
  };
  const put = ({ featureStore }: Clients, name: string, id: string, time: string) =>
    featureStore.send(
      new PutRecordCommand({
        FeatureGroupName: name,
        Record: [
          { FeatureName: id, ValueAsString: "p-1" },
          { FeatureName: time, ValueAsString: "1767225600" },
        ],
      }),
    );
  const get = ({ featureStore }: Clients, name: string) =>
    featureStore.send(new GetRecordCommand({ FeatureGroupName: name, RecordIdentifierValueAsString: "p-1" }));

  it("let a producer write and a consumer read what carries their tag, online and offline, and nothing else", async () => {
    const [writer, reader] = [await as("writer"), await as("reader")];
    await put(writer, "payments", "payment_id", "seen_at");
    expect((await get(reader, "payments")).Record).to.have.length(2);
    expect((await refusal(get(writer, "payments"))).name).to.equal("AccessDeniedException");
    expect((await refusal(put(reader, "payments", "payment_id", "seen_at"))).name).to.equal(
      "AccessDeniedException",
    );
    expect((await refusal(get(reader, "shoppers"))).name).to.equal("AccessDeniedException");
    const s3Uri = String(made["centralStore"]?.["featureGroups"].payments.s3Uri);
    const [, Bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(s3Uri) ?? [];
    let Key: string | undefined;
    while (Key === undefined) {
      const { Contents = [] } = await reader.s3.send(
        new ListObjectsV2Command({ Bucket, Prefix: `${prefix}/` }),
      );
      Key = Contents[0]?.Key;
      if (Key === undefined) await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect((await reader.s3.send(new GetObjectCommand({ Bucket, Key }))).ContentLength).to.be.greaterThan(0);
    const other = prefix.replace("payments", "shoppers");
    const foreign = reader.s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${other}/` }));
    expect((await refusal(foreign)).name).to.equal("AccessDenied");
  });

  it("let a group that is tagged anew go at once, for a profile and for a consumer by tags", async () => {
    const { executionRoleArn, roleArn, externalId } = made["consumerGrants:fraud-scoring"] as Record<
      string,
      string
    >;
    const base = clients(bed.sandbox.endpoint, bed.sandbox.base, REGION);
    const ownAccount = clients(
      bed.sandbox.endpoint,
      await assume(base.sts, "arn:aws:iam::111111111111:role/deployer"),
      REGION,
    );
    const execution = clients(
      bed.sandbox.endpoint,
      await assume(ownAccount.sts, executionRoleArn ?? ""),
      REGION,
    );
    const keys = await assume(execution.sts, roleArn ?? "", { ExternalId: externalId });
    const consumer = clients(bed.sandbox.endpoint, keys, REGION);
    const reader = await as("reader");
    const { FeatureGroupArn: ResourceArn } = await deployer.sagemaker.send(
      new DescribeFeatureGroupCommand({ FeatureGroupName: "payments" }),
    );
    const tag = (Value: string) =>
      deployer.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: [{ Key: "team", Value }] }));
    const name = ResourceArn ?? "";
    expect((await get(consumer, name)).Record).to.have.length(2);
    await tag("growth");
    for (const by of [consumer, reader])
      expect((await refusal(get(by, name))).name).to.equal("AccessDeniedException");
    await tag("fraud");
    expect((await get(consumer, name)).Record).to.have.length(2);
  });
});

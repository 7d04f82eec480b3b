// What watches an account, through the driver on the real engine: who changes the store's key, bucket or role, or is denied
// them again and again, is told to a queue, and nothing else is. The store is not in the Region that IAM's events are told in,
// so both topics are used. Does not prove how late AWS delivers, nor what mails say.
import { expect } from "chai";
import { rmSync } from "node:fs";
import { DescribeAlarmsCommand, CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CreateRoleCommand, GetRoleCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
} from "@aws-sdk/client-kms";
import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import { DescribeFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { ExitCode } from "../../automation/model/errors";
import { assume, clients, refusal, type Clients } from "../sandbox/support";
import { Project, steps, type StageJson } from "./driverSupport";
import { NOTHING, TestBed } from "./support";

const B = "222222222222";
const REGION = "eu-central-1";
const IAM_REGION = "us-east-1";
const BUCKET = "shop-central-store-sagemaker-dev";
const DEPLOYER = `arn:aws:iam::${B}:role/deployer`;
const QUEUE = `arn:aws:sqs:${REGION}:${B}:security-alerts`;
const THRESHOLD = 4;
const GROUPS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((name) => `${"s".repeat(63)}${name}`);

/** What a message of the topics' is: an event, or an alarm's change. */
interface Told {
  readonly region: string;
  readonly event: string;
  readonly caller: string;
  readonly subject: string;
}

describe("monitoring, deployed", function () {
  this.timeout(180_000);
  let bed: TestBed;
  let project: Project;
  let deployer: Clients;
  let sqs: SQSClient;
  let queueUrl = "";
  let store: { keyArn: string; roleArn: string };
  let made: readonly StageJson[];

  before(async () => {
    bed = await TestBed.start();
    const base = clients(bed.sandbox.endpoint, bed.sandbox.base, REGION);
    const keys = await assume(base.sts, DEPLOYER);
    deployer = clients(bed.sandbox.endpoint, keys, REGION);
    sqs = new SQSClient({
      endpoint: bed.sandbox.endpoint,
      region: REGION,
      credentials: keys,
      maxAttempts: 1,
    });
    // As docs/operations.md has it.
    const Statement = {
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: QUEUE,
      Condition: { StringEquals: { "aws:SourceAccount": B } },
    };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
    const { QueueUrl = "" } = await sqs.send(
      new CreateQueueCommand({ QueueName: "security-alerts", Attributes: { Policy } }),
    );
    queueUrl = QueueUrl;
    project = new Project(bed, (config) => {
      delete config["offlineStore"];
      delete config["consumers"];
      config["accountA"].region = REGION;
      config["accountB"].region = REGION;
      const { featureGroups } = config["centralStore"];
      // So many and so long names that the denials take two rules, which one alarm adds up.
      const [shoppers] = featureGroups as [object];
      config["centralStore"].featureGroups = GROUPS.map((name) => ({ ...shoppers, name }));
      config["monitoring"] = {
        accounts: { B: { trail: { bucketName: "shop-trail-b" } } },
        subscribers: [{ protocol: "sqs", endpoint: QUEUE }],
        accessDenied: { threshold: THRESHOLD, periodMinutes: 60 },
      };
    });
    made = (await project.json(ExitCode.ok, "up")).stages;
    const outputs = made.find(({ stage }) => stage === "centralStore")?.outputs;
    store = {
      keyArn: outputs?.["offlineKeyArn"]?.value as string,
      roleArn: outputs?.["roleArn"]?.value as string,
    };
  });
  after(async () => {
    rmSync(project.folder, { recursive: true, force: true });
    await bed.end();
  });

  /** What the queue has, oldest first; what is read is gone. A message is there before its request is answered. */
  async function told(): Promise<Told[]> {
    const all: Told[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      if (Messages.length === 0) return all;
      for (const { Body = "{}", ReceiptHandle } of Messages) {
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        const { TopicArn = "", Subject = "", Message = "{}" } = JSON.parse(Body) as Record<string, string>;
        const { detail } = JSON.parse(Message) as {
          detail?: { eventName: string; userIdentity: { arn: string } };
        };
        all.push({
          region: TopicArn.split(":")[3] ?? "",
          event: detail?.eventName ?? "alarm",
          caller: detail?.userIdentity.arn ?? "",
          subject: Subject,
        });
      }
    }
  }
  const events = async () => (await told()).map(({ region, event }) => `${event} ${region}`);

  it("is there with a trail, and tells nothing of its own making", async () => {
    const stage = made.find(({ stage }) => stage === "monitoring:B");
    expect(stage?.outputs["topicArns"]?.value).to.have.length(2);
    expect(stage?.outputs["trailArn"]?.value).to.match(
      new RegExp(`^arn:aws:cloudtrail:${REGION}:${B}:trail/`),
    );
    expect(await told()).to.deep.equal([]);
  });

  it("tells of changes of the key, whoever made them", async () => {
    const { keyArn: KeyId } = store;
    const { Policy } = await deployer.kms.send(new GetKeyPolicyCommand({ KeyId }));
    await deployer.kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
    const GranteePrincipal = DEPLOYER;
    const { GrantId } = await deployer.kms.send(
      new CreateGrantCommand({ KeyId, GranteePrincipal, Operations: ["Decrypt"] }),
    );
    await deployer.kms.send(new RevokeGrantCommand({ KeyId, GrantId }));
    await deployer.kms.send(new DisableKeyCommand({ KeyId }));
    await deployer.kms.send(new EnableKeyCommand({ KeyId }));
    const all = await told();
    expect(all.map(({ region, event }) => `${event} ${region}`)).to.deep.equal([
      `PutKeyPolicy ${REGION}`,
      `RevokeGrant ${REGION}`,
      `DisableKey ${REGION}`,
    ]);
    expect(all[0]?.caller).to.match(new RegExp(`^arn:aws:sts::${B}:assumed-role/deployer/`));
  });

  it("tells of changes of the bucket's and the role's policies, the role's from IAM's Region", async () => {
    const { Policy } = await deployer.s3.send(new GetBucketPolicyCommand({ Bucket: BUCKET }));
    await deployer.s3.send(new DeleteBucketPolicyCommand({ Bucket: BUCKET }));
    await deployer.s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
    expect(await events()).to.deep.equal([`DeleteBucketPolicy ${REGION}`, `PutBucketPolicy ${REGION}`]);
    const RoleName = store.roleArn.slice(store.roleArn.lastIndexOf("/") + 1);
    const { Role } = await deployer.iam.send(new GetRoleCommand({ RoleName }));
    const PolicyDocument = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
    await deployer.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    expect(await events()).to.deep.equal([`UpdateAssumeRolePolicy ${IAM_REGION}`]);
  });

  it("tells nothing of what is read, nor of another's key, bucket and role", async () => {
    const { KeyMetadata } = await deployer.kms.send(new CreateKeyCommand({}));
    await deployer.kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    await deployer.kms.send(new DescribeKeyCommand({ KeyId: store.keyArn }));
    await deployer.s3.send(new ListBucketsCommand({}));
    const Principal = { AWS: `arn:aws:iam::${B}:root` };
    const Statement = { Effect: "Allow", Principal, Action: "sts:AssumeRole" };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await deployer.iam.send(new CreateRoleCommand({ RoleName: "nobody", AssumeRolePolicyDocument }));
    await deployer.iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: "nobody",
        PolicyDocument: AssumeRolePolicyDocument,
      }),
    );
    expect(await told()).to.deep.equal([]);
  });

  it("alarms when requests about the store are denied as often as the threshold, once", async () => {
    const keys = await assume(deployer.sts, `arn:aws:iam::${B}:role/nobody`);
    const nobody = clients(bed.sandbox.endpoint, keys, REGION);
    const onBucket = () => refusal(nobody.s3.send(new GetBucketPolicyCommand({ Bucket: BUCKET })));
    const onGroup = () =>
      refusal(nobody.sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: GROUPS.at(-1) })));
    const onKey = () => refusal(nobody.kms.send(new DescribeKeyCommand({ KeyId: store.keyArn })));
    await refusal(nobody.s3.send(new ListBucketsCommand({})));
    for (let count = 0; count < THRESHOLD - 2; count++) expect((await onBucket()).status).to.equal(403);
    expect((await onKey()).name).to.equal("AccessDeniedException");
    expect(await told(), "below the threshold").to.deep.equal([]);
    expect((await onGroup()).name).to.equal("AccessDeniedException");
    await onKey();
    const [alarm, ...others] = await told();
    expect(others).to.deep.equal([]);
    expect(alarm).to.include({ event: "alarm", region: REGION });
    expect(alarm?.subject).to.match(/^ALARM: /);
    const cloudwatch = new CloudWatchClient({
      endpoint: bed.sandbox.endpoint,
      region: REGION,
      credentials: deployer.keys,
    });
    const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms.map(({ StateValue, Metrics }) => [StateValue, Metrics?.length])).to.deep.equal([
      ["ALARM", 3],
    ]);
  });

  it("is as it was made, and goes with all that it made", async () => {
    const previewed = await project.json(ExitCode.ok, "preview", "--refresh");
    expect(Object.values(steps(previewed)).flat()).to.deep.equal([]);
    await project.json(ExitCode.ok, "destroy", "--delete-data", "--confirm", "dev");
    const { roles, buckets, featureGroups } = bed.inventory();
    expect({ roles: roles - 1, buckets, featureGroups }).to.deep.equal({
      roles: NOTHING.roles,
      buckets: NOTHING.buckets,
      featureGroups: NOTHING.featureGroups,
    });
    for (const kind of ["cloudtrail.trails", "events.rules", "sns.topics", "sns.subscriptions"])
      expect(bed.kept(kind), kind).to.deep.equal([]);
    expect(bed.kept("monitoring.alarms")).to.deep.equal([]);
  });
});

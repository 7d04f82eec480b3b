/**
 * CloudTrail, EventBridge, SNS, SQS and CloudWatch together, by the AWS SDK: what a watched account sees of its own requests.
 * Does not prove how late AWS delivers, nor log files in the bucket.
 */
import { expect } from "chai";
import {
  CloudTrailClient,
  CreateTrailCommand,
  LookupEventsCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  GenerateDataKeyCommand,
} from "@aws-sdk/client-kms";
import { CreateBucketCommand, GetObjectCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { assume, clients, refusal, type Keys } from "./support";

const A = "111111111111";
const REGION = "eu-central-1";

function watching(endpoint: string, credentials: Keys, region = REGION) {
  const common = { endpoint, region, credentials, maxAttempts: 1 };
  return {
    trail: new CloudTrailClient(common),
    events: new EventBridgeClient(common),
    sns: new SNSClient(common),
    sqs: new SQSClient(common),
    alarms: new CloudWatchClient(common),
  };
}

describe("watching an account", () => {
  let sandbox: Sandbox;
  let aws: ReturnType<typeof clients>;
  let watch: ReturnType<typeof watching>;
  let queueUrl = "";
  const topic = `arn:aws:sns:${REGION}:${A}:watch`;
  const queue = `arn:aws:sqs:${REGION}:${A}:sink`;
  const pattern = (detail: object) =>
    JSON.stringify({ "detail-type": ["AWS API Call via CloudTrail"], detail });

  /** Messages' bodies until one satisfies. */
  async function received(satisfies: (body: string) => boolean): Promise<string> {
    for (let round = 0; round < 20; round++) {
      const { Messages = [] } = await watch.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 }),
      );
      for (const { Body = "", ReceiptHandle } of Messages) {
        await watch.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        if (satisfies(Body)) return Body;
      }
    }
    throw new Error("no such message came");
  }

  before(async () => {
    sandbox = await startSandbox();
    const [account] = sandbox.accounts;
    if (!account) throw new Error("no account");
    const keys = { accessKeyId: account.accessKeyId, secretAccessKey: account.secretAccessKey };
    aws = clients(sandbox.endpoint, keys);
    watch = watching(sandbox.endpoint, keys);
    await watch.sns.send(new CreateTopicCommand({ Name: "watch", Tags: [{ Key: "a", Value: "b" }] }));
    const made = await watch.sqs.send(new CreateQueueCommand({ QueueName: "sink" }));
    queueUrl = made.QueueUrl ?? "";
  });
  after(() => sandbox.close());

  it("delivers to a queue whose policy lets the topic send, and to no other", async () => {
    await watch.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint: queue }));
    await watch.sns.send(new PublishCommand({ TopicArn: topic, Message: "refused" }));
    const count = await watch.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] }),
    );
    expect(count.Attributes?.["ApproximateNumberOfMessages"]).to.equal("0");
    expect(count.Attributes?.["QueueArn"]).to.equal(queue);
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "sns.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: queue,
          Condition: { ArnEquals: { "aws:SourceArn": topic }, StringEquals: { "aws:SourceAccount": A } },
        },
      ],
    });
    await watch.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { Policy } }));
    await watch.sns.send(new PublishCommand({ TopicArn: topic, Message: "welcome", Subject: "hello" }));
    const envelope = JSON.parse(await received((body) => body.includes("welcome"))) as Record<string, string>;
    expect(envelope).to.include({
      Type: "Notification",
      TopicArn: topic,
      Subject: "hello",
      Message: "welcome",
    });
  });

  it("names what is not there as AWS does", async () => {
    const url = await refusal(watch.sqs.send(new GetQueueUrlCommand({ QueueName: "none" })));
    expect(url.name).to.match(/QueueDoesNotExist/);
    const attributes = await refusal(
      watch.sns.send(new GetTopicAttributesCommand({ TopicArn: `${topic}-none` })),
    );
    expect(attributes).to.include({ name: "NotFoundException", status: 404 });
  });

  it("keeps the event history of an account, without secrets", async () => {
    const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({ Description: "watched" }));
    const KeyId = KeyMetadata?.KeyId;
    await aws.kms.send(new CreateAliasCommand({ AliasName: "alias/watched", TargetKeyId: KeyId }));
    await aws.kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: "AES_256" }));
    await aws.kms.send(new DisableKeyCommand({ KeyId }));
    const { Events = [] } = await watch.trail.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: "ResourceName", AttributeValue: KeyMetadata?.Arn }],
      }),
    );
    expect(Events.map(({ EventName }) => EventName)).to.deep.equal([
      "DisableKey",
      "GenerateDataKey",
      "CreateAlias",
    ]);
    const record = JSON.parse(Events[0]?.CloudTrailEvent ?? "{}") as Record<string, unknown>;
    expect(record).to.deep.include({
      eventSource: "kms.amazonaws.com",
      eventName: "DisableKey",
      awsRegion: REGION,
      readOnly: false,
      requestParameters: { keyId: KeyId },
      recipientAccountId: A,
      managementEvent: true,
    });
    expect(record["userIdentity"]).to.include({ type: "IAMUser", accountId: A, userName: "administrator" });
    expect(Events[1]?.CloudTrailEvent).not.to.match(/plaintext|ciphertext/i);
  });

  it("tells both accounts of a role assumed across accounts", async () => {
    const base = clients(sandbox.endpoint, sandbox.base);
    await assume(base.sts, `arn:aws:iam::${A}:role/deployer`);
    const lookup = new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "AssumeRole" }],
    });
    const [own, theirs] = await Promise.all([
      watching(sandbox.endpoint, sandbox.base).trail.send(lookup),
      watch.trail.send(lookup),
    ]);
    const records = [own, theirs].map(
      ({ Events = [] }) => JSON.parse(Events[0]?.CloudTrailEvent ?? "{}") as Record<string, string>,
    );
    expect(records[0]?.["sharedEventID"]).to.be.a("string").and.equal(records[1]?.["sharedEventID"]);
    expect(records[1]?.["userIdentity"]).to.include({ type: "AWSAccount", accountId: "999999999999" });
    expect(JSON.stringify(records)).not.to.match(/sessionToken|secretAccessKey/);
  });

  it("checks the bucket of a trail", async () => {
    const trail = { Name: "watch", S3BucketName: "watch-logs" };
    const none = await refusal(watch.trail.send(new CreateTrailCommand(trail)));
    expect(none.name).to.equal("S3BucketDoesNotExistException");
    await aws.s3.send(
      new CreateBucketCommand({
        Bucket: "watch-logs",
        CreateBucketConfiguration: { LocationConstraint: REGION },
      }),
    );
    const closed = await refusal(watch.trail.send(new CreateTrailCommand(trail)));
    expect(closed.name).to.equal("InsufficientS3BucketPolicyException");
    const Principal = { Service: "cloudtrail.amazonaws.com" };
    const source = { "aws:SourceArn": `arn:aws:cloudtrail:${REGION}:${A}:trail/watch` };
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal,
          Action: "s3:GetBucketAcl",
          Resource: "arn:aws:s3:::watch-logs",
          Condition: { StringEquals: source },
        },
        {
          Effect: "Allow",
          Principal,
          Action: "s3:PutObject",
          Resource: `arn:aws:s3:::watch-logs/AWSLogs/${A}/*`,
          Condition: { StringEquals: { ...source, "s3:x-amz-acl": "bucket-owner-full-control" } },
        },
      ],
    });
    await aws.s3.send(new PutBucketPolicyCommand({ Bucket: "watch-logs", Policy }));
    const made = await watch.trail.send(new CreateTrailCommand(trail));
    expect(made.TrailARN).to.equal(`arn:aws:cloudtrail:${REGION}:${A}:trail/watch`);
    await watch.trail.send(
      new PutEventSelectorsCommand({
        TrailName: "watch",
        AdvancedEventSelectors: [
          { FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] },
          {
            FieldSelectors: [
              { Field: "eventCategory", Equals: ["Data"] },
              { Field: "resources.type", Equals: ["AWS::S3::Object"] },
              { Field: "resources.ARN", StartsWith: ["arn:aws:s3:::watch-logs/"] },
            ],
          },
        ],
      }),
    );
  });

  it("sends a change to the topic once a trail logs, and the topic lets EventBridge publish", async () => {
    await watch.events.send(
      new PutRuleCommand({
        Name: "keys",
        EventPattern: pattern({
          eventSource: ["kms.amazonaws.com"],
          eventName: ["DisableKey", "PutKeyPolicy"],
        }),
      }),
    );
    await watch.events.send(new PutTargetsCommand({ Rule: "keys", Targets: [{ Id: "topic", Arn: topic }] }));
    const services = ["events.amazonaws.com", "cloudwatch.amazonaws.com"];
    await watch.sns.send(
      new SetTopicAttributesCommand({
        TopicArn: topic,
        AttributeName: "Policy",
        AttributeValue: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: services },
              Action: "sns:Publish",
              Resource: topic,
              Condition: { StringEquals: { "aws:SourceAccount": A } },
            },
          ],
        }),
      }),
    );
    const { KeyMetadata } = await aws.kms.send(new CreateKeyCommand({}));
    await watch.trail.send(new StartLoggingCommand({ Name: "watch" }));
    await aws.kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    const body = await received((text) => text.includes("DisableKey"));
    const event = JSON.parse((JSON.parse(body) as { Message: string }).Message) as Record<string, unknown>;
    expect(event).to.include({ source: "aws.kms", account: A, region: REGION });
    expect(event["detail"]).to.deep.include({ eventName: "DisableKey" });
  });

  it("raises an alarm over a burst of denials, and says so to the topic", async () => {
    await watch.events.send(
      new PutRuleCommand({
        Name: "denied",
        EventPattern: pattern({ errorCode: [{ prefix: "AccessDenied" }] }),
      }),
    );
    const alarm = {
      AlarmName: "denials",
      Namespace: "AWS/Events",
      MetricName: "MatchedEvents",
      Dimensions: [{ Name: "RuleName", Value: "denied" }],
      Statistic: "Sum",
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 3,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "notBreaching",
      AlarmActions: [topic],
      Tags: [{ Key: "for", Value: "test" }],
    } as const;
    await watch.alarms.send(
      new PutMetricAlarmCommand({
        ...alarm,
        Dimensions: [...alarm.Dimensions],
        AlarmActions: [topic],
        Tags: [...alarm.Tags],
      }),
    );
    const stranger = clients(sandbox.endpoint, sandbox.base);
    for (let count = 0; count < 3; count++)
      await refusal(stranger.s3.send(new GetObjectCommand({ Bucket: "watch-logs", Key: `secret-${count}` })));
    const body = await received((text) => text.includes("ALARM"));
    const { Subject, Message } = JSON.parse(body) as { Subject: string; Message: string };
    expect(Subject).to.equal('ALARM: "denials" in EU (Frankfurt)');
    expect(JSON.parse(Message)).to.include({ AlarmName: "denials", NewStateValue: "ALARM", AWSAccountId: A });
    const { MetricAlarms = [] } = await watch.alarms.send(
      new DescribeAlarmsCommand({ AlarmNames: ["denials"] }),
    );
    expect(MetricAlarms[0]).to.include({ StateValue: "ALARM", Threshold: 3, Period: 300 });
    expect(MetricAlarms[0]?.StateUpdatedTimestamp).to.be.instanceOf(Date);
    const tags = await watch.alarms.send(
      new ListTagsForResourceCommand({ ResourceARN: MetricAlarms[0]?.AlarmArn }),
    );
    expect(tags.Tags).to.deep.equal([{ Key: "for", Value: "test" }]);
  });

  it("adds metrics up for an alarm, also where only some have a datapoint", async () => {
    const query = (Id: string, Value: string) => ({
      Id,
      MetricStat: {
        Metric: { Namespace: "Own", MetricName: "Denied", Dimensions: [{ Name: "Rule", Value }] },
        Period: 300,
        Stat: "Sum",
      },
      ReturnData: false,
    });
    const sum = { Id: "all", Expression: "SUM(METRICS())", Label: "Denied requests", ReturnData: true };
    const Metrics = [sum, query("one", "1"), query("two", "2"), query("three", "3")];
    const alarm = {
      AlarmName: "sum",
      Metrics,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "notBreaching",
      AlarmActions: [topic],
    } as const;
    const put = (more: object = {}) =>
      watch.alarms.send(new PutMetricAlarmCommand({ ...alarm, AlarmActions: [topic], ...more }));
    const state = async () => {
      const { MetricAlarms = [] } = await watch.alarms.send(
        new DescribeAlarmsCommand({ AlarmNames: ["sum"] }),
      );
      return MetricAlarms[0];
    };
    const datum = (Value: string, count: number) =>
      watch.alarms.send(
        new PutMetricDataCommand({
          Namespace: "Own",
          MetricData: [{ MetricName: "Denied", Dimensions: [{ Name: "Rule", Value }], Value: count }],
        }),
      );
    for (const wrong of [
      { MetricName: "Denied" },
      { Metrics: Metrics.slice(1) },
      { Metrics: [{ ...sum, Expression: "SUM([one, four])" }, ...Metrics.slice(1)] },
      { Metrics: [{ ...sum, Expression: "one / two" }, ...Metrics.slice(1)] },
    ])
      expect((await refusal(put(wrong))).name).to.match(/^InvalidParameterValue/);
    await put();
    await datum("1", 4);
    expect((await state())?.StateValue).not.to.equal("ALARM");
    await datum("2", 1);
    const found = await state();
    expect(found?.StateValue).to.equal("ALARM");
    expect(found?.MetricName).to.equal(undefined);
    expect(found?.Metrics).to.deep.equal(Metrics);
    const { Message } = JSON.parse(await received((text) => text.includes("ALARM"))) as { Message: string };
    const { Trigger } = JSON.parse(Message) as { Trigger: { Metrics: { Id: string }[] } };
    expect(Trigger.Metrics.map(({ Id }) => Id)).to.deep.equal(["all", "one", "two", "three"]);
  });

  it("tests patterns with AWS's comparisons", async () => {
    const event = {
      id: "1",
      account: A,
      source: "aws.kms",
      time: "2026-01-01T00:00:00Z",
      region: REGION,
      resources: [],
      "detail-type": "t",
      detail: { name: "PutKeyPolicy", size: 5, list: ["a", "b"], none: null },
    };
    const cases: [object, boolean][] = [
      [{ name: ["PutKeyPolicy"] }, true],
      [{ name: [{ prefix: "Put" }], size: [{ numeric: [">", 4, "<=", 5] }] }, true],
      [{ name: [{ suffix: "Key" }] }, false],
      [{ name: [{ "anything-but": ["PutKeyPolicy"] }] }, false],
      [{ name: [{ "anything-but": { prefix: "Get" } }] }, true],
      [{ name: [{ wildcard: "Put*Pol*" }] }, true],
      [{ name: [{ "equals-ignore-case": "putkeypolicy" }] }, true],
      [{ errorCode: [{ exists: false }], list: ["b"] }, true],
      [{ none: [null] }, true],
      [{ $or: [{ size: [1] }, { name: ["PutKeyPolicy"] }] }, true],
      [{ $or: [{ size: [1] }, { name: ["Other"] }] }, false],
    ];
    for (const [detail, expected] of cases) {
      const { Result } = await watch.events.send(
        new TestEventPatternCommand({
          EventPattern: JSON.stringify({ detail }),
          Event: JSON.stringify(event),
        }),
      );
      expect(Result, JSON.stringify(detail)).to.equal(expected);
    }
    const wrong = await refusal(
      watch.events.send(
        new TestEventPatternCommand({ EventPattern: '{"a":"b"}', Event: JSON.stringify(event) }),
      ),
    );
    expect(wrong.name).to.equal("InvalidEventPatternException");
  });
});

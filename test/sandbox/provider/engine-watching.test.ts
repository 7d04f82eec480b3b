/**
 * Trails, rules, targets, alarms, topics and queues under the real engine: made, the same when looked at again, changed, removed.
 * What it does not prove: what they do (test/sandbox/watching.test.ts).
 */
import * as aws from "@pulumi/aws";
import type { Stack } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { withAdopted, withPending } from "../../../automation/stacks/deployedState";
import type { BegunCreation } from "../../../automation/model/stackPort";
import { foundCreation } from "../../../automation/run/pending";
import { accountProvider, Bench, preview, REGION, up } from "./support";

const A = "111111111111";
const trailArn = `arn:aws:cloudtrail:${REGION}:${A}:trail/watch`;

function program(threshold: number): void {
  const options = { provider: accountProvider("a", A) };
  const bucket = new aws.s3.Bucket("logs", { bucket: "watch-logs-a" }, options);
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  const Condition = { StringEquals: { "aws:SourceArn": trailArn } };
  const Effect = "Allow" as const;
  const statements = [
    { Effect, Principal, Action: "s3:GetBucketAcl", Resource: "arn:aws:s3:::watch-logs-a", Condition },
    { Effect, Principal, Action: "s3:PutObject", Resource: "arn:aws:s3:::watch-logs-a/*", Condition },
  ];
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const bucketPolicy = new aws.s3.BucketPolicy("logs", { bucket: bucket.bucket, policy }, options);
  const advancedEventSelectors = [
    { name: "all", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
  ];
  new aws.cloudtrail.Trail(
    "trail",
    { name: "watch", s3BucketName: bucket.bucket, isMultiRegionTrail: true, advancedEventSelectors },
    { ...options, dependsOn: bucketPolicy },
  );
  const topic = new aws.sns.Topic("topic", { name: "watch", displayName: "Watch" }, options);
  const allow = (service: string, action: string) => (resource: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect, Principal: { Service: service }, Action: action, Resource: resource }],
    });
  new aws.sns.TopicPolicy(
    "topic",
    { arn: topic.arn, policy: topic.arn.apply(allow("events.amazonaws.com", "sns:Publish")) },
    options,
  );
  const queue = new aws.sqs.Queue("queue", { name: "sink", visibilityTimeoutSeconds: 60 }, options);
  new aws.sqs.QueuePolicy(
    "queue",
    { queueUrl: queue.url, policy: queue.arn.apply(allow("sns.amazonaws.com", "sqs:SendMessage")) },
    options,
  );
  new aws.sns.TopicSubscription("queue", { topic: topic.arn, protocol: "sqs", endpoint: queue.arn }, options);
  const mail = { topic: topic.arn, protocol: "email", endpoint: "watch@example.com" };
  new aws.sns.TopicSubscription("mail", mail, options);
  const eventPattern = JSON.stringify({ source: ["aws.kms"], detail: { eventName: ["DisableKey"] } });
  const rule = new aws.cloudwatch.EventRule(
    "rule",
    { name: "keys", eventPattern, description: "keys" },
    options,
  );
  const inputTransformer = { inputPaths: { name: "$.detail.eventName" }, inputTemplate: '"<name>"' };
  new aws.cloudwatch.EventTarget("target", { rule: rule.name, arn: topic.arn, inputTransformer }, options);
  new aws.cloudwatch.MetricAlarm(
    "alarm",
    {
      name: "denials",
      namespace: "AWS/Events",
      metricName: "MatchedEvents",
      dimensions: { RuleName: rule.name },
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
    },
    options,
  );
  const metric = (part: string) => ({
    id: part,
    metric: {
      namespace: "AWS/Events",
      metricName: "MatchedEvents",
      dimensions: { RuleName: part },
      period: 300,
      stat: "Sum",
    },
    returnData: false,
  });
  new aws.cloudwatch.MetricAlarm(
    "sum",
    {
      name: "sum",
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      evaluationPeriods: 1,
      threshold: 5,
      metricQueries: [
        { id: "all", expression: "SUM(METRICS())", label: "Denied", returnData: true },
        metric("one"),
        metric("two"),
      ],
    },
    options,
  );
}

describe("provider: what watches an account, under the engine", function () {
  this.timeout(300_000);
  let bench: Bench;
  let stack: Stack;
  let threshold = 5;
  before(async () => {
    bench = await Bench.open();
    stack = await bench.stack("watching", () => {
      program(threshold);
      return Promise.resolve({});
    });
  });
  after(() => bench.close());

  it("is made, and is the same when it is looked at again", async () => {
    expect(await up(stack)).to.have.length(13);
    await stack.refresh();
    expect(await preview(stack)).to.deep.equal([]);
  });

  it("changes in place", async () => {
    threshold = 9;
    expect(await up(stack)).to.deep.equal(["update alarm [threshold]"]);
  });

  it("is taken over by its names where a run was cut off, and what AWS has not is dropped", async () => {
    const exported = await stack.exportStack();
    const { resources } = exported.deployment as { resources: (BegunCreation & { id?: string })[] };
    const made = (type: string, name: string) =>
      resources.find(({ urn }) => urn.endsWith(`${type}::${name}`)) ?? expect.fail(`no ${name}`);
    const types = {
      alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
      target: "aws:cloudwatch/eventTarget:EventTarget",
      rule: "aws:cloudwatch/eventRule:EventRule",
      topic: "aws:sns/topic:Topic",
    };
    const lost = [made(types.alarm, "alarm"), made(types.target, "target")];
    const never: BegunCreation[] = Object.entries(types).map(([name, type]) => {
      const { urn, provider = "", inputs = {} } = made(type, name);
      const own = name === "target" ? { targetId: "ghost" } : { name: "ghost" };
      return { urn: `${urn}-ghost`, type, custom: true, provider, inputs: { ...inputs, ...own } };
    });
    const begun = [...lost, ...never].map(({ urn, type, custom, parent, provider, inputs }) => ({
      ...{ urn, type, custom, parent, provider, inputs },
    }));
    // Of a topic the account is asked for: here it is known.
    const found = await Promise.all(
      begun.map(async ({ urn, type, provider = "", inputs = {} }) => {
        const pending = { urn, type, provider, inputs };
        const topic = { id: `arn:aws:sns:${REGION}:${A}:ghost` };
        const asking = { pending, config: undefined as never, deployed: { resources: [] } };
        const [named] = type === types.topic ? [topic] : await foundCreation(asking);
        return { urn, id: named?.id ?? "" };
      }),
    );
    const gone = new Set(lost.map(({ urn }) => urn));
    const cut = { resources: resources.filter(({ urn }) => !gone.has(urn)) };
    const deployment = { ...(exported.deployment as object), ...cut };
    await stack.importStack(withAdopted(withPending({ ...exported, deployment }, begun), found));
    await stack.refresh({ target: found.map(({ urn }) => urn) });
    const after = (await stack.exportStack()).deployment as { resources: { urn: string }[] };
    expect(after.resources.filter(({ urn }) => urn.endsWith("-ghost"))).to.deep.equal([]);
    expect(after.resources).to.have.length(resources.length);
    // Which resource needs which is known again once the program has said so.
    expect(await up(stack)).to.deep.equal([]);
  });

  it("goes", async () => {
    await stack.destroy();
    const { resources } = (await stack.exportStack()).deployment as { resources?: unknown[] };
    expect(resources ?? []).to.deep.equal([]);
  });
});

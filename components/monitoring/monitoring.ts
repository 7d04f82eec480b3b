/** Watches one account's side of the stores: reports changes of keys, buckets and roles, and bursts of denied requests, to a topic. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { topicPolicy, type MonitoringFacts } from "../policies/monitoring";
import type { MonitoringSettings } from "../settings/types";
import { changePatterns, deniedPatterns, type EventPattern, type Watched } from "./patterns";

export interface MonitoringArgs
  extends MonitoringFacts, Pick<MonitoringSettings, "subscribers" | "accessDenied"> {
  watched: pulumi.Output<Watched>;
  /** The same number of stand-ins, each as long as its ARN: the number of rules is known before AWS names anything. */
  planned: Watched;
  /** ARN of the key that the topic is encrypted under; without it, the topic is not encrypted. */
  topicKeyArn?: string | undefined;
}

export class Monitoring extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;
  /** Names of the rules. */
  readonly rules: pulumi.Output<string[]>;

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("feature-store-access:monitoring:Monitoring", name, {}, opts);

    const topic = this.createTopic(name, args);
    const changes = this.watchChanges(name, args, topic);
    const denied = this.watchDenials(name, args, topic);

    this.topicArn = topic.arn;
    this.rules = pulumi.all([...changes, ...denied].map((rule) => rule.name));
    this.registerOutputs({ topicArn: this.topicArn, rules: this.rules });
  }

  private createTopic(name: string, args: MonitoringArgs): aws.sns.Topic {
    const { partition, region, account, subscribers, topicKeyArn } = args;
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      topicKeyArn === undefined ? {} : { kmsMasterKeyId: topicKeyArn },
      { parent: this },
    );
    const policy = topic.arn.apply((topicArn) =>
      JSON.stringify(topicPolicy({ partition, region, account, topicArn })),
    );
    new aws.sns.TopicPolicy(`${name}-topic-policy`, { arn: topic.arn, policy }, { parent: this });
    for (const [index, { protocol, endpoint }] of subscribers.entries())
      new aws.sns.TopicSubscription(
        `${name}-subscription-${index + 1}`,
        { topic: topic.arn, protocol, endpoint },
        { parent: this },
      );
    return topic;
  }

  private watchChanges(
    name: string,
    { watched, planned }: MonitoringArgs,
    topic: aws.sns.Topic,
  ): aws.cloudwatch.EventRule[] {
    return (["keys", "buckets", "roles"] as const).flatMap((kind) =>
      changePatterns(planned)[kind].map((_, index) => {
        const part = index === 0 ? kind : `${kind}-${index + 1}`;
        const pattern = watched.apply((known) => changePatterns(known, planned)[kind][index]);
        return this.createRule(`${name}-${part}`, `Changes of the stores' ${kind}`, pattern, topic);
      }),
    );
  }

  private watchDenials(name: string, args: MonitoringArgs, topic: aws.sns.Topic): aws.cloudwatch.EventRule[] {
    const { watched, planned, accessDenied } = args;
    const rules = deniedPatterns(planned).map((_, index) => {
      const part = index === 0 ? "denied" : `denied-${index + 1}`;
      const pattern = watched.apply((known) => deniedPatterns(known, planned)[index]);
      return this.createRule(`${name}-${part}`, "Denied requests about the stores", pattern);
    });
    // An alarm adds up at most ten metrics. Source: CloudWatch API Reference, "PutMetricAlarm".
    for (let from = 0; from < rules.length; from += 9)
      new aws.cloudwatch.MetricAlarm(
        `${name}-denied${from === 0 ? "" : `-${from / 9 + 1}`}`,
        {
          alarmDescription: `${accessDenied.threshold} or more requests about the feature stores were denied within ${accessDenied.periodMinutes} minutes`,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          threshold: accessDenied.threshold,
          evaluationPeriods: 1,
          treatMissingData: "notBreaching",
          alarmActions: [topic.arn],
          ...matches(rules.slice(from, from + 9), accessDenied.periodMinutes * 60),
        },
        { parent: this },
      );
    return rules;
  }

  /** Without a topic the rule only counts. It takes events of reads too: a denied decryption is one. */
  private createRule(
    name: string,
    description: string,
    pattern: pulumi.Output<EventPattern | undefined>,
    topic?: aws.sns.Topic,
  ): aws.cloudwatch.EventRule {
    const rule = new aws.cloudwatch.EventRule(
      name,
      {
        description,
        eventPattern: pattern.apply((known) => JSON.stringify(known)),
        state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
      },
      { parent: this },
    );
    if (topic) new aws.cloudwatch.EventTarget(name, { rule: rule.name, arn: topic.arn }, { parent: this });
    return rule;
  }
}

/** The number of events that the rules matched. @param period seconds */
function matches(rules: readonly aws.cloudwatch.EventRule[], period: number) {
  const metric = (rule: aws.cloudwatch.EventRule) => ({
    namespace: "AWS/Events",
    metricName: "MatchedEvents",
    dimensions: { RuleName: rule.name },
    period,
  });
  const [only, ...others] = rules;
  if (only && others.length === 0) return { ...metric(only), statistic: "Sum" };
  return {
    metricQueries: [
      { id: "all", expression: "SUM(METRICS())", label: "Denied requests", returnData: true },
      ...rules.map((rule, index) => ({
        id: `rule${index + 1}`,
        metric: { ...metric(rule), stat: "Sum" },
        returnData: false,
      })),
    ],
  };
}

/** What monitoring means: AWS's services publish to its topics and write its trail, for this account's own rules; nobody else does. */
import { roleOf } from "./offlineStore";
import type { Intent, Step, StrangerFacts } from "./types";

export interface MonitoringFacts {
  readonly stage: string;
  readonly partition: string;
  /** 12 digits. */
  readonly account: string;
  readonly topics: readonly { readonly arn: string; readonly region: string }[];
  /** Of the trail that is made here. */
  readonly trail?: { readonly arn: string; readonly bucketArn: string };
}

export function monitoringIntents(facts: MonitoringFacts, strangers: StrangerFacts): Intent[] {
  const { stage, partition, account, topics, trail } = facts;
  const intent = (
    id: string,
    actor: string,
    expect: Intent["expect"],
    says: string,
    steps: Step[],
  ): Intent => ({
    id: `${stage} ${id}`,
    actor,
    expect,
    says,
    setting: `monitoring.accounts.${stage.slice(-1)}`,
    steps,
  });
  const publishing = (service: string, source: string, of = account): Step[] =>
    topics.map(({ arn, region }) => ({
      principal: `${service}.amazonaws.com`,
      action: "sns:Publish",
      scope: arn,
      context: {
        "aws:SourceAccount": of,
        "aws:SourceArn": `arn:${partition}:${service === "events" ? "events" : "cloudwatch"}:${region}:${of}:${source}`,
      },
    }));
  const writing = (service: string, trailArn: string): Step[] =>
    trail === undefined
      ? []
      : [
          {
            principal: service,
            action: "s3:GetBucketAcl",
            scope: trail.bucketArn,
            context: { "aws:SourceArn": trailArn },
          },
          {
            principal: service,
            action: "s3:PutObject",
            scope: `${trail.bucketArn}/AWSLogs/${account}/*`,
            context: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" },
          },
        ];
  const foreign = trail?.arn.replace(`:${account}:`, `:${strangers.account}:`) ?? "";
  return [
    intent(
      "rules",
      "Amazon EventBridge",
      "allowed",
      "may publish what the rules match",
      publishing("events", "rule/any"),
    ),
    intent(
      "alarms",
      "Amazon CloudWatch",
      "allowed",
      "may publish alarms",
      publishing("cloudwatch", "alarm:any"),
    ),
    intent("others", "everyone else", "denied", "may not publish to the monitoring's topics", [
      ...publishing("events", "rule/any", strangers.account),
      ...publishing("cloudwatch", "alarm:any", strangers.account),
      ...topics.flatMap(({ arn: scope }) =>
        [roleOf(partition, strangers.account, "stranger"), "anonymous", "sagemaker.amazonaws.com"].map(
          (principal) => ({ principal, action: "sns:Publish", scope }),
        ),
      ),
    ]),
    ...(trail === undefined
      ? []
      : [
          intent(
            "trail",
            "AWS CloudTrail",
            "allowed",
            "may write the trail into its bucket",
            writing("cloudtrail.amazonaws.com", trail.arn),
          ),
          intent("trail others", "everyone else", "denied", "may not write into the trail's bucket", [
            ...writing("cloudtrail.amazonaws.com", foreign),
            ...writing(roleOf(partition, strangers.account, "stranger"), trail.arn),
            ...writing("anonymous", trail.arn),
          ]),
        ]),
  ];
}

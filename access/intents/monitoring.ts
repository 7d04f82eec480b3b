/** The intents of monitoring: only AWS's services publish to its topics and write its trail, and only for this account's own rules. */
import { each, roleOf } from "./steps";
import type { Intent, Step, StrangerFacts } from "./types";

export interface MonitoringFacts {
  /** `monitoring:A` */
  readonly stage: string;
  readonly partition: string;
  /** 12 digits. */
  readonly account: string;
  readonly topics: readonly { readonly arn: string; readonly region: string }[];
  /** Present for an own trail. */
  readonly trail?: { readonly arn: string; readonly bucketArn: string };
}

export function monitoringIntents(facts: MonitoringFacts, strangers: StrangerFacts): Intent[] {
  const { stage, partition, account, topics, trail } = facts;
  const setting = `monitoring.accounts.${stage.slice(-1)}`;
  const intent = (
    id: string,
    actor: string,
    expect: Intent["expect"],
    says: string,
    steps: Step[],
  ): Intent => ({ id: `${stage} ${id}`, actor, expect, says, setting, steps });
  const publishing = (service: "events" | "cloudwatch", source: string, of = account): Step[] =>
    topics.flatMap(({ arn, region }) =>
      each(`${service}.amazonaws.com`, ["sns:Publish"], arn, {
        context: {
          "aws:SourceAccount": of,
          "aws:SourceArn": `arn:${partition}:${service}:${region}:${of}:${source}`,
        },
      }),
    );
  const writing = (principal: string, trailArn: string): Step[] => {
    if (!trail) return [];
    const source = { "aws:SourceArn": trailArn };
    const context = { ...source, "s3:x-amz-acl": "bucket-owner-full-control" };
    return [
      ...each(principal, ["s3:GetBucketAcl"], trail.bucketArn, { context: source }),
      ...each(principal, ["s3:PutObject"], `${trail.bucketArn}/AWSLogs/${account}/*`, { context }),
    ];
  };
  const stranger = roleOf(partition, strangers.account, "stranger");
  const foreign = trail?.arn.replace(`:${account}:`, `:${strangers.account}:`) ?? "";
  const [rules, alarms] = ["may publish what the rules match", "may publish alarms"];
  const CLOUDTRAIL = "cloudtrail.amazonaws.com";
  return [
    intent("rules", "Amazon EventBridge", "allowed", rules, publishing("events", "rule/any")),
    intent("alarms", "Amazon CloudWatch", "allowed", alarms, publishing("cloudwatch", "alarm:any")),
    intent("others", "everyone else", "denied", "may not publish to the monitoring's topics", [
      ...publishing("events", "rule/any", strangers.account),
      ...publishing("cloudwatch", "alarm:any", strangers.account),
      ...topics.flatMap(({ arn }) =>
        [stranger, "anonymous", "sagemaker.amazonaws.com"].flatMap((principal) =>
          each(principal, ["sns:Publish"], arn),
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
            writing(CLOUDTRAIL, trail.arn),
          ),
          intent("trail others", "everyone else", "denied", "may not write into the trail's bucket", [
            ...writing(CLOUDTRAIL, foreign),
            ...writing(stranger, trail.arn),
            ...writing("anonymous", trail.arn),
          ]),
        ]),
  ];
}

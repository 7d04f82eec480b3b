/** Incoming events: matched with the rules of their account and region, and sent to the rules' targets. */
import { randomUUID } from "node:crypto";
import { AwsError, serviceCall, type LoggedEvent, type World } from "../../core";
import { inputOf } from "./input";
import { matches, parsePattern } from "../../formats/eventPattern";
import { rules, type Rule, type Target } from "./state";

/** Reads reach only rules that are ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS. Source: EventBridge User Guide, "Receiving read-only management events". */
const READS = /^(Get|List|Describe)/;
const CHANGES_DESPITE_NAME = ["GetSessionToken", "GetFederationToken"];

/** An event that a trail logs, as `AWS API Call via CloudTrail`. */
export function receiveRecord(world: World, event: LoggedEvent): void {
  const read = !event.data && READS.test(event.name) && !CHANGES_DESPITE_NAME.includes(event.name);
  const own = [...rules(world).values()].filter(
    ({ account, region, state }) =>
      account === event.account &&
      region === event.region &&
      (state === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" || (state === "ENABLED" && !read)),
  );
  if (own.length === 0) return;
  const detail = JSON.parse(event.record) as Record<string, unknown>;
  const sent = {
    version: "0",
    id: randomUUID(),
    "detail-type": "AWS API Call via CloudTrail",
    source: `aws.${event.source.split(".")[0] ?? ""}`,
    account: event.account,
    time: detail["eventTime"],
    region: event.region,
    resources: [],
    detail,
  };
  const matching = own.filter((rule) => matches(parsePattern(rule.pattern), sent));
  if (matching.length === 0) return;
  const { account, region } = event;
  world.services.monitoring.putMetric({ account, region }, "AWS/Events", "MatchedEvents", {}, 1);
  for (const rule of matching) {
    measure(world, rule, "MatchedEvents");
    measure(world, rule, "TriggeredRules");
    for (const target of rule.targets) {
      const fine = send(world, rule, target, inputOf(target, sent, rule));
      measure(world, rule, "Invocations");
      if (!fine) measure(world, rule, "FailedInvocations");
    }
  }
}

function measure(world: World, { account, region, name }: Rule, metric: string): void {
  world.services.monitoring.putMetric({ account, region }, "AWS/Events", metric, { RuleName: name }, 1);
}

/** Sends as events.amazonaws.com on behalf of the rule. False if the target refused: then the event goes to the dead-letter queue. */
function send(world: World, rule: Rule, target: Target, body: string): boolean {
  try {
    pass(world, rule, target.Arn, body);
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const dead = target.DeadLetterConfig?.Arn;
    try {
      if (dead !== undefined) pass(world, rule, dead, body);
    } catch (second) {
      if (!(second instanceof AwsError)) throw second;
    }
    return false;
  }
}

function pass(world: World, rule: Rule, arn: string, body: string): void {
  const [, , service, region = rule.region] = arn.split(":");
  const call = serviceCall("events.amazonaws.com", { arn: rule.arn, account: rule.account, region });
  if (service === "sns") world.services.sns.publish(call, arn, { message: body });
  else world.services.sqs.sendMessage(call, arn, body);
}

/** Alarms. Source: Amazon CloudWatch API Reference. */
import { AwsError, type Call, type World } from "../../core";
import { requestTagContext, resourceTagContext, tagList, tagsOf } from "../../protocol/tags";
import { pageOf } from "../../protocol/pages";
import { changeState, COMPARISONS, evaluate } from "./evaluate";
import {
  invalid,
  listOf,
  missing,
  numberOf,
  requiredNumber,
  requiredText,
  textOf,
  type Input,
} from "./input";
import { sourceOf } from "./source";
import { putMetric } from "./putMetric";
import { alarmArn, alarms, type Alarm, type AlarmState } from "./state";

type Output = Record<string, unknown>;

const notFound = (message: string) =>
  new AwsError("ResourceNotFoundException", message, 404, { queryCode: "ResourceNotFoundException" });

function authorize(world: World, call: Call, action: string, resource: string, context = {}): void {
  world.authorize(call, {
    action: `cloudwatch:${action}`,
    resource,
    resourceAccount: call.caller.account,
    context: { ...resourceTagContext(alarms(world).get(resource)?.tags ?? {}), ...context },
    code: "AccessDenied",
  });
}

export function putMetricAlarm(world: World, call: Call, input: Input): Output {
  const AlarmName = requiredText(input, "AlarmName");
  const { account } = call.caller;
  const arn = alarmArn(call.region, account, AlarmName);
  const tags = tagsOf(input["Tags"], invalid);
  authorize(world, call, "PutMetricAlarm", arn, requestTagContext(tags));
  const source = sourceOf(input, { account, region: call.region });
  const { period: Period } = source;
  const operator = requiredText(input, "ComparisonOperator");
  if (!Object.hasOwn(COMPARISONS, operator))
    throw invalid(
      `The sandbox has no ComparisonOperator ${operator}: give one of ${Object.keys(COMPARISONS).join(", ")}.`,
    );
  if (Period < 60 || Period % 60 !== 0)
    throw invalid("Period must be a multiple of 60: the sandbox has no high-resolution metrics.");
  const periods = requiredNumber(input, "EvaluationPeriods");
  const needed = numberOf(input, "DatapointsToAlarm");
  if (!Number.isInteger(periods) || periods < 1) throw invalid("EvaluationPeriods must be at least 1.");
  if (Period * periods > 86_400 * 7 || (Period < 3600 && Period * periods > 86_400))
    throw invalid(
      "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).",
    );
  if (needed !== undefined && (needed < 1 || needed > periods))
    throw invalid("DatapointsToAlarm must be from 1 to EvaluationPeriods.");
  const treat = textOf(input, "TreatMissingData");
  if (treat !== undefined && !["breaching", "notBreaching", "ignore", "missing"].includes(treat))
    throw invalid(
      `The value ${treat} is not supported for TreatMissingData parameter. Supported values are [breaching, notBreaching, ignore, missing].`,
    );
  const actions = (name: string) => {
    const given = listOf<string>(input[name]);
    const wrong = given.find((action) => !/^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]+$/.test(action));
    if (wrong !== undefined) throw invalid(`Invalid arn syntax: ${wrong} (the sandbox notifies SNS topics).`);
    if (given.length > 5) throw invalid(`${name} has more than 5 actions.`);
    return given;
  };
  const description = textOf(input, "AlarmDescription");
  const existing = alarms(world).get(arn);
  const now = world.now().toISOString();
  const alarm: Alarm = {
    arn,
    account,
    region: call.region,
    terms: source.terms,
    period: Period,
    shown: {
      AlarmName,
      AlarmArn: arn,
      ...(description === undefined ? {} : { AlarmDescription: description }),
      ActionsEnabled: input["ActionsEnabled"] !== false && input["ActionsEnabled"] !== "false",
      OKActions: actions("OKActions"),
      AlarmActions: actions("AlarmActions"),
      InsufficientDataActions: actions("InsufficientDataActions"),
      ...source.shown,
      EvaluationPeriods: periods,
      ...(needed === undefined ? {} : { DatapointsToAlarm: needed }),
      Threshold: requiredNumber(input, "Threshold"),
      ComparisonOperator: operator,
      ...(treat === undefined ? {} : { TreatMissingData: treat }),
    },
    configured: now,
    state: existing?.state ?? "INSUFFICIENT_DATA",
    reason: existing?.reason ?? "Unchecked: Initial alarm creation",
    stateUpdated: existing?.stateUpdated ?? now,
    // PutMetricAlarm does not change the tags of an existing alarm.
    tags: existing?.tags ?? tags,
  };
  alarms(world).set(arn, alarm);
  world.later(0, () => {
    const current = alarms(world).get(arn);
    if (current) evaluate(world, current);
  });
  return {};
}

function shownAlarm({ shown, configured, state, reason, reasonData, stateUpdated }: Alarm): Output {
  return {
    ...shown,
    AlarmConfigurationUpdatedTimestamp: new Date(configured),
    StateValue: state,
    StateReason: reason,
    ...(reasonData === undefined ? {} : { StateReasonData: reasonData }),
    StateUpdatedTimestamp: new Date(stateUpdated),
    StateTransitionedTimestamp: new Date(stateUpdated),
  };
}

export function describeAlarms(world: World, call: Call, input: Input): Output {
  const { account } = call.caller;
  authorize(world, call, "DescribeAlarms", alarmArn(call.region, account, "*"));
  const names = listOf<string>(input["AlarmNames"]);
  const prefix = textOf(input, "AlarmNamePrefix") ?? "";
  const state = textOf(input, "StateValue");
  const action = textOf(input, "ActionPrefix") ?? "";
  const metricTypes = listOf<string>(input["AlarmTypes"]);
  const own = [...alarms(world).values()].filter(
    ({ account: owner, region, shown, state: value }) =>
      owner === account &&
      region === call.region &&
      (names.length === 0 || names.includes(shown.AlarmName)) &&
      shown.AlarmName.startsWith(prefix) &&
      (state === undefined || value === state) &&
      (action === "" || shown.AlarmActions.some((each) => each.startsWith(action))) &&
      (metricTypes.length === 0 || metricTypes.includes("MetricAlarm")),
  );
  own.sort((a, b) => (a.arn < b.arn ? -1 : 1));
  const size = numberOf(input, "MaxRecords") ?? 50;
  const { items, next } = pageOf(own, textOf(input, "NextToken"), size, "InvalidNextToken");
  return {
    MetricAlarms: items.map(shownAlarm),
    CompositeAlarms: [],
    NextToken: next,
  };
}

export function deleteAlarms(world: World, call: Call, input: Input): Output {
  const names = listOf<string>(input["AlarmNames"]);
  if (names.length === 0) throw missing("AlarmNames");
  const arns = names.map((name) => alarmArn(call.region, call.caller.account, name));
  for (const arn of arns) authorize(world, call, "DeleteAlarms", arn);
  // Absent alarms are ignored.
  for (const arn of arns) alarms(world).delete(arn);
  return {};
}

function find(world: World, arn: string): Alarm {
  const alarm = alarms(world).get(arn);
  if (!alarm) throw notFound(`${arn} does not exist`);
  return alarm;
}

export function setAlarmState(world: World, call: Call, input: Input): Output {
  const arn = alarmArn(call.region, call.caller.account, requiredText(input, "AlarmName"));
  authorize(world, call, "SetAlarmState", arn);
  const state = requiredText(input, "StateValue");
  if (!["OK", "ALARM", "INSUFFICIENT_DATA"].includes(state))
    throw invalid(`${state} is no state of an alarm.`);
  const reason = requiredText(input, "StateReason");
  const alarm = alarms(world).get(arn);
  if (!alarm) throw new AwsError("ResourceNotFound", "The named resource does not exist.", 404);
  changeState(world, alarm, state as AlarmState, reason, textOf(input, "StateReasonData"));
  return {};
}

function tagged(world: World, call: Call, action: string, input: Input, context = {}): Alarm {
  const arn = requiredText(input, "ResourceARN");
  authorize(world, call, action, arn, context);
  return find(world, arn);
}

export function tagResource(world: World, call: Call, input: Input): Output {
  const tags = tagsOf(input["Tags"], invalid);
  Object.assign(tagged(world, call, "TagResource", input, requestTagContext(tags)).tags, tags);
  alarms(world).touch();
  return {};
}

export function untagResource(world: World, call: Call, input: Input): Output {
  const keys = listOf<string>(input["TagKeys"]);
  const alarm = tagged(world, call, "UntagResource", input, { "aws:TagKeys": keys });
  for (const key of keys) delete alarm.tags[key];
  alarms(world).touch();
  return {};
}

export function listTagsForResource(world: World, call: Call, input: Input): Output {
  return { Tags: tagList(tagged(world, call, "ListTagsForResource", input).tags) };
}

export function putMetricData(world: World, call: Call, input: Input): Output {
  const namespace = requiredText(input, "Namespace");
  authorize(world, call, "PutMetricData", "*", { "cloudwatch:namespace": namespace });
  if (namespace.startsWith("AWS/")) throw invalid("The value AWS/ for parameter Namespace is invalid.");
  const data = listOf<Input>(input["MetricData"]);
  for (const datum of data) {
    const dimensions = listOf<{ Name: string; Value: string }>(datum["Dimensions"]);
    const { account } = call.caller;
    putMetric(
      world,
      { account, region: call.region },
      namespace,
      requiredText(datum, "MetricName"),
      Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])),
      requiredNumber(datum, "Value"),
      timeOf(datum["Timestamp"]),
    );
  }
  return {};
}

/** Seconds since 1970, from any protocol's time. */
function timeOf(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime() / 1000;
  if (typeof value === "number") return value;
  return typeof value === "string" ? Date.parse(value) / 1000 : undefined;
}

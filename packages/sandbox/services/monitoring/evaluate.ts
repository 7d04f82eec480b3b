/**
 * Evaluates alarms, when data arrives and again after each period, and sends their notifications. Source: Amazon CloudWatch User Guide,
 * "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data".
 */
import { AwsError, type World, serviceCall } from "../../core";
import { descriptionOf } from "./regions";
import { metrics, MINUTE, type Minute } from "./metrics";
import { alarms, type Alarm, type AlarmState, type Dimension, type Statistic } from "./state";

/** Evaluates a metric's alarms; without a key those of all metrics. */
export function evaluateAlarms(world: World, metric?: string): void {
  for (const alarm of alarms(world).values())
    if (metric === undefined || alarm.terms.some((term) => term.metric === metric)) evaluate(world, alarm);
}

export function evaluate(world: World, alarm: Alarm): void {
  const { state, reason, data } = judge(world, alarm);
  // While it is in alarm or has data that may still count, passing time alone can change its state.
  const waiting = waitingOf(world);
  if ((state === "ALARM" || data) && !waiting.has(alarm.arn)) {
    waiting.add(alarm.arn);
    world.later(1000 * alarm.period, () => {
      waiting.delete(alarm.arn);
      const now = alarms(world).get(alarm.arn);
      if (now) evaluate(world, now);
    });
  }
  if (state !== alarm.state) changeState(world, alarm, state, reason);
}

const waits = new WeakMap<World, Set<string>>();

function waitingOf(world: World): Set<string> {
  const found = waits.get(world) ?? new Set<string>();
  waits.set(world, found);
  return found;
}

/** Sets the state and notifies. Refused actions are dropped, as on AWS. */
export function changeState(
  world: World,
  alarm: Alarm,
  state: AlarmState,
  reason: string,
  data?: string,
): void {
  const old = alarm.state;
  const time = world.now().toISOString();
  Object.assign(alarm, { state, reason, stateUpdated: time });
  if (data === undefined) delete alarm.reasonData;
  else alarm.reasonData = data;
  alarms(world).touch();
  const { shown } = alarm;
  if (!shown.ActionsEnabled || old === state) return;
  const actions = {
    OK: shown.OKActions,
    ALARM: shown.AlarmActions,
    INSUFFICIENT_DATA: shown.InsufficientDataActions,
  }[state];
  const region = descriptionOf(alarm.region);
  const message = JSON.stringify(notification(alarm, old, region, time));
  const subject = `${state}: "${shown.AlarmName}" in ${region}`.replace(/[^\x20-\x7e]/g, "?").slice(0, 100);
  for (const action of actions) {
    const source = { arn: alarm.arn, account: alarm.account, region: action.split(":")[3] ?? alarm.region };
    try {
      const call = serviceCall("cloudwatch.amazonaws.com", source);
      world.services.sns.publish(call, action, { message, subject });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }
}

function notification(alarm: Alarm, old: AlarmState, region: string, time: string): Record<string, unknown> {
  const { shown } = alarm;
  return {
    AlarmName: shown.AlarmName,
    AlarmDescription: shown.AlarmDescription ?? null,
    AWSAccountId: alarm.account,
    AlarmConfigurationUpdatedTimestamp: alarm.configured.replace("Z", "+0000"),
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: time.replace("Z", "+0000"),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: old,
    OKActions: shown.OKActions,
    AlarmActions: shown.AlarmActions,
    InsufficientDataActions: shown.InsufficientDataActions,
    Trigger: {
      ...triggerOf(alarm),
      EvaluationPeriods: shown.EvaluationPeriods,
      ...(shown.DatapointsToAlarm === undefined ? {} : { DatapointsToAlarm: shown.DatapointsToAlarm }),
      ComparisonOperator: shown.ComparisonOperator,
      Threshold: shown.Threshold,
      TreatMissingData: shown.TreatMissingData ?? "missing",
      EvaluateLowSampleCountPercentile: "",
    },
  };
}

function triggerOf({ shown }: Alarm): Record<string, unknown> {
  const named = (dimensions: readonly Dimension[]) =>
    dimensions.map(({ Name, Value }) => ({ value: Value, name: Name }));
  if ("Metrics" in shown)
    return {
      Metrics: shown.Metrics.map(({ MetricStat, ...query }) => {
        if (!MetricStat) return query;
        const { Metric } = MetricStat;
        const Dimensions = named(Metric.Dimensions);
        return { ...query, MetricStat: { ...MetricStat, Metric: { ...Metric, Dimensions } } };
      }),
    };
  return {
    MetricName: shown.MetricName,
    Namespace: shown.Namespace,
    StatisticType: "Statistic",
    Statistic: shown.Statistic.toUpperCase(),
    Unit: shown.Unit ?? null,
    Dimensions: named(shown.Dimensions),
    Period: shown.Period,
  };
}

interface Judgement {
  readonly state: AlarmState;
  readonly reason: string;
  /** True if the periods that count have any datapoint. */
  readonly data: boolean;
}

function judge(world: World, { terms, period, shown, state }: Alarm): Judgement {
  const { EvaluationPeriods, Threshold, ComparisonOperator, TreatMissingData = "missing" } = shown;
  const needed = shown.DatapointsToAlarm ?? EvaluationPeriods;
  // The window moves by minutes, and ends with the current one.
  const current = (Math.floor(world.now().getTime() / 1000 / MINUTE) + 1) * MINUTE - period;
  const values: (number | undefined)[] = [];
  for (let index = EvaluationPeriods - 1; index >= 0; index--)
    values.push(sumOf(world, terms, current - index * period, period));
  const present = values.filter((value) => value !== undefined);
  const breaching = present.filter((value) => compares(ComparisonOperator, value, Threshold)).length;
  const missing = values.length - present.length;
  const data = present.length > 0;
  const points = `${needed} out of the last ${EvaluationPeriods} datapoints`;
  const told = `[${present.join(", ")}]`;
  const limit = `the threshold (${Threshold.toFixed(1)})`;
  const words = COMPARISONS[ComparisonOperator]?.words ?? "";
  const alarming = breaching + (TreatMissingData === "breaching" ? missing : 0);
  if (alarming >= needed)
    return {
      state: "ALARM",
      reason: `Threshold Crossed: ${points} ${told} was ${words} ${limit} (minimum ${needed} datapoint${needed > 1 ? "s" : ""} for OK -> ALARM transition).`,
      data,
    };
  if (!data && TreatMissingData === "ignore") return { state, reason: "", data };
  if (!data && TreatMissingData === "missing")
    return {
      state: "INSUFFICIENT_DATA",
      reason: "Insufficient Data: no datapoints were received for the periods that are evaluated.",
      data,
    };
  const reason = data
    ? `Threshold Crossed: ${present.length} datapoint${present.length > 1 ? "s" : ""} ${told} was not ${words} ${limit}.`
    : `Threshold Crossed: no datapoints were received for ${EvaluationPeriods} period${EvaluationPeriods > 1 ? "s" : ""} and ${EvaluationPeriods} missing datapoint${EvaluationPeriods > 1 ? "s were" : " was"} treated as [${TreatMissingData === "breaching" ? "Breaching" : "NonBreaching"}].`;
  return { state: "OK", reason, data };
}

/** Metrics without a datapoint are left out of a sum. */
function sumOf(world: World, terms: Alarm["terms"], start: number, period: number): number | undefined {
  return terms
    .map(({ metric, statistic }) =>
      valueOf(metrics(world).get(metric)?.minutes ?? [], start, period, statistic),
    )
    .reduce((sum, value) => (value === undefined ? sum : (sum ?? 0) + value), undefined);
}

function valueOf(
  minutes: readonly Minute[],
  start: number,
  period: number,
  statistic: Statistic,
): number | undefined {
  const own = minutes.filter((minute) => minute.start >= start && minute.start < start + period);
  if (own.length === 0) return undefined;
  const sum = own.reduce((total, each) => total + each.sum, 0);
  const count = own.reduce((total, each) => total + each.count, 0);
  switch (statistic) {
    case "Sum":
      return sum;
    case "SampleCount":
      return count;
    case "Average":
      return sum / count;
    case "Minimum":
      return Math.min(...own.map((each) => each.minimum));
    case "Maximum":
      return Math.max(...own.map((each) => each.maximum));
  }
}

export const COMPARISONS: Readonly<
  Record<string, { readonly words: string; readonly holds: (value: number, bound: number) => boolean }>
> = {
  GreaterThanOrEqualToThreshold: {
    words: "greater than or equal to",
    holds: (value, bound) => value >= bound,
  },
  GreaterThanThreshold: { words: "greater than", holds: (value, bound) => value > bound },
  LessThanThreshold: { words: "less than", holds: (value, bound) => value < bound },
  LessThanOrEqualToThreshold: { words: "less than or equal to", holds: (value, bound) => value <= bound },
};

function compares(operator: string, value: number, bound: number): boolean {
  return COMPARISONS[operator]?.holds(value, bound) ?? false;
}

/** The metric of an alarm, or the sum of several. Source: Amazon CloudWatch API Reference, "PutMetricAlarm". */
import type { Place } from "../../core";
import { invalid, listOf, requiredNumber, requiredText, textOf, type Input } from "./input";
import { metricKey } from "./metrics";
import type { Alarm, Dimension, MetricQuery, OneMetric, Statistic } from "./state";

export interface Source {
  readonly terms: Alarm["terms"];
  /** Seconds. */
  readonly period: number;
  /** As DescribeAlarms returns it. */
  readonly shown: OneMetric | { readonly Metrics: readonly MetricQuery[] };
}

const STATISTICS = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];
/** Maximum number of an alarm's metrics and expressions. */
const MOST_QUERIES = 20;
const MOST_METRICS = 10;
const OF_ONE_METRIC = [
  "MetricName",
  "Namespace",
  "Dimensions",
  "Period",
  "Unit",
  "Statistic",
  "ExtendedStatistic",
];

export function sourceOf(input: Input, place: Place): Source {
  if (input["ExtendedStatistic"] !== undefined)
    throw invalid("The sandbox has alarms on plain statistics only: leave out ExtendedStatistic.");
  const queries = listOf<Input>(input["Metrics"]);
  return queries.length === 0 ? oneMetric(input, place) : ofQueries(input, queries, place);
}

function oneMetric(input: Input, place: Place): Source {
  const period = periodOf(input);
  const metric = metricOf(input);
  const Statistic = statisticOf(input, "Statistic");
  const unit = textOf(input, "Unit");
  return {
    terms: [{ metric: keyOf(metric, place), statistic: Statistic }],
    period,
    shown: { ...metric, Statistic, Period: period, ...(unit === undefined ? {} : { Unit: unit }) },
  };
}

function ofQueries(input: Input, given: readonly Input[], place: Place): Source {
  const isGiven = (value: unknown) => typeof value === "number" || (value ?? "") !== "";
  const both = OF_ONE_METRIC.find((name) =>
    Array.isArray(input[name]) ? input[name].length > 0 : isGiven(input[name]),
  );
  if (both !== undefined) throw invalid(`Metrics list must not be given together with ${both}.`);
  const queries = given.map(queryOf);
  const ids = queries.map(({ Id }) => Id);
  if (new Set(ids).size < ids.length) throw invalid("The values for parameter id in Metrics are not unique.");
  const stats = queries.flatMap(({ Id, MetricStat }) => (MetricStat ? [{ Id, ...MetricStat }] : []));
  if (queries.length > MOST_QUERIES || stats.length > MOST_METRICS)
    throw invalid(`An alarm has at most ${MOST_METRICS} metrics, and ${MOST_QUERIES} with its expressions.`);
  const [result, ...others] = queries.filter(({ ReturnData }) => ReturnData);
  if (!result || others.length > 0)
    throw invalid("Exactly one element of the metrics list should return data.");
  const summands = summandsOf(
    result,
    stats.map(({ Id }) => Id),
  );
  const [first, ...further] = stats;
  if (!first) throw invalid("Metrics list must contain at least one metric.");
  if (further.some(({ Period }) => Period !== first.Period))
    throw invalid("Metrics in the list of an alarm must have the same Period.");
  return {
    terms: stats
      .filter(({ Id }) => summands.includes(Id))
      .map(({ Metric, Stat }) => ({ metric: keyOf(Metric, place), statistic: Stat })),
    period: first.Period,
    shown: { Metrics: queries },
  };
}

function queryOf(given: Input): MetricQuery {
  const Id = requiredText(given, "Id");
  if (!/^[a-z]\w*$/.test(Id))
    throw invalid(
      `Invalid metrics list: id ${Id} must begin with a lower-case letter, and be letters, digits and _.`,
    );
  const label = textOf(given, "Label");
  // The query protocol sends texts.
  const ReturnData = given["ReturnData"] !== false && given["ReturnData"] !== "false";
  const common = { Id, ...(label === undefined ? {} : { Label: label }), ReturnData };
  const Expression = textOf(given, "Expression");
  const stat = given["MetricStat"] as Input | undefined;
  if ((Expression === undefined) === (stat === undefined))
    throw invalid(`Invalid metrics list: ${Id} must have either Expression or MetricStat.`);
  if (!stat) return { ...common, Expression: Expression ?? "" };
  const unit = textOf(stat, "Unit");
  return {
    ...common,
    MetricStat: {
      Metric: metricOf((stat["Metric"] ?? {}) as Input),
      Period: periodOf(stat),
      Stat: statisticOf(stat, "Stat"),
      ...(unit === undefined ? {} : { Unit: unit }),
    },
  };
}

/** IDs of the metrics that the result adds up. @param ids of all metrics */
function summandsOf({ Id, Expression }: MetricQuery, ids: readonly string[]): readonly string[] {
  if (Expression === undefined) return [Id];
  if (/^\s*SUM\(\s*METRICS\(\)\s*\)\s*$/.test(Expression)) return ids;
  const listed = /^\s*SUM\(\s*\[([\w\s,]+)\]\s*\)\s*$/.exec(Expression)?.[1];
  if (listed === undefined)
    throw invalid(
      `The sandbox has the expressions SUM(METRICS()) and SUM([id, id]) for alarms, not ${JSON.stringify(Expression)}.`,
    );
  const named = listed.split(",").map((id) => id.trim());
  const unknown = named.find((id) => !ids.includes(id));
  if (unknown !== undefined) throw invalid(`Error in expression '${Id}': Undefined variable: '${unknown}'.`);
  return named;
}

function metricOf(given: Input): Pick<OneMetric, "Namespace" | "MetricName" | "Dimensions"> {
  return {
    Namespace: requiredText(given, "Namespace"),
    MetricName: requiredText(given, "MetricName"),
    Dimensions: listOf<Dimension>(given["Dimensions"]),
  };
}

function statisticOf(given: Input, name: string): Statistic {
  const statistic = requiredText(given, name);
  if (!STATISTICS.includes(statistic)) throw invalid(`${statistic} is not a valid Statistic.`);
  return statistic as Statistic;
}

function periodOf(given: Input): number {
  const period = requiredNumber(given, "Period");
  if (period < 60 || period % 60 !== 0)
    throw invalid("Period must be a multiple of 60: the sandbox has no high-resolution metrics.");
  return period;
}

function keyOf(metric: ReturnType<typeof metricOf>, place: Place): string {
  const dimensions = Object.fromEntries(metric.Dimensions.map(({ Name, Value }) => [Name, Value]));
  return metricKey(place, metric.Namespace, metric.MetricName, dimensions);
}

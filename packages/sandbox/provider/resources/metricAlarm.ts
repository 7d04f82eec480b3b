/** CloudWatch: alarms on one metric, or on metric math. */
import type { ComparisonOperator, MetricAlarm, MetricDataQuery, Statistic } from "@aws-sdk/client-cloudwatch";
import type { Clients } from "../clients";
import type { ResourceType } from "../resourceType";
import { block, flag, length, list, map, number, oneOf, output, text } from "../schema";
import { allTags, fromTags, shownTags, strings, tagChanges, toTags } from "../tags";
import { given, isObject, must, text as textOf, type Properties } from "../values";

const sdk = () => import("@aws-sdk/client-cloudwatch");

const arns = () => list(text(), { unordered: true });

export const metricAlarm: ResourceType = {
  token: "aws:cloudwatch/metricAlarm:MetricAlarm",
  title: "CloudWatch Metric Alarm",
  identity: ["name"],
  autoName: { property: "name", maximum: 255 },
  tagged: true,
  fields: {
    name: text({ replace: true, rules: [length(1, 255)] }),
    alarmDescription: text({ rules: [length(0, 1024)] }),
    actionsEnabled: flag({ default: true }),
    alarmActions: arns(),
    okActions: arns(),
    insufficientDataActions: arns(),
    namespace: text(),
    metricName: text(),
    dimensions: map(),
    statistic: text({ rules: [oneOf("SampleCount", "Average", "Sum", "Minimum", "Maximum")] }),
    period: number(),
    unit: text(),
    metricQueries: list(
      block({
        id: text({ required: true }),
        expression: text(),
        label: text(),
        returnData: flag({ default: false }),
        metric: block({
          namespace: text(),
          metricName: text({ required: true }),
          dimensions: map(),
          period: number({ required: true }),
          stat: text({ required: true }),
          unit: text(),
        }),
      }),
      { unordered: true },
    ),
    evaluationPeriods: number({ required: true }),
    datapointsToAlarm: number({ computed: true }),
    threshold: number(),
    comparisonOperator: text({
      required: true,
      rules: [
        oneOf(
          "GreaterThanOrEqualToThreshold",
          "GreaterThanThreshold",
          "LessThanThreshold",
          "LessThanOrEqualToThreshold",
        ),
      ],
    }),
    treatMissingData: text({
      default: "missing",
      rules: [oneOf("breaching", "notBreaching", "ignore", "missing")],
    }),
    arn: output(),
  },
  // Repeating PutMetricAlarm gives the same alarm.
  async create(clients, inputs) {
    await putAlarm(clients, inputs, toTags(allTags(clients, inputs)));
    return must(inputs, "name");
  },
  async update(clients, id, olds, news) {
    const { TagResourceCommand, UntagResourceCommand } = await sdk();
    const client = await clients.cloudwatch();
    await putAlarm(clients, news);
    const { set, removed } = tagChanges(clients, olds, news);
    if (removed.length === 0 && Object.keys(set).length === 0) return;
    const ResourceARN = (await describe(clients, id))?.AlarmArn;
    if (removed.length > 0) await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: removed }));
    if (Object.keys(set).length > 0)
      await client.send(new TagResourceCommand({ ResourceARN, Tags: toTags(set) }));
  },
  async remove(clients, id) {
    const { DeleteAlarmsCommand } = await sdk();
    const client = await clients.cloudwatch();
    await client.send(new DeleteAlarmsCommand({ AlarmNames: [id] }));
  },
  async observe(clients, id) {
    const found = await describe(clients, id);
    if (!found) return undefined;
    const { ListTagsForResourceCommand } = await sdk();
    const client = await clients.cloudwatch();
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: found.AlarmArn }));
    const tags = Tags?.map(({ Key = "", Value = "" }) => ({ Key, Value }));
    return {
      name: found.AlarmName,
      alarmDescription: found.AlarmDescription ?? "",
      actionsEnabled: found.ActionsEnabled ?? true,
      alarmActions: found.AlarmActions ?? [],
      okActions: found.OKActions ?? [],
      insufficientDataActions: found.InsufficientDataActions ?? [],
      namespace: found.Namespace,
      metricName: found.MetricName,
      dimensions: shownDimensions(found.Dimensions),
      statistic: found.Statistic,
      period: found.Period,
      unit: found.Unit ?? "",
      metricQueries: (found.Metrics ?? []).map(shownQuery),
      evaluationPeriods: found.EvaluationPeriods,
      datapointsToAlarm: found.DatapointsToAlarm ?? 0,
      threshold: found.Threshold,
      comparisonOperator: found.ComparisonOperator,
      treatMissingData: found.TreatMissingData ?? "missing",
      arn: found.AlarmArn,
      ...shownTags(clients, fromTags(tags)),
    };
  },
};

async function describe(clients: Clients, name: string) {
  const { DescribeAlarmsCommand } = await sdk();
  const client = await clients.cloudwatch();
  const request = { AlarmNames: [name], AlarmTypes: ["MetricAlarm" as const] };
  return (await client.send(new DescribeAlarmsCommand(request))).MetricAlarms?.[0];
}

async function putAlarm(clients: Clients, inputs: Properties, Tags?: { Key: string; Value: string }[]) {
  const { PutMetricAlarmCommand } = await sdk();
  const client = await clients.cloudwatch();
  const numbers = (name: string) => inputs[name] as number | undefined;
  const actions = (name: string) => (inputs[name] ?? []) as string[];
  const queries = (inputs["metricQueries"] ?? []) as Properties[];
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: must(inputs, "name"),
      AlarmDescription: textOf(inputs, "alarmDescription"),
      ActionsEnabled: inputs["actionsEnabled"] !== false,
      AlarmActions: actions("alarmActions"),
      OKActions: actions("okActions"),
      InsufficientDataActions: actions("insufficientDataActions"),
      Namespace: textOf(inputs, "namespace"),
      MetricName: textOf(inputs, "metricName"),
      Dimensions: dimensions(inputs),
      Statistic: textOf(inputs, "statistic") as Statistic | undefined,
      Period: numbers("period"),
      Unit: textOf(inputs, "unit") as "Count" | undefined,
      Metrics: queries.length > 0 ? queries.map(queryOf) : undefined,
      EvaluationPeriods: numbers("evaluationPeriods"),
      DatapointsToAlarm: numbers("datapointsToAlarm") || undefined,
      Threshold: numbers("threshold"),
      ComparisonOperator: textOf(inputs, "comparisonOperator") as ComparisonOperator | undefined,
      TreatMissingData: textOf(inputs, "treatMissingData"),
      Tags,
    }),
  );
}

function dimensions(inputs: Properties) {
  return Object.entries(strings(inputs["dimensions"])).map(([Name, Value]) => ({ Name, Value }));
}

function queryOf(query: Properties): MetricDataQuery {
  const { metric } = query;
  const common = {
    Id: must(query, "id"),
    Label: textOf(query, "label"),
    ReturnData: query["returnData"] === true,
  };
  if (!isObject(metric)) return { ...common, Expression: textOf(query, "expression") };
  return {
    ...common,
    MetricStat: {
      Metric: {
        Namespace: textOf(metric, "namespace"),
        MetricName: must(metric, "metricName"),
        Dimensions: dimensions(metric),
      },
      Period: metric["period"] as number,
      Stat: must(metric, "stat"),
      Unit: textOf(metric, "unit") as "Count" | undefined,
    },
  };
}

function shownQuery({ Id, Expression, Label, ReturnData, MetricStat }: MetricDataQuery): Properties {
  const { Metric, Period, Stat, Unit } = MetricStat ?? {};
  return given({
    id: Id,
    expression: Expression,
    label: Label,
    returnData: ReturnData ?? false,
    metric:
      Metric &&
      given({
        namespace: Metric.Namespace,
        metricName: Metric.MetricName,
        dimensions: shownDimensions(Metric.Dimensions),
        period: Period,
        stat: Stat,
        unit: Unit,
      }),
  });
}

function shownDimensions(list: MetricAlarm["Dimensions"] = []): Record<string, string | undefined> {
  return Object.fromEntries(list.map(({ Name = "", Value }) => [Name, Value]));
}

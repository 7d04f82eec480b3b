/** EventBridge: rules and their targets, on the default bus. */
import type { RuleState, Target } from "@aws-sdk/client-eventbridge";
import type { Clients } from "../clients";
import { orGone } from "../retry";
import type { ResourceType } from "../resourceType";
import { block, flag, isArn, json, length, map, matching, number, oneOf, output, text } from "../schema";
import { allTags, fromTags, shownTags, strings, tagChanges, toTags } from "../tags";
import { given, isObject, must, text as textOf, type Properties } from "../values";

const GONE = "ResourceNotFoundException";
const DEFAULT_BUS = "default";
const STATES = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"] as const;
const ruleName = [length(1, 64), matching(/^[.\-_A-Za-z0-9]+$/, "must be letters, digits, ., - and _")];

/** The real provider's ID leaves out the default bus. */
const busOf = (inputs: Properties) => textOf(inputs, "eventBusName") ?? DEFAULT_BUS;

export const eventRule: ResourceType = {
  token: "aws:cloudwatch/eventRule:EventRule",
  title: "EventBridge Rule",
  identity: ["name"],
  autoName: { property: "name", prefix: "namePrefix", maximum: 64 },
  tagged: true,
  fields: {
    name: text({ replace: true, rules: ruleName }),
    namePrefix: text({ replace: true, writeOnly: true }),
    eventBusName: text({ default: DEFAULT_BUS, replace: true }),
    eventPattern: json(),
    scheduleExpression: text(),
    description: text({ rules: [length(0, 512)] }),
    roleArn: text({ rules: [isArn] }),
    state: text({ computed: true, rules: [oneOf(...STATES)] }),
    isEnabled: flag({ computed: true }),
    forceDestroy: flag({ default: false, writeOnly: true }),
    arn: output(),
  },
  // Repeating PutRule gives the same rule.
  async create(clients, inputs) {
    await putRule(clients, inputs, toTags(allTags(clients, inputs)));
    return must(inputs, "name");
  },
  async update(clients, id, olds, news) {
    const client = await clients.events();
    await putRule(clients, news);
    const { set, removed } = tagChanges(clients, olds, news);
    if (removed.length === 0 && Object.keys(set).length === 0) return;
    const { Arn: ResourceARN } = await client.describeRule({ Name: id });
    if (removed.length > 0) await client.untagResource({ ResourceARN, TagKeys: removed });
    if (Object.keys(set).length > 0) await client.tagResource({ ResourceARN, Tags: toTags(set) });
  },
  async remove(clients, id, state) {
    const client = await clients.events();
    const EventBusName = busOf(state);
    await orGone(() => client.deleteRule({ Name: id, EventBusName }), GONE);
  },
  async observe(clients, id, state) {
    const client = await clients.events();
    const EventBusName = busOf(state);
    const found = await orGone(() => client.describeRule({ Name: id, EventBusName }), GONE);
    if (!found) return undefined;
    const { Tags } = await client.listTagsForResource({ ResourceARN: found.Arn });
    const tags = Tags?.map(({ Key = "", Value = "" }) => ({ Key, Value }));
    return {
      name: found.Name,
      eventBusName: found.EventBusName ?? DEFAULT_BUS,
      eventPattern: found.EventPattern ?? "",
      scheduleExpression: found.ScheduleExpression ?? "",
      description: found.Description ?? "",
      roleArn: found.RoleArn ?? "",
      state: found.State,
      isEnabled: found.State !== "DISABLED",
      arn: found.Arn,
      ...shownTags(clients, fromTags(tags)),
    };
  },
};

async function putRule(clients: Clients, inputs: Properties, Tags?: { Key: string; Value: string }[]) {
  const client = await clients.events();
  const pattern = inputs["eventPattern"];
  const State = textOf(inputs, "state") ?? (inputs["isEnabled"] === false ? "DISABLED" : "ENABLED");
  await client.putRule({
    Name: must(inputs, "name"),
    EventBusName: busOf(inputs),
    EventPattern: isObject(pattern) ? JSON.stringify(pattern) : textOf(inputs, "eventPattern"),
    ScheduleExpression: textOf(inputs, "scheduleExpression"),
    Description: textOf(inputs, "description"),
    RoleArn: textOf(inputs, "roleArn"),
    State: State as RuleState,
    Tags,
  });
}

export const eventTarget: ResourceType = {
  token: "aws:cloudwatch/eventTarget:EventTarget",
  title: "EventBridge Target",
  identity: ["rule", "targetId"],
  autoName: { property: "targetId", maximum: 64 },
  fields: {
    rule: text({ required: true, replace: true, rules: ruleName }),
    targetId: text({ replace: true, rules: ruleName }),
    eventBusName: text({ default: DEFAULT_BUS, replace: true }),
    arn: text({ required: true, rules: [isArn] }),
    roleArn: text({ rules: [isArn] }),
    input: json(),
    inputPath: text(),
    inputTransformer: block({ inputPaths: map(), inputTemplate: text({ required: true }) }),
    deadLetterConfig: block({ arn: text({ rules: [isArn] }) }),
    retryPolicy: block({ maximumEventAgeInSeconds: number(), maximumRetryAttempts: number() }),
    forceDestroy: flag({ default: false, writeOnly: true }),
  },
  async create(clients, inputs) {
    await putTarget(clients, inputs);
    return `${must(inputs, "rule")}-${must(inputs, "targetId")}`;
  },
  update: (clients, _id, _olds, news) => putTarget(clients, news),
  async remove(clients, _id, state) {
    const client = await clients.events();
    const request = { Rule: must(state, "rule"), EventBusName: busOf(state), Ids: [must(state, "targetId")] };
    const answer = await orGone(() => client.removeTargets(request), GONE);
    failures(answer?.FailedEntries);
  },
  async observe(clients, id, state) {
    const client = await clients.events();
    // An import has only the ID: `RULE/TARGET`, or `BUS/RULE/TARGET`.
    const [targetId = "", rule = "", bus = DEFAULT_BUS] = id.includes("/") ? id.split("/").reverse() : [];
    const Rule = textOf(state, "rule") ?? rule;
    const wanted = textOf(state, "targetId") ?? targetId;
    const EventBusName = textOf(state, "eventBusName") ?? bus;
    const answer = await orGone(() => client.listTargetsByRule({ Rule, EventBusName }), GONE);
    const found = answer?.Targets?.find(({ Id }) => Id === wanted);
    return found && { rule: Rule, eventBusName: EventBusName, ...shownTarget(found) };
  },
};

function failures(entries: readonly { ErrorCode?: string; ErrorMessage?: string }[] = []): void {
  const [first] = entries;
  if (first) throw new Error(`${first.ErrorCode ?? "failed"}: ${first.ErrorMessage ?? ""}`);
}

async function putTarget(clients: Clients, inputs: Properties): Promise<void> {
  const client = await clients.events();
  const { input, inputTransformer: transformer, deadLetterConfig: dead, retryPolicy: retry } = inputs;
  const target: Target = {
    Id: must(inputs, "targetId"),
    Arn: must(inputs, "arn"),
    RoleArn: textOf(inputs, "roleArn"),
    Input: isObject(input) ? JSON.stringify(input) : textOf(inputs, "input"),
    InputPath: textOf(inputs, "inputPath"),
    InputTransformer: isObject(transformer)
      ? {
          InputPathsMap: strings(transformer["inputPaths"]),
          InputTemplate: must(transformer, "inputTemplate"),
        }
      : undefined,
    DeadLetterConfig: isObject(dead) ? { Arn: textOf(dead, "arn") } : undefined,
    RetryPolicy: isObject(retry)
      ? {
          MaximumEventAgeInSeconds: retry["maximumEventAgeInSeconds"] as number | undefined,
          MaximumRetryAttempts: retry["maximumRetryAttempts"] as number | undefined,
        }
      : undefined,
  };
  const request = { Rule: must(inputs, "rule"), EventBusName: busOf(inputs), Targets: [target] };
  failures((await client.putTargets(request)).FailedEntries);
}

function shownTarget({ Id, Arn, RoleArn, Input, InputPath, ...found }: Target): Properties {
  const { InputTransformer: transformer, DeadLetterConfig: dead, RetryPolicy: retry } = found;
  return given({
    targetId: Id,
    arn: Arn,
    roleArn: RoleArn,
    input: Input,
    inputPath: InputPath,
    inputTransformer: transformer && {
      inputPaths: transformer.InputPathsMap ?? {},
      inputTemplate: transformer.InputTemplate,
    },
    deadLetterConfig: dead && { arn: dead.Arn },
    retryPolicy: retry && {
      maximumEventAgeInSeconds: retry.MaximumEventAgeInSeconds,
      maximumRetryAttempts: retry.MaximumRetryAttempts,
    },
  });
}

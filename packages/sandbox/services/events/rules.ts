/** Rules, targets and tags. Source: Amazon EventBridge API Reference. */
import { AwsError, type Call, type World } from "../../core";
import { requestTagContext, tagList, tagsOf } from "../../protocol/tags";
import { optionalText, requiredText } from "../../protocol/members";
import { pageOf } from "../../protocol/pages";
import { matches, parsePattern } from "../../formats/eventPattern";
import {
  allowedRule,
  authorizeRule,
  checkBus,
  ruleArn,
  rules,
  type Rule,
  type RuleState,
  type Target,
} from "./state";

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

const STATES = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];
const invalid = (message: string) => new AwsError("ValidationException", message);

function checkedPattern(text: string): void {
  try {
    parsePattern(text);
  } catch (error) {
    throw new AwsError(
      "InvalidEventPatternException",
      `Event pattern is not valid. Reason: ${(error as Error).message}`,
    );
  }
}

export function putRule(world: World, call: Call, input: Input): Output {
  const name = requiredText(input, "Name");
  checkBus(call, input["EventBusName"]);
  const arn = ruleArn(call.region, call.caller.account, name);
  const tags = tagsOf(input["Tags"], invalid);
  const existing = rules(world).get(arn);
  authorizeRule(world, call, "PutRule", arn, existing, requestTagContext(tags));
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name))
    throw invalid(
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
    );
  if (input["ScheduleExpression"] !== undefined)
    throw invalid("The sandbox has no scheduled rules: give an EventPattern.");
  const pattern = optionalText(input, "EventPattern");
  if (pattern === undefined)
    throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  checkedPattern(pattern);
  const state = input["State"] ?? "ENABLED";
  if (typeof state !== "string" || !STATES.includes(state))
    throw invalid(
      `1 validation error detected: Value '${JSON.stringify(state)}' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [${STATES.join(", ")}]`,
    );
  const description = optionalText(input, "Description");
  const role = optionalText(input, "RoleArn");
  rules(world).set(arn, {
    arn,
    name,
    account: call.caller.account,
    region: call.region,
    pattern,
    state: state as RuleState,
    ...(description ? { description } : {}),
    ...(role ? { role } : {}),
    targets: existing?.targets ?? [],
    // PutRule does not change the tags of an existing rule.
    tags: existing?.tags ?? tags,
  });
  return { RuleArn: arn };
}

function shown({ arn, name, pattern, state, description, role, account }: Rule): Output {
  return {
    Name: name,
    Arn: arn,
    EventPattern: pattern,
    State: state,
    ...(description === undefined ? {} : { Description: description }),
    ...(role === undefined ? {} : { RoleArn: role }),
    EventBusName: "default",
    CreatedBy: account,
  };
}

function named(world: World, call: Call, action: string, input: Input, member = "Name"): Rule {
  checkBus(call, input["EventBusName"]);
  return allowedRule(world, call, action, requiredText(input, member));
}

export const describeRule = (world: World, call: Call, input: Input): Output =>
  shown(named(world, call, "DescribeRule", input));

export function listRules(world: World, call: Call, input: Input): Output {
  checkBus(call, input["EventBusName"]);
  authorizeRule(world, call, "ListRules", ruleArn(call.region, call.caller.account, "*"), undefined);
  const prefix = optionalText(input, "NamePrefix") ?? "";
  const own = [...rules(world).values()].filter(
    (rule) =>
      rule.account === call.caller.account && rule.region === call.region && rule.name.startsWith(prefix),
  );
  const size = typeof input["Limit"] === "number" ? input["Limit"] : 100;
  const { items, next } = pageOf(own, optionalText(input, "NextToken"), size);
  const listed = items.map((rule) => {
    const { CreatedBy: _, ...rest } = shown(rule);
    return rest;
  });
  return { Rules: listed, NextToken: next };
}

export const setState =
  (action: "EnableRule" | "DisableRule") =>
  (world: World, call: Call, input: Input): Output => {
    named(world, call, action, input).state = action === "EnableRule" ? "ENABLED" : "DISABLED";
    rules(world).touch();
    return {};
  };

export function deleteRule(world: World, call: Call, input: Input): Output {
  let rule: Rule;
  try {
    rule = named(world, call, "DeleteRule", input);
  } catch (error) {
    // Deleting an absent rule succeeds.
    if (error instanceof AwsError && /^Rule /.test(error.message)) return {};
    throw error;
  }
  if (rule.targets.length > 0) throw invalid("Rule can't be deleted since it has targets.");
  rules(world).delete(rule.arn);
  return {};
}

export function putTargets(world: World, call: Call, input: Input): Output {
  const rule = named(world, call, "PutTargets", input, "Rule");
  const given = Array.isArray(input["Targets"]) ? (input["Targets"] as Target[]) : [];
  if (given.length === 0)
    throw invalid(
      "1 validation error detected: Value null at 'targets' failed to satisfy constraint: Member must not be null",
    );
  for (const target of given) checkTarget(target);
  const kept = rule.targets.filter(({ Id }) => !given.some((target) => target.Id === Id));
  if (kept.length + given.length > 5)
    throw new AwsError(
      "LimitExceededException",
      "The requested resource exceeds the maximum number allowed.",
    );
  rule.targets = [...kept, ...given];
  rules(world).touch();
  return { FailedEntryCount: 0, FailedEntries: [] };
}

function checkTarget({ Id, Arn, Input, InputPath, InputTransformer }: Target): void {
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(Id ?? "")) throw invalid(`Target Id ${Id} is not valid.`);
  if (!/^arn:aws:(sns|sqs):[a-z0-9-]+:\d{12}:[\w-]+$/.test(Arn ?? ""))
    throw invalid(
      `Parameter ${Arn} is not valid. Reason: the sandbox delivers to SNS topics and SQS queues.`,
    );
  if ([Input, InputPath, InputTransformer].filter((each) => each !== undefined).length > 1)
    throw invalid("Only one of Input, InputPath, or InputTransformer must be provided for target.");
  if (Input === undefined) return;
  try {
    JSON.parse(Input);
  } catch {
    throw invalid(`JSON syntax error in input for target ${Id}.`);
  }
}

export function removeTargets(world: World, call: Call, input: Input): Output {
  const rule = named(world, call, "RemoveTargets", input, "Rule");
  const ids = Array.isArray(input["Ids"]) ? (input["Ids"] as string[]) : [];
  rule.targets = rule.targets.filter(({ Id }) => !ids.includes(Id));
  rules(world).touch();
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export function listTargetsByRule(world: World, call: Call, input: Input): Output {
  return { Targets: named(world, call, "ListTargetsByRule", input, "Rule").targets };
}

export function testEventPattern(world: World, call: Call, input: Input): Output {
  world.authorize(call, {
    action: "events:TestEventPattern",
    resource: "*",
    resourceAccount: call.caller.account,
    code: "AccessDeniedException",
  });
  const pattern = requiredText(input, "EventPattern");
  checkedPattern(pattern);
  let event: unknown;
  try {
    event = JSON.parse(requiredText(input, "Event"));
  } catch {
    throw invalid("Event is not valid JSON.");
  }
  if (typeof event !== "object" || event === null) throw invalid("Event is not a JSON object.");
  const missing = ["id", "account", "source", "time", "region", "resources", "detail-type"].filter(
    (name) => !Object.hasOwn(event, name),
  );
  if (missing.length > 0)
    throw invalid(`Parameter Event is not valid. Reason: it lacks ${missing.join(", ")}.`);
  return { Result: matches(parsePattern(pattern), event) };
}

function tagged(world: World, call: Call, action: string, input: Input, context = {}): Rule {
  const arn = requiredText(input, "ResourceARN");
  const name = arn.split(":rule/")[1] ?? "";
  if (arn !== ruleArn(call.region, call.caller.account, name))
    throw new AwsError("ResourceNotFoundException", `${arn} is not a rule of this account and region.`);
  return allowedRule(world, call, action, name, context);
}

export function tagResource(world: World, call: Call, input: Input): Output {
  const tags = tagsOf(input["Tags"], invalid);
  Object.assign(tagged(world, call, "TagResource", input, requestTagContext(tags)).tags, tags);
  rules(world).touch();
  return {};
}

export function untagResource(world: World, call: Call, input: Input): Output {
  const keys = (input["TagKeys"] ?? []) as string[];
  const rule = tagged(world, call, "UntagResource", input, { "aws:TagKeys": keys });
  for (const key of keys) delete rule.tags[key];
  rules(world).touch();
  return {};
}

export function listTagsForResource(world: World, call: Call, input: Input): Output {
  return { Tags: tagList(tagged(world, call, "ListTagsForResource", input).tags) };
}

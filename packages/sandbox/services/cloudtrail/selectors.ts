/** The events that a trail logs, and its tags. Source: AWS CloudTrail API Reference, "PutEventSelectors". */
import { AwsError, type Call, type World } from "../../core";
import { requestTagContext, tagList, tagsOf } from "../../protocol/tags";
import { requiredText } from "../../protocol/members";
import {
  allowedTrail,
  trails,
  type AdvancedSelector,
  type EventSelector,
  type FieldSelector,
  type Trail,
} from "./state";

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

const invalid = (message: string) => new AwsError("InvalidEventSelectorsException", message);

const FIELDS = [
  "eventCategory",
  "eventName",
  "eventSource",
  "eventType",
  "readOnly",
  "resources.ARN",
  "resources.type",
  "sessionCredentialFromConsole",
  "userIdentity.arn",
];
const OPERATORS = ["Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith"];
/** The types that basic selectors support; all others need advanced selectors. */
const BASIC_TYPES = ["AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table"];

export function putEventSelectors(world: World, call: Call, input: Input): Output {
  const trail = allowedTrail(world, call, "PutEventSelectors", requiredText(input, "TrailName"));
  const basic = input["EventSelectors"];
  const advanced = input["AdvancedEventSelectors"];
  if (Array.isArray(basic) === Array.isArray(advanced))
    throw invalid("Give either EventSelectors or AdvancedEventSelectors.");
  if (Array.isArray(advanced)) {
    trail.advanced = (advanced as AdvancedSelector[]).map(checkedAdvanced);
    trail.selectors = [];
  } else {
    trail.selectors = (basic as Partial<EventSelector>[]).map(checkedBasic);
    delete trail.advanced;
  }
  trails(world).touch();
  return selectorsOf(trail);
}

function checkedAdvanced(selector: AdvancedSelector): AdvancedSelector {
  const given: unknown = (selector as Partial<AdvancedSelector> | null)?.FieldSelectors;
  if (!Array.isArray(given) || given.some((each) => typeof each !== "object" || each === null))
    throw invalid("An advanced event selector needs FieldSelectors.");
  const fields = given as FieldSelector[];
  for (const { Field, ...operators } of fields) {
    if (!FIELDS.includes(Field)) throw invalid(`${Field} is not a field of advanced event selectors.`);
    if (
      Object.keys(operators).length === 0 ||
      !Object.keys(operators).every((name) => OPERATORS.includes(name))
    )
      throw invalid(`The field ${Field} needs one of ${OPERATORS.join(", ")}.`);
  }
  const category = fields.find(({ Field }) => Field === "eventCategory")?.Equals ?? [];
  if (category.length !== 1 || !["Management", "Data"].includes(category[0] ?? ""))
    throw invalid("An advanced event selector needs eventCategory equal to Management or Data.");
  if (
    category[0] === "Data" &&
    !fields.some(({ Field, Equals }) => Field === "resources.type" && Equals?.length)
  )
    throw invalid("A selector of data events needs resources.type equal to a type of resource.");
  return selector;
}

function checkedBasic(given: Partial<EventSelector>): EventSelector {
  const selector = {
    ReadWriteType: given.ReadWriteType ?? "All",
    IncludeManagementEvents: given.IncludeManagementEvents ?? true,
    DataResources: given.DataResources ?? [],
    ExcludeManagementEventSources: given.ExcludeManagementEventSources ?? [],
  };
  if (!["All", "ReadOnly", "WriteOnly"].includes(selector.ReadWriteType))
    throw invalid(`${selector.ReadWriteType} is not a valid ReadWriteType.`);
  const unknown = selector.DataResources.find(({ Type }) => !BASIC_TYPES.includes(Type));
  if (unknown) throw invalid(`The type ${unknown.Type} needs advanced event selectors.`);
  return selector;
}

function selectorsOf({ arn, selectors, advanced }: Trail): Output {
  return {
    TrailARN: arn,
    ...(advanced ? { AdvancedEventSelectors: advanced } : { EventSelectors: selectors }),
  };
}

export function getEventSelectors(world: World, call: Call, input: Input): Output {
  return selectorsOf(allowedTrail(world, call, "GetEventSelectors", requiredText(input, "TrailName")));
}

/** No trail of the sandbox has any. */
export function getInsightSelectors(world: World, call: Call, input: Input): Output {
  allowedTrail(world, call, "GetInsightSelectors", requiredText(input, "TrailName"));
  throw new AwsError("InsightNotEnabledException", "Insight is not enabled for the trail.");
}

export function addTags(world: World, call: Call, input: Input): Output {
  const tags = tagsOf(input["TagsList"], (why) => new AwsError("InvalidTagParameterException", why));
  const arn = requiredText(input, "ResourceId");
  const trail = allowedTrail(world, call, "AddTags", arn, requestTagContext(tags));
  Object.assign(trail.tags, tags);
  trails(world).touch();
  return {};
}

export function removeTags(world: World, call: Call, input: Input): Output {
  const keys = Object.keys(
    tagsOf(input["TagsList"], (why) => new AwsError("InvalidTagParameterException", why)),
  );
  const arn = requiredText(input, "ResourceId");
  const trail = allowedTrail(world, call, "RemoveTags", arn, { "aws:TagKeys": keys });
  for (const key of keys) delete trail.tags[key];
  trails(world).touch();
  return {};
}

export function listTags(world: World, call: Call, input: Input): Output {
  const given: unknown[] = Array.isArray(input["ResourceIdList"]) ? input["ResourceIdList"] : [];
  const list = given.filter((arn) => typeof arn === "string");
  if (list.length < given.length)
    throw new AwsError("InvalidParameterException", "ResourceIdList must be a list of ARNs.");
  const all = list.map((arn) => allowedTrail(world, call, "ListTags", arn));
  if (all.length === 0) throw new AwsError("InvalidParameterException", "ResourceIdList is empty.");
  return { ResourceTagList: all.map(({ arn, tags }) => ({ ResourceId: arn, TagsList: tagList(tags) })) };
}

/** Search, over feature groups and features. Source: SageMaker API Reference, "Search". */
import { AwsError, type Call, type World } from "../../core";
import { describedGroup } from "./describe";
import { describedFeature } from "./metadata";
import { pageOf } from "../../protocol/pages";
import { featureGroups } from "./state";

interface Filter {
  readonly Name: string;
  readonly Operator?: string;
  readonly Value?: string;
}

interface Expression {
  readonly Filters?: readonly Filter[];
  readonly SubExpressions?: readonly Expression[];
  readonly Operator?: "And" | "Or";
}

interface Request {
  readonly Resource: string;
  readonly SearchExpression?: Expression;
  readonly SortBy?: string;
  readonly SortOrder?: "Ascending" | "Descending";
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

type Found = Readonly<Record<string, unknown>>;

/** Finds the groups or features of the caller's account; groups that others share with it are left out. */
export function search(world: World, call: Call, request: Request) {
  const { account } = call.caller;
  world.authorize(call, {
    action: "sagemaker:Search",
    resource: "*",
    resourceAccount: account,
    code: "AccessDeniedException",
  });
  const { Resource, SearchExpression, SortBy = "LastModifiedTime", SortOrder } = request;
  if (Resource !== "FeatureGroup" && Resource !== "FeatureMetadata")
    throw new AwsError(
      "ValidationException",
      `The sandbox searches the resources FeatureGroup and FeatureMetadata, not ${Resource}.`,
    );
  const groups = [...featureGroups(world.store).values()].filter(
    (group) => group.account === account && group.region === call.region,
  );
  const all = groups.flatMap((group): Found[] =>
    Resource === "FeatureGroup"
      ? [{ ...describedGroup(group), Tags: group.tags }]
      : group.features.map((feature) => describedFeature(group, feature)),
  );
  const found = all.filter((each) => SearchExpression === undefined || matches(each, SearchExpression));
  const direction = SortOrder === "Ascending" ? 1 : -1;
  found.sort((a, b) => direction * compare(valueOf(a, SortBy), valueOf(b, SortBy)));
  const page = pageOf(found, request.NextToken, request.MaxResults ?? 10);
  return {
    Results: page.items.map((each) => ({ [Resource]: each })),
    TotalHits: { Value: found.length, Relation: "EqualTo" },
    NextToken: page.next,
  };
}

function matches(found: Found, { Filters = [], SubExpressions = [], Operator = "And" }: Expression): boolean {
  const answers = [
    ...Filters.map((filter) => satisfies(found, filter)),
    ...SubExpressions.map((each) => matches(found, each)),
  ];
  return Operator === "Or" ? answers.includes(true) : !answers.includes(false);
}

function satisfies(found: Found, { Name, Operator = "Equals", Value = "" }: Filter): boolean {
  const value = valueOf(found, Name);
  if (Operator === "Exists") return value !== undefined;
  if (Operator === "NotExists") return value === undefined;
  if (value === undefined) return Operator === "NotEquals";
  const wanted = typeof value === "number" ? String(timeOf(Value)) : Value;
  const order = compare(value, typeof value === "number" ? Number(wanted) : wanted);
  switch (Operator) {
    case "Equals":
      return order === 0;
    case "NotEquals":
      return order !== 0;
    case "GreaterThan":
      return order > 0;
    case "GreaterThanOrEqualTo":
      return order >= 0;
    case "LessThan":
      return order < 0;
    case "LessThanOrEqualTo":
      return order <= 0;
    case "Contains":
      return String(value).toLowerCase().includes(Value.toLowerCase());
    default:
      return Value.split(",").includes(String(value));
  }
}

/** Seconds since 1970. @throws AwsError `ValidationException` for text that is not a time */
function timeOf(value: string): number {
  const time = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Date.parse(value) / 1000;
  if (Number.isNaN(time)) throw new AwsError("ValidationException", `${value} is not a time.`);
  return time;
}

/** `FeatureGroupName`, `OfflineStoreStatus.Status`, `Tags.KEY`, `Parameters.KEY`, `AllParameters`; a list of features is searched by their names. */
function valueOf(found: Found, name: string): string | number | undefined {
  const [first = "", ...rest] = name.split(".");
  const listed = found[first];
  if ((first === "Tags" || first === "Parameters") && Array.isArray(listed))
    return (listed as { Key: string; Value: string }[]).find(({ Key }) => Key === rest.join("."))?.Value;
  if (name === "AllParameters" && Array.isArray(found["Parameters"]))
    return (found["Parameters"] as { Key: string; Value: string }[])
      .map(({ Key, Value }) => `${Key}=${Value}`)
      .join(" ");
  if (first === "FeatureDefinitions" && Array.isArray(listed))
    return (listed as Found[]).map((each) => String(each[rest[0] ?? "FeatureName"])).join(" ");
  let value: unknown = found;
  for (const part of name.split("."))
    value = typeof value === "object" && value !== null ? (value as Found)[part] : undefined;
  if (typeof value === "boolean") return String(value);
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

function compare(a: string | number | undefined, b: string | number | undefined): number {
  const [left, right] = [a ?? "", b ?? ""];
  return left < right ? -1 : left > right ? 1 : 0;
}

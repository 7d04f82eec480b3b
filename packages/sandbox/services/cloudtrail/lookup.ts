/** The event history: management events, newest first. Source: AWS CloudTrail API Reference, "LookupEvents". */
import { AwsError, type Call, type World } from "../../core";
import type { TrailEvent } from "./event";
import { pageOf } from "../../protocol/pages";
import { logOf } from "./log";

type Attribute = (event: TrailEvent, value: string) => boolean;

const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  EventId: ({ id }, value) => id === value,
  EventName: ({ name }, value) => name === value,
  ReadOnly: ({ readOnly }, value) => String(readOnly) === value,
  Username: ({ username }, value) => username === value,
  ResourceType: ({ resources }, value) => resources.some(({ type }) => type === value),
  ResourceName: ({ resources }, value) => resources.some(({ ARN }) => ARN === value || nameOf(ARN) === value),
  EventSource: ({ source }, value) => source === value,
  AccessKeyId: ({ accessKeyId }, value) => accessKeyId === value,
};

const nameOf = (arn: string) => arn.slice(Math.max(arn.lastIndexOf(":"), arn.lastIndexOf("/")) + 1);

export async function lookupEvents(
  world: World,
  call: Call,
  input: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const { account } = call.caller;
  world.authorize(call, {
    action: "cloudtrail:LookupEvents",
    resource: "*",
    resourceAccount: account,
    code: "AccessDeniedException",
  });
  const attributes = (input["LookupAttributes"] ?? []) as { AttributeKey: string; AttributeValue: string }[];
  if (attributes.length > 1)
    throw new AwsError(
      "InvalidLookupAttributesException",
      "Only one lookup attribute can be given in a request.",
    );
  const unknown = attributes.find(({ AttributeKey }) => !Object.hasOwn(ATTRIBUTES, AttributeKey));
  if (unknown)
    throw new AwsError(
      "InvalidLookupAttributesException",
      `${unknown.AttributeKey} is not a lookup attribute: it is one of ${Object.keys(ATTRIBUTES).join(", ")}.`,
    );
  const most = typeof input["MaxResults"] === "number" ? input["MaxResults"] : 50;
  if (most < 1 || most > 50)
    throw new AwsError("InvalidMaxResultsException", "MaxResults has to be from 1 to 50.");
  const [from, to] = [timeOf(input["StartTime"], 0), timeOf(input["EndTime"], Infinity)];
  if (from > to) throw new AwsError("InvalidTimeRangeException", "StartTime is after EndTime.");
  if (input["EventCategory"] !== undefined && input["EventCategory"] !== "insight")
    throw new AwsError("InvalidEventCategoryException", "EventCategory can only be insight.");
  const found = (await logOf(world).all()).filter(
    (event) =>
      input["EventCategory"] === undefined &&
      event.account === account &&
      event.region === call.region &&
      !event.data &&
      event.time >= from &&
      event.time <= to &&
      attributes.every(({ AttributeKey, AttributeValue }) =>
        ATTRIBUTES[AttributeKey]?.(event, AttributeValue),
      ),
  );
  const token = typeof input["NextToken"] === "string" ? input["NextToken"] : undefined;
  const { items, next } = pageOf(found.reverse(), token, most, "InvalidNextTokenException");
  return { Events: items.map(shown), ...(next === undefined ? {} : { NextToken: next }) };
}

function timeOf(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value * 1000 : otherwise;
}

function shown(event: TrailEvent): Record<string, unknown> {
  return {
    EventId: event.id,
    EventName: event.name,
    ReadOnly: String(event.readOnly),
    ...(event.accessKeyId === undefined ? {} : { AccessKeyId: event.accessKeyId }),
    EventTime: Math.floor(event.time / 1000),
    EventSource: event.source,
    ...(event.username === undefined ? {} : { Username: event.username }),
    Resources: event.resources.map(({ type, ARN }) => ({ ResourceType: type, ResourceName: ARN })),
    CloudTrailEvent: event.record,
  };
}

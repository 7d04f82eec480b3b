/** Subscriptions. Source: Amazon SNS API Reference. */
import { randomUUID } from "node:crypto";
import type { Call, World } from "../../core";
import { requiredText } from "../../protocol/members";
import { parsePattern } from "../../formats/eventPattern";
import { pageOf } from "../../protocol/pages";
import {
  allowedTopic,
  invalid,
  notFound,
  subscriptions,
  subscriptionsOf,
  topicArn,
  type Subscription,
} from "./state";
import { entries } from "./topics";

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

const SETTABLE = [
  "RawMessageDelivery",
  "FilterPolicy",
  "FilterPolicyScope",
  "RedrivePolicy",
  "DeliveryPolicy",
];

export function subscribe(world: World, call: Call, input: Input): Output {
  const arn = requiredText(input, "TopicArn", "InvalidParameter");
  const protocol = requiredText(input, "Protocol", "InvalidParameter");
  const endpoint = typeof input["Endpoint"] === "string" ? input["Endpoint"] : "";
  const topic = allowedTopic(world, call, "Subscribe", arn, {
    "sns:Protocol": protocol,
    "sns:Endpoint": endpoint,
  });
  if (!["sqs", "email", "email-json"].includes(protocol))
    throw invalid(`Protocol Reason: the sandbox delivers to sqs, and keeps email pending; not ${protocol}`);
  const wellFormed = protocol === "sqs" ? /^arn:aws:sqs:[a-z0-9-]+:\d{12}:[\w-]+$/ : /^[^@\s]+@[^@\s]+$/;
  if (!wellFormed.test(endpoint)) throw invalid(protocol === "sqs" ? "SQS endpoint ARN" : "Email address");
  const given = Array.isArray(input["Attributes"])
    ? (input["Attributes"] as { key?: string; value?: string }[])
    : [];
  const same = subscriptionsOf(world, arn).find(
    (each) => each.protocol === protocol && each.endpoint === endpoint,
  );
  const kept: Subscription = same ?? {
    arn: `${arn}:${randomUUID()}`,
    topic: topic.arn,
    protocol,
    endpoint,
    owner: call.caller.account,
    // A queue's owner confirms by subscribing it; others have to answer a message.
    pending: protocol !== "sqs" || endpoint.split(":")[4] !== call.caller.account,
    attributes: {},
  };
  for (const { key = "", value = "" } of given) setAttribute(kept, key, value);
  subscriptions(world).set(kept.arn, kept);
  const shown = !kept.pending || input["ReturnSubscriptionArn"] === "true";
  return { SubscriptionArn: shown ? kept.arn : "pending confirmation" };
}

function setAttribute(subscription: Subscription, name: string, value: string): void {
  if (!SETTABLE.includes(name)) throw invalid("AttributeName");
  if (name === "FilterPolicy" && value !== "" && value !== "{}") {
    try {
      parsePattern(value);
    } catch (error) {
      throw invalid(`Attributes Reason: FilterPolicy: ${(error as Error).message}`);
    }
  }
  if (value === "" || value === "{}") delete subscription.attributes[name];
  else subscription.attributes[name] = value;
}

/** The subscription, after checking that the caller may do `action` on its topic. */
function allowed(world: World, call: Call, action: string, input: Input): Subscription {
  const arn = requiredText(input, "SubscriptionArn", "InvalidParameter");
  const [, , service, region = "", account = "", name = "", id] = arn.split(":");
  if (service !== "sns" || id === undefined) throw invalid("SubscriptionArn");
  world.authorize(call, {
    action: `SNS:${action}`,
    resource: topicArn(region, account, name),
    // The subscriber may change the subscription, wherever the topic is.
    resourceAccount: subscriptions(world).get(arn)?.owner ?? account,
    code: "AuthorizationError",
  });
  const found = subscriptions(world).get(arn);
  if (!found) throw notFound("Subscription");
  return found;
}

export function unsubscribe(world: World, call: Call, input: Input): Output {
  try {
    subscriptions(world).delete(allowed(world, call, "Unsubscribe", input).arn);
  } catch (error) {
    if ((error as { code?: string }).code !== "NotFound") throw error;
  }
  return {};
}

export function setSubscriptionAttributes(world: World, call: Call, input: Input): Output {
  const found = allowed(world, call, "SetSubscriptionAttributes", input);
  const value = input["AttributeValue"];
  const name = requiredText(input, "AttributeName", "InvalidParameter");
  setAttribute(found, name, typeof value === "string" ? value : "");
  subscriptions(world).touch();
  return {};
}

export function getSubscriptionAttributes(world: World, call: Call, input: Input): Output {
  const found = allowed(world, call, "GetSubscriptionAttributes", input);
  return {
    Attributes: entries({
      SubscriptionArn: found.arn,
      TopicArn: found.topic,
      Protocol: found.protocol,
      Endpoint: found.endpoint,
      Owner: found.owner,
      SubscriptionPrincipal: `arn:aws:iam::${found.owner}:root`,
      PendingConfirmation: String(found.pending),
      ConfirmationWasAuthenticated: String(!found.pending),
      RawMessageDelivery: "false",
      ...found.attributes,
    }),
  };
}

function shownPage(all: readonly Subscription[], input: Input): Output {
  const token = typeof input["NextToken"] === "string" ? input["NextToken"] : undefined;
  const { items, next } = pageOf(all, token, 100, "InvalidParameter");
  return {
    Subscriptions: items.map((each) => ({
      SubscriptionArn: each.pending ? "PendingConfirmation" : each.arn,
      Owner: each.owner,
      Protocol: each.protocol,
      Endpoint: each.endpoint,
      TopicArn: each.topic,
    })),
    NextToken: next,
  };
}

export function listSubscriptions(world: World, call: Call, input: Input): Output {
  const { account } = call.caller;
  world.authorize(call, {
    action: "SNS:ListSubscriptions",
    resource: topicArn(call.region, account, "*"),
    resourceAccount: account,
    code: "AuthorizationError",
  });
  const own = [...subscriptions(world).values()].filter(
    ({ owner, topic }) => owner === account && topic.split(":")[3] === call.region,
  );
  return shownPage(own, input);
}

export function listSubscriptionsByTopic(world: World, call: Call, input: Input): Output {
  const arn = requiredText(input, "TopicArn", "InvalidParameter");
  const topic = allowedTopic(world, call, "ListSubscriptionsByTopic", arn);
  return shownPage(subscriptionsOf(world, topic.arn), input);
}

/** Creates and changes topics. Source: Amazon SNS API Reference. */
import type { Call, World } from "../../core";
import { requestTagContext, tagList, tagsOf } from "../../protocol/tags";
import { resourcePolicy } from "../../protocol/resourcePolicy";
import { requiredText } from "../../protocol/members";
import { pageOf } from "../../protocol/pages";
import {
  allowedTopic,
  defaultPolicy,
  invalid,
  notFound,
  subscriptions,
  subscriptionsOf,
  topicArn,
  topics,
  type Topic,
} from "./state";

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

const SETTABLE =
  /^(Policy|DisplayName|DeliveryPolicy|KmsMasterKeyId|SignatureVersion|TracingConfig|(HTTP|Firehose|Lambda|Application|SQS)(Success|Failure)Feedback(RoleArn|SampleRate))$/;

/** A map as the query protocol sends it: entries of key and value. */
function mapOf(value: unknown): Record<string, string> {
  const entries = Array.isArray(value) ? (value as { key?: string; value?: string }[]) : [];
  return Object.fromEntries(entries.map(({ key = "", value: text = "" }) => [key, text]));
}

export function createTopic(world: World, call: Call, input: Input): Output {
  const name = requiredText(input, "Name", "InvalidParameter");
  const arn = topicArn(call.region, call.caller.account, name);
  const tags = tagsOf(input["Tags"], (why) => invalid(`Tags Reason: ${why}`));
  world.authorize(call, {
    action: "SNS:CreateTopic",
    resource: arn,
    resourceAccount: call.caller.account,
    context: requestTagContext(tags),
    code: "AuthorizationError",
  });
  if (name.endsWith(".fifo")) throw invalid("The sandbox has no FIFO topics: choose a name without .fifo");
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalid("Topic Name");
  const attributes = mapOf(input["Attributes"]);
  const existing = topics(world).get(arn);
  if (existing) {
    const shown = attributesOf(world, existing);
    if (Object.entries(attributes).some(([key, value]) => key !== "Policy" && (shown[key] ?? "") !== value))
      throw invalid("Attributes Reason: Topic already exists with different attributes");
    if (Object.entries(tags).some(([key, value]) => existing.tags[key] !== value))
      throw invalid("Tags Reason: Topic already exists with different tags");
    return { TopicArn: arn };
  }
  const topic: Topic = {
    arn,
    name,
    account: call.caller.account,
    region: call.region,
    attributes: {},
    policy: defaultPolicy(arn, call.caller.account),
    tags,
  };
  for (const [key, value] of Object.entries(attributes)) setAttribute(world, topic, key, value);
  topics(world).set(arn, topic);
  return { TopicArn: arn };
}

function setAttribute(world: World, topic: Topic, name: string, value: string): void {
  if (!SETTABLE.test(name)) throw invalid("AttributeName");
  if (name === "Policy")
    topic.policy =
      value === ""
        ? defaultPolicy(topic.arn, topic.account)
        : resourcePolicy(world, value, (why) => invalid(`Policy Error: ${why}`));
  else if (value === "") delete topic.attributes[name];
  else topic.attributes[name] = value;
}

export function setTopicAttributes(world: World, call: Call, input: Input): Output {
  const arn = requiredText(input, "TopicArn", "InvalidParameter");
  const topic = allowedTopic(world, call, "SetTopicAttributes", arn);
  const value = input["AttributeValue"];
  setAttribute(
    world,
    topic,
    requiredText(input, "AttributeName", "InvalidParameter"),
    typeof value === "string" ? value : "",
  );
  topics(world).touch();
  return {};
}

function attributesOf(world: World, topic: Topic): Record<string, string> {
  const own = subscriptionsOf(world, topic.arn);
  const pending = own.filter((each) => each.pending).length;
  const healthy =
    '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}';
  return {
    TopicArn: topic.arn,
    Owner: topic.account,
    Policy: JSON.stringify(world.principals.show(topic.policy)),
    DisplayName: "",
    EffectiveDeliveryPolicy: healthy,
    SubscriptionsConfirmed: String(own.length - pending),
    SubscriptionsPending: String(pending),
    SubscriptionsDeleted: "0",
    ...topic.attributes,
  };
}

/** A map as the query protocol returns it. */
export function entries(map: Readonly<Record<string, string>>): Output {
  return { entry: Object.entries(map).map(([key, value]) => ({ key, value })) };
}

export function getTopicAttributes(world: World, call: Call, input: Input): Output {
  const arn = requiredText(input, "TopicArn", "InvalidParameter");
  const topic = allowedTopic(world, call, "GetTopicAttributes", arn);
  return { Attributes: entries(attributesOf(world, topic)) };
}

export function listTopics(world: World, call: Call, input: Input): Output {
  const { account } = call.caller;
  world.authorize(call, {
    action: "SNS:ListTopics",
    resource: topicArn(call.region, account, "*"),
    resourceAccount: account,
    code: "AuthorizationError",
  });
  const own = [...topics(world).values()].filter(
    (topic) => topic.account === account && topic.region === call.region,
  );
  const token = typeof input["NextToken"] === "string" ? input["NextToken"] : undefined;
  const { items, next } = pageOf(own, token, 100, "InvalidParameter");
  return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), NextToken: next };
}

/** Succeeds if the topic does not exist. */
export function deleteTopic(world: World, call: Call, input: Input): Output {
  const arn = requiredText(input, "TopicArn", "InvalidParameter");
  try {
    allowedTopic(world, call, "DeleteTopic", arn);
  } catch (error) {
    if ((error as { code?: string }).code === "NotFound") return {};
    throw error;
  }
  topics(world).delete(arn);
  for (const { arn: subscription } of subscriptionsOf(world, arn)) subscriptions(world).delete(subscription);
  return {};
}

function tagged(world: World, call: Call, action: string, input: Input, context = {}): Topic {
  const arn = requiredText(input, "ResourceArn", "InvalidParameter");
  try {
    return allowedTopic(world, call, action, arn, context);
  } catch (error) {
    if ((error as { code?: string }).code !== "NotFound") throw error;
    const { code, message } = { code: "ResourceNotFound", message: "Resource" };
    throw Object.assign(notFound(message), { code });
  }
}

export function tagResource(world: World, call: Call, input: Input): Output {
  const tags = tagsOf(input["Tags"], (why) => invalid(`Tags Reason: ${why}`));
  const topic = tagged(world, call, "TagResource", input, requestTagContext(tags));
  Object.assign(topic.tags, tags);
  topics(world).touch();
  return {};
}

export function untagResource(world: World, call: Call, input: Input): Output {
  const keys = (input["TagKeys"] ?? []) as string[];
  const topic = tagged(world, call, "UntagResource", input, { "aws:TagKeys": keys });
  for (const key of keys) delete topic.tags[key];
  topics(world).touch();
  return {};
}

export function listTagsForResource(world: World, call: Call, input: Input): Output {
  return { Tags: tagList(tagged(world, call, "ListTagsForResource", input).tags) };
}

/** Creates and changes queues. Source: Amazon SQS API Reference. */
import type { Call, ServiceRequest, World } from "../../core";
import { AwsError } from "../../core";
import { requestTagContext, resourceTagContext } from "../../protocol/tags";
import { resourcePolicy } from "../../protocol/resourcePolicy";
import { requiredText } from "../../protocol/members";
import { pageOf } from "../../protocol/pages";

import { arnOfUrl, messages, noQueue, queueArn, queues, sqsError, type Queue } from "./state";

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

/** Default and bounds. Source: SQS API Reference, SetQueueAttributes. */
const NUMBERS: Readonly<Record<string, readonly [number, number, number]>> = {
  DelaySeconds: [0, 0, 900],
  MaximumMessageSize: [1_048_576, 1024, 1_048_576],
  MessageRetentionPeriod: [345_600, 60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 0, 20],
  VisibilityTimeout: [30, 0, 43_200],
  KmsDataKeyReusePeriodSeconds: [300, 60, 86_400],
};
const TEXTS = ["KmsMasterKeyId", "SqsManagedSseEnabled", "RedrivePolicy", "RedriveAllowPolicy"];

/** The request's queue, after checking that the caller may do `action` on it by its own policies or the queue's. */
export function allowedQueue(world: World, call: Call, action: string, arn: string, context = {}): Queue {
  const queue = queues(world).get(arn);
  const [, , , , account = ""] = arn.split(":");
  authorizeQueue(world, call, action, arn, queue, account, context);
  if (!queue) throw noQueue();
  return queue;
}

function authorizeQueue(
  world: World,
  call: Call,
  action: string,
  arn: string,
  queue: Queue | undefined,
  account: string,
  context = {},
): void {
  world.authorize(call, {
    action: `sqs:${action}`,
    resource: arn,
    resourceAccount: account,
    context: { ...resourceTagContext(queue?.tags ?? {}), ...context },
    ...(queue?.policy ? { resourcePolicy: queue.policy } : {}),
    code: "AccessDenied",
  });
}

/** SDKs send later requests to the URL's host, so it has to be the one that they reached. */
const urlOf = ({ headers }: ServiceRequest, { account, name }: Queue) =>
  `http://${headers.host ?? "127.0.0.1"}/${account}/${name}`;

export function createQueue(world: World, call: Call, input: Input, request: ServiceRequest): Output {
  const name = requiredText(input, "QueueName", "MissingParameter");
  const arn = queueArn(call.region, call.caller.account, name);
  const tags = (input["tags"] ?? {}) as Record<string, string>;
  authorizeQueue(world, call, "CreateQueue", arn, undefined, call.caller.account, requestTagContext(tags));
  if (name.endsWith(".fifo"))
    throw sqsError("InvalidParameterValue", "The sandbox has no FIFO queues: choose a name without .fifo.");
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name))
    throw sqsError(
      "InvalidParameterValue",
      "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
    );
  const attributes = (input["Attributes"] ?? {}) as Record<string, string>;
  const existing = queues(world).get(arn);
  if (existing) {
    const shown = attributesOf(world, existing);
    const other = Object.entries(attributes).find(
      ([key, value]) => key !== "Policy" && (shown[key] ?? "") !== value,
    );
    if (other)
      throw sqsError(
        "QueueNameExists",
        `A queue already exists with the same name and a different value for attribute ${other[0]}`,
        "QueueAlreadyExists",
      );
    return { QueueUrl: urlOf(request, existing) };
  }
  const now = Math.floor(world.now().getTime() / 1000);
  const queue: Queue = {
    arn,
    name,
    account: call.caller.account,
    region: call.region,
    created: now,
    modified: now,
    attributes: {},
    tags: { ...tags },
  };
  setAttributes(world, queue, attributes);
  queues(world).set(arn, queue);
  return { QueueUrl: urlOf(request, queue) };
}

function setAttributes(world: World, queue: Queue, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const bounds = NUMBERS[name];
    const wrong = () =>
      sqsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`, "InvalidAttributeValue");
    if (name === "Policy") {
      if (value === "") delete queue.policy;
      else queue.policy = resourcePolicy(world, value, wrong);
    } else if (bounds) {
      const given = Number(value);
      if (!Number.isInteger(given) || given < bounds[1] || given > bounds[2]) throw wrong();
      queue.attributes[name] = String(given);
    } else if (TEXTS.includes(name)) {
      if (value === "") delete queue.attributes[name];
      else queue.attributes[name] = value;
      if (name === "KmsMasterKeyId" && value !== "") delete queue.attributes["SqsManagedSseEnabled"];
    } else throw sqsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
  }
  queue.modified = Math.floor(world.now().getTime() / 1000);
}

export function setQueueAttributes(world: World, call: Call, input: Input): Output {
  const queue = allowedQueue(world, call, "SetQueueAttributes", arnOfUrl(call, input["QueueUrl"]));
  setAttributes(world, queue, (input["Attributes"] ?? {}) as Record<string, string>);
  queues(world).touch();
  return {};
}

function attributesOf(world: World, queue: Queue): Record<string, string> {
  const now = world.now().getTime();
  const kept = messages(world).get(queue.arn) ?? [];
  const hidden = kept.filter(({ visible }) => visible > now);
  const delayed = hidden.filter(({ received }) => received === 0).length;
  const defaults = Object.entries(NUMBERS)
    .filter(([name]) => name !== "KmsDataKeyReusePeriodSeconds" || queue.attributes["KmsMasterKeyId"])
    .map(([name, [value]]) => [name, String(value)] as const);
  return {
    ...Object.fromEntries(defaults),
    SqsManagedSseEnabled: queue.attributes["KmsMasterKeyId"] ? "false" : "true",
    ...queue.attributes,
    QueueArn: queue.arn,
    CreatedTimestamp: String(queue.created),
    LastModifiedTimestamp: String(queue.modified),
    ApproximateNumberOfMessages: String(kept.length - hidden.length),
    ApproximateNumberOfMessagesNotVisible: String(hidden.length - delayed),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ...(queue.policy ? { Policy: JSON.stringify(world.principals.show(queue.policy)) } : {}),
  };
}

export function getQueueAttributes(world: World, call: Call, input: Input): Output {
  const queue = allowedQueue(world, call, "GetQueueAttributes", arnOfUrl(call, input["QueueUrl"]));
  const wanted = Array.isArray(input["AttributeNames"]) ? (input["AttributeNames"] as string[]) : [];
  const all = attributesOf(world, queue);
  const known = [...Object.keys(all), ...TEXTS, ...Object.keys(NUMBERS), "Policy", "All"];
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw sqsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
  const shown = Object.entries(all).filter(([name]) => wanted.includes("All") || wanted.includes(name));
  return shown.length > 0 ? { Attributes: Object.fromEntries(shown) } : {};
}

export function getQueueUrl(world: World, call: Call, input: Input, request: ServiceRequest): Output {
  const owner = input["QueueOwnerAWSAccountId"];
  const account = typeof owner === "string" ? owner : call.caller.account;
  const arn = queueArn(call.region, account, requiredText(input, "QueueName", "MissingParameter"));
  return { QueueUrl: urlOf(request, allowedQueue(world, call, "GetQueueUrl", arn)) };
}

export function listQueues(world: World, call: Call, input: Input, request: ServiceRequest): Output {
  const { account } = call.caller;
  world.authorize(call, {
    action: "sqs:ListQueues",
    resource: queueArn(call.region, account, "*"),
    resourceAccount: account,
    code: "AccessDenied",
  });
  const prefix = typeof input["QueueNamePrefix"] === "string" ? input["QueueNamePrefix"] : "";
  const own = [...queues(world).values()].filter(
    (queue) => queue.account === account && queue.region === call.region && queue.name.startsWith(prefix),
  );
  const size = typeof input["MaxResults"] === "number" ? input["MaxResults"] : 1000;
  const token = typeof input["NextToken"] === "string" ? input["NextToken"] : undefined;
  const { items, next } = pageOf(own, token, size, "InvalidParameterValue");
  return {
    ...(items.length > 0 ? { QueueUrls: items.map((queue) => urlOf(request, queue)) } : {}),
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

export function deleteQueue(world: World, call: Call, input: Input): Output {
  const queue = allowedQueue(world, call, "DeleteQueue", arnOfUrl(call, input["QueueUrl"]));
  queues(world).delete(queue.arn);
  messages(world).delete(queue.arn);
  return {};
}

export function purgeQueue(world: World, call: Call, input: Input): Output {
  const queue = allowedQueue(world, call, "PurgeQueue", arnOfUrl(call, input["QueueUrl"]));
  messages(world).delete(queue.arn);
  return {};
}

export function tagQueue(world: World, call: Call, input: Input): Output {
  const tags = (input["Tags"] ?? {}) as Record<string, string>;
  const arn = arnOfUrl(call, input["QueueUrl"]);
  const queue = allowedQueue(world, call, "TagQueue", arn, requestTagContext(tags));
  if (Object.keys(tags).some((key) => key.toLowerCase().startsWith("aws:")))
    throw new AwsError("InvalidParameterValue", "Tag keys with the prefix aws: are AWS's own.");
  Object.assign(queue.tags, tags);
  queues(world).touch();
  return {};
}

export function untagQueue(world: World, call: Call, input: Input): Output {
  const keys = (input["TagKeys"] ?? []) as string[];
  const arn = arnOfUrl(call, input["QueueUrl"]);
  const queue = allowedQueue(world, call, "UntagQueue", arn, { "aws:TagKeys": keys });
  for (const key of keys) delete queue.tags[key];
  queues(world).touch();
  return {};
}

export function listQueueTags(world: World, call: Call, input: Input): Output {
  const queue = allowedQueue(world, call, "ListQueueTags", arnOfUrl(call, input["QueueUrl"]));
  return Object.keys(queue.tags).length > 0 ? { Tags: queue.tags } : {};
}

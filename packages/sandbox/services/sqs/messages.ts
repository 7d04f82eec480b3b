/** Sends, receives and deletes messages. Source: Amazon SQS API Reference. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { callVia, type Call, type World } from "../../core";
import { allowedQueue } from "./queues";
import { arnOfUrl, messages, MOST_MESSAGES, queues, sqsError, type Message, type Queue } from "./state";

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

/** Milliseconds between the checks of a waiting receiver. */
const LOOK = 100;

const md5 = (text: string) => createHash("md5").update(text).digest("hex");

export function sendMessage(world: World, call: Call, input: Input): Output {
  const arn = arnOfUrl(call, input["QueueUrl"]);
  const body = input["MessageBody"];
  const queue = allowedQueue(world, call, "SendMessage", arn);
  if (typeof body !== "string" || body === "")
    throw sqsError("MissingParameter", "The request must contain the parameter MessageBody.");
  const delay = typeof input["DelaySeconds"] === "number" ? input["DelaySeconds"] : undefined;
  const message = put(world, call, queue, body, input["MessageAttributes"], delay);
  return { MessageId: message.id, MD5OfMessageBody: md5(body) };
}

/** Like SendMessage, for other services: checks sqs:SendMessage, and the queue's key. */
export function deliverTo(world: World, call: Call, arn: string, body: string): void {
  put(world, call, allowedQueue(world, call, "SendMessage", arn), body, undefined, undefined);
}

function put(
  world: World,
  call: Call,
  queue: Queue,
  body: string,
  attributes: unknown,
  delay: number | undefined,
): Message {
  if (Buffer.byteLength(body) > Number(queue.attributes["MaximumMessageSize"] ?? 1_048_576))
    throw sqsError("InvalidParameterValue", "One or more parameters are invalid. Reason: Message too long.");
  // The sender needs a data key, and permission to decrypt it.
  const key = queue.attributes["KmsMasterKeyId"];
  if (key !== undefined) {
    const via = callVia(call, "sqs");
    const context = { "aws:sqs:arn": queue.arn };
    const { ciphertext } = world.services.kms.generateDataKey(via, key, context);
    world.services.kms.decrypt(via, ciphertext, context);
  }
  const now = world.now().getTime();
  const message: Message = {
    id: randomUUID(),
    body,
    ...(attributes === undefined ? {} : { attributes }),
    sender: call.caller.userId,
    sent: now,
    received: 0,
    visible: now + 1000 * (delay ?? Number(queue.attributes["DelaySeconds"] ?? 0)),
  };
  const kept = [...alive(world, queue, now), message];
  messages(world).set(queue.arn, kept.slice(-MOST_MESSAGES));
  return message;
}

/** The messages that are not older than the queue's retention period. */
function alive(world: World, queue: Queue, now: number): Message[] {
  const period = 1000 * Number(queue.attributes["MessageRetentionPeriod"] ?? 345_600);
  return (messages(world).get(queue.arn) ?? []).filter(({ sent }) => sent + period > now);
}

export async function receiveMessage(world: World, call: Call, input: Input): Promise<Output> {
  const queue = allowedQueue(world, call, "ReceiveMessage", arnOfUrl(call, input["QueueUrl"]));
  const most = typeof input["MaxNumberOfMessages"] === "number" ? input["MaxNumberOfMessages"] : 1;
  if (!Number.isInteger(most) || most < 1 || most > 10)
    throw sqsError(
      "InvalidParameterValue",
      `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
    );
  const key = queue.attributes["KmsMasterKeyId"];
  if (key !== undefined) {
    const via = callVia(call, "sqs");
    if (!world.services.kms.allows(via, key, "kms:Decrypt", { "aws:sqs:arn": queue.arn }))
      throw sqsError(
        "KmsAccessDenied",
        `The caller does not have access to the customer master key specified in the request: ${key}`,
        "KMS.AccessDeniedException",
      );
  }
  const given = input["WaitTimeSeconds"];
  const wait =
    typeof given === "number" ? given : Number(queue.attributes["ReceiveMessageWaitTimeSeconds"] ?? 0);
  const end = Date.now() + 1000 * Math.min(wait, 20);
  for (;;) {
    const taken = take(world, queue, most, input);
    if (taken.length > 0) return { Messages: taken };
    if (Date.now() >= end || !queues(world).has(queue.arn)) return {};
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

function take(world: World, queue: Queue, most: number, input: Input): Output[] {
  const now = world.now().getTime();
  const given = input["VisibilityTimeout"];
  const hidden = typeof given === "number" ? given : Number(queue.attributes["VisibilityTimeout"] ?? 30);
  const taken = alive(world, queue, now)
    .filter(({ visible }) => visible <= now)
    .slice(0, most);
  for (const message of taken) {
    message.visible = now + 1000 * hidden;
    message.first ??= now;
    message.received++;
    message.receipt = randomBytes(48).toString("base64");
  }
  if (taken.length > 0) messages(world).touch();
  const names = [input["AttributeNames"], input["MessageSystemAttributeNames"]].flatMap((list) =>
    Array.isArray(list) ? (list as string[]) : [],
  );
  return taken.map((message) => {
    const all = Object.entries({
      SenderId: message.sender,
      SentTimestamp: String(message.sent),
      ApproximateReceiveCount: String(message.received),
      ApproximateFirstReceiveTimestamp: String(message.first),
    });
    const shown = all.filter(([name]) => names.includes("All") || names.includes(name));
    return {
      MessageId: message.id,
      ReceiptHandle: message.receipt,
      MD5OfBody: md5(message.body),
      Body: message.body,
      ...(shown.length > 0 ? { Attributes: Object.fromEntries(shown) } : {}),
      ...(message.attributes !== undefined && Array.isArray(input["MessageAttributeNames"])
        ? { MessageAttributes: message.attributes }
        : {}),
    };
  });
}

function remove(world: World, queue: Queue, receipt: unknown): void {
  if (typeof receipt !== "string" || Buffer.from(receipt, "base64").length !== 48)
    throw sqsError(
      "ReceiptHandleIsInvalid",
      `The input receipt handle "${String(receipt)}" is not a valid receipt handle.`,
      "ReceiptHandleIsInvalid",
      404,
    );
  const kept = messages(world).get(queue.arn) ?? [];
  messages(world).set(
    queue.arn,
    kept.filter((message) => message.receipt !== receipt),
  );
}

export function deleteMessage(world: World, call: Call, input: Input): Output {
  const queue = allowedQueue(world, call, "DeleteMessage", arnOfUrl(call, input["QueueUrl"]));
  remove(world, queue, input["ReceiptHandle"]);
  return {};
}

export function deleteMessageBatch(world: World, call: Call, input: Input): Output {
  const queue = allowedQueue(world, call, "DeleteMessage", arnOfUrl(call, input["QueueUrl"]));
  const given = Array.isArray(input["Entries"])
    ? (input["Entries"] as (Record<string, unknown> | null)[])
    : [];
  const entries = given.filter((entry) => entry !== null);
  if (entries.length === 0)
    throw sqsError(
      "EmptyBatchRequest",
      "There should be at least one DeleteMessageBatchRequestEntry in the request.",
      "AWS.SimpleQueueService.EmptyBatchRequest",
    );
  if (entries.length > 10)
    throw sqsError(
      "TooManyEntriesInBatchRequest",
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
      "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    );
  for (const { ReceiptHandle } of entries) remove(world, queue, ReceiptHandle);
  return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
}

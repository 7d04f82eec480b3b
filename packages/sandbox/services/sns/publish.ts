/** Publishes, and delivers to the subscribed queues. Source: Amazon SNS Developer Guide, "Amazon SNS message delivery". */
import { randomUUID } from "node:crypto";
import { AwsError, callVia, serviceCall, type Call, type Publication, type World } from "../../core";
import { requiredText } from "../../protocol/members";
import { matches, parsePattern } from "../../formats/eventPattern";
import { allowedTopic, invalid, subscriptionsOf, type Subscription, type Topic } from "./state";

type Input = Readonly<Record<string, unknown>>;

/** 256 KiB. Source: Amazon SNS quotas. */
const LARGEST = 262_144;

export function publish(world: World, call: Call, input: Input): Record<string, unknown> {
  const arn = input["TopicArn"] ?? input["TargetArn"];
  if (typeof arn !== "string") throw invalid("TopicArn or TargetArn Reason: no value for required parameter");
  const subject = typeof input["Subject"] === "string" ? input["Subject"] : undefined;
  const message = requiredText(input, "Message", "InvalidParameter");
  return { MessageId: publishTo(world, call, arn, { message, subject, attributes: attributesOf(input) }) };
}

function attributesOf(input: Input): Publication["attributes"] {
  const given = input["MessageAttributes"];
  if (!Array.isArray(given)) return undefined;
  const list = given as {
    Name: string;
    Value: { DataType: string; StringValue?: string; BinaryValue?: string };
  }[];
  return Object.fromEntries(
    list.map(({ Name, Value }) => [
      Name,
      { Type: Value.DataType, Value: Value.StringValue ?? Value.BinaryValue ?? "" },
    ]),
  );
}

/** Like Publish, for other services, too: checks sns:Publish and the topic's key; returns the message's ID. */
export function publishTo(world: World, call: Call, arn: string, publication: Publication): string {
  const topic = allowedTopic(world, call, "Publish", arn);
  if (Buffer.byteLength(publication.message) > LARGEST) throw invalid("Message too long");
  if (publication.subject !== undefined && !/^[\x20-\x7e]{1,100}$/.test(publication.subject))
    throw invalid("Subject");
  useKey(world, call, topic);
  const id = randomUUID();
  for (const subscription of subscriptionsOf(world, arn))
    if (!subscription.pending && wanted(subscription, publication))
      deliver(world, topic, subscription, id, publication);
  return id;
}

/** Publishing to an encrypted topic needs its key. Source: SNS Developer Guide, "Key management". */
function useKey(world: World, call: Call, topic: Topic): void {
  const key = topic.attributes["KmsMasterKeyId"];
  if (key === undefined) return;
  const via = callVia(call, "sns");
  const context = { "aws:sns:topicArn": topic.arn };
  try {
    const { ciphertext } = world.services.kms.generateDataKey(via, key, context);
    world.services.kms.decrypt(via, ciphertext, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const code =
      {
        AccessDeniedException: "KMSAccessDenied",
        NotFoundException: "KMSNotFound",
        DisabledException: "KMSDisabled",
      }[error.code] ?? "KMSInvalidState";
    throw new AwsError(
      code,
      `${error.message} (Service: AWSKMS; Status Code: 400; Error Code: ${error.code})`,
    );
  }
}

/** Applies the subscription's filter policy to the message's attributes or its body. */
function wanted({ attributes }: Subscription, publication: Publication): boolean {
  const text = attributes["FilterPolicy"];
  if (text === undefined) return true;
  const filter = parsePattern(text);
  if (attributes["FilterPolicyScope"] !== "MessageBody") {
    const values = Object.entries(publication.attributes ?? {}).map(([name, { Type, Value }]) => [
      name,
      Type === "Number" ? Number(Value) : Type === "String.Array" ? (JSON.parse(Value) as unknown) : Value,
    ]);
    return matches(filter, Object.fromEntries(values));
  }
  try {
    return matches(filter, JSON.parse(publication.message));
  } catch {
    return false; // a body that is not JSON passes no filter on the body
  }
}

/** A delivery that the queue refuses is dropped, as AWS does after its retries. */
function deliver(
  world: World,
  topic: Topic,
  subscription: Subscription,
  id: string,
  { message, subject, attributes }: Publication,
): void {
  const raw = subscription.attributes["RawMessageDelivery"] === "true";
  const host = `https://sns.${topic.region}.amazonaws.com`;
  const envelope = {
    Type: "Notification",
    MessageId: id,
    TopicArn: topic.arn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: message,
    Timestamp: world.now().toISOString(),
    UnsubscribeURL: `${host}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
    ...(attributes ? { MessageAttributes: attributes } : {}),
  };
  const [, , , region = ""] = subscription.endpoint.split(":");
  const source = { arn: topic.arn, account: topic.account, region };
  try {
    world.services.sqs.sendMessage(
      serviceCall("sns.amazonaws.com", source),
      subscription.endpoint,
      raw ? message : JSON.stringify(envelope, null, 2),
    );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

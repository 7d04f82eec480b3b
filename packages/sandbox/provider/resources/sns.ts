/** SNS: topics, their policies, and subscriptions. */
import type { Clients } from "../clients";
import { NEW_PRINCIPAL, orGone, retrying } from "../retry";
import type { ResourceType } from "../resourceType";
import { flag, isArn, json, length, matching, number, oneOf, output, text } from "../schema";
import { allTags, fromTags, shownTags, tagChanges, toTags } from "../tags";
import { must, text as textOf, type Properties } from "../values";

/** SNS has one code for all invalid attributes: only the message reveals a new principal. */
const NEW_POLICY = [...NEW_PRINCIPAL, { name: "InvalidParameterException", message: /policy error/i }];
const GONE = ["NotFoundException", "NotFound"] as const;

/** Attributes by property. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  displayName: "DisplayName",
  policy: "Policy",
  kmsMasterKeyId: "KmsMasterKeyId",
  deliveryPolicy: "DeliveryPolicy",
  signatureVersion: "SignatureVersion",
  tracingConfig: "TracingConfig",
};

function written(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function setTopic(clients: Clients, TopicArn: string, AttributeName: string, value: unknown) {
  const client = await clients.sns();
  const send = () =>
    client.setTopicAttributes({
      TopicArn,
      AttributeName,
      AttributeValue: written(value),
    });
  await retrying(send, NEW_POLICY, clients.patience ?? 60_000);
}

async function topicAttributes(clients: Clients, TopicArn: string) {
  const client = await clients.sns();
  const answer = await orGone(() => client.getTopicAttributes({ TopicArn }), ...GONE);
  return answer?.Attributes;
}

export const topic: ResourceType = {
  token: "aws:sns/topic:Topic",
  title: "SNS Topic",
  identity: ["name"],
  autoName: { property: "name", prefix: "namePrefix", maximum: 256 },
  tagged: true,
  fields: {
    name: text({
      replace: true,
      rules: [
        matching(
          /^[a-zA-Z0-9_-]{1,256}$/,
          "must be letters, digits, underscores and hyphens; FIFO topics are not supported",
        ),
      ],
    }),
    namePrefix: text({ replace: true, writeOnly: true }),
    displayName: text(),
    policy: json({ computed: true }),
    kmsMasterKeyId: text(),
    deliveryPolicy: json(),
    signatureVersion: number({ computed: true }),
    tracingConfig: text({ computed: true, rules: [oneOf("PassThrough", "Active")] }),
    arn: output(),
    owner: output(),
  },
  // Repeating CreateTopic gives the same topic.
  async create(clients, inputs) {
    const client = await clients.sns();
    const Attributes = Object.fromEntries(
      Object.entries(ATTRIBUTES)
        .filter(([name]) => name !== "policy" && inputs[name] !== undefined)
        .map(([name, attribute]) => [attribute, written(inputs[name])]),
    );
    const Tags = toTags(allTags(clients, inputs));
    const { TopicArn = "" } = await client.createTopic({ Name: must(inputs, "name"), Attributes, Tags });
    if (inputs["policy"] !== undefined) await setTopic(clients, TopicArn, "Policy", inputs["policy"]);
    return TopicArn;
  },
  async update(clients, id, olds, news) {
    const client = await clients.sns();
    for (const [name, attribute] of Object.entries(ATTRIBUTES))
      if (written(olds[name]) !== written(news[name]) && !(name === "policy" && news[name] === undefined))
        await setTopic(clients, id, attribute, news[name]);
    const { set, removed } = tagChanges(clients, olds, news);
    if (removed.length > 0) await client.untagResource({ ResourceArn: id, TagKeys: removed });
    if (Object.keys(set).length > 0) await client.tagResource({ ResourceArn: id, Tags: toTags(set) });
  },
  async remove(clients, TopicArn) {
    const client = await clients.sns();
    await orGone(() => client.deleteTopic({ TopicArn }), ...GONE);
  },
  async observe(clients, id) {
    const found = await topicAttributes(clients, id);
    if (!found) return undefined;
    const client = await clients.sns();
    const { Tags } = await client.listTagsForResource({ ResourceArn: id });
    return {
      name: id.slice(id.lastIndexOf(":") + 1),
      displayName: found["DisplayName"] ?? "",
      policy: found["Policy"],
      kmsMasterKeyId: found["KmsMasterKeyId"] ?? "",
      deliveryPolicy: found["DeliveryPolicy"] ?? "",
      signatureVersion: Number(found["SignatureVersion"] ?? 0),
      tracingConfig: found["TracingConfig"] ?? "",
      arn: id,
      owner: found["Owner"],
      ...shownTags(clients, fromTags(Tags)),
    };
  },
};

export const topicPolicy: ResourceType = {
  token: "aws:sns/topicPolicy:TopicPolicy",
  title: "SNS Topic Policy",
  identity: ["arn"],
  fields: {
    arn: text({ required: true, replace: true, rules: [isArn] }),
    policy: json({ required: true }),
    owner: output(),
  },
  async create(clients, inputs) {
    const arn = must(inputs, "arn");
    await setTopic(clients, arn, "Policy", inputs["policy"]);
    return arn;
  },
  update: (clients, id, _olds, news) => setTopic(clients, id, "Policy", news["policy"]),
  /** A topic always has a policy, so its default policy is restored, as the real provider does. */
  async remove(clients, id) {
    const owner = id.split(":")[4] ?? "";
    const policy = {
      Version: "2008-10-17",
      Id: "default_policy_id",
      Statement: [
        {
          Sid: "default_statement_id",
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: [
            "SNS:GetTopicAttributes",
            "SNS:SetTopicAttributes",
            "SNS:AddPermission",
            "SNS:RemovePermission",
            "SNS:DeleteTopic",
            "SNS:Subscribe",
            "SNS:ListSubscriptionsByTopic",
            "SNS:Publish",
          ],
          Resource: id,
          Condition: { StringEquals: { "AWS:SourceOwner": owner } },
        },
      ],
    };
    await orGone(() => setTopic(clients, id, "Policy", policy), ...GONE);
  },
  async observe(clients, id) {
    const found = await topicAttributes(clients, id);
    return found && { arn: id, policy: found["Policy"], owner: found["Owner"] };
  },
};

const SETTINGS = {
  rawMessageDelivery: "RawMessageDelivery",
  filterPolicy: "FilterPolicy",
  filterPolicyScope: "FilterPolicyScope",
  redrivePolicy: "RedrivePolicy",
  deliveryPolicy: "DeliveryPolicy",
} as const;

export const topicSubscription: ResourceType = {
  token: "aws:sns/topicSubscription:TopicSubscription",
  title: "SNS Topic Subscription",
  identity: ["topic", "protocol", "endpoint"],
  fields: {
    topic: text({ required: true, replace: true, rules: [isArn] }),
    protocol: text({
      required: true,
      replace: true,
      rules: [
        oneOf("sqs", "email", "email-json", "http", "https", "lambda", "sms", "application", "firehose"),
      ],
    }),
    endpoint: text({ required: true, replace: true, rules: [length(1, 2048)] }),
    rawMessageDelivery: flag({ default: false }),
    filterPolicy: json(),
    filterPolicyScope: text({ computed: true, rules: [oneOf("MessageAttributes", "MessageBody")] }),
    redrivePolicy: json(),
    deliveryPolicy: json(),
    confirmationTimeoutInMinutes: number({ default: 1, writeOnly: true }),
    endpointAutoConfirms: flag({ default: false, writeOnly: true }),
    arn: output(),
    confirmationWasAuthenticated: output(flag()),
    ownerId: output(),
    pendingConfirmation: output(flag()),
  },
  // Repeating Subscribe gives the same subscription.
  async create(clients, inputs) {
    const client = await clients.sns();
    const Attributes = Object.fromEntries(
      Object.entries(SETTINGS)
        .filter(([name]) => inputs[name] !== undefined && inputs[name] !== false)
        .map(([name, attribute]) => [attribute, written(inputs[name])]),
    );
    const { SubscriptionArn = "" } = await client.subscribe({
      TopicArn: must(inputs, "topic"),
      Protocol: must(inputs, "protocol"),
      Endpoint: must(inputs, "endpoint"),
      ReturnSubscriptionArn: true,
      Attributes,
    });
    return SubscriptionArn;
  },
  async update(clients, id, olds, news) {
    const client = await clients.sns();
    for (const [name, AttributeName] of Object.entries(SETTINGS))
      if (written(olds[name]) !== written(news[name])) {
        const AttributeValue =
          written(news[name]) ||
          { rawMessageDelivery: "false", filterPolicy: "{}", filterPolicyScope: "MessageAttributes" }[name] ||
          "";
        await client.setSubscriptionAttributes({ SubscriptionArn: id, AttributeName, AttributeValue });
      }
  },
  async remove(clients, SubscriptionArn) {
    const client = await clients.sns();
    await orGone(() => client.unsubscribe({ SubscriptionArn }), ...GONE);
  },
  async observe(clients, SubscriptionArn) {
    const client = await clients.sns();
    const answer = await orGone(() => client.getSubscriptionAttributes({ SubscriptionArn }), ...GONE);
    if (!answer?.Attributes) return undefined;
    const found: Properties = answer.Attributes;
    return {
      topic: textOf(found, "TopicArn"),
      protocol: textOf(found, "Protocol"),
      endpoint: textOf(found, "Endpoint"),
      rawMessageDelivery: found["RawMessageDelivery"] === "true",
      filterPolicy: textOf(found, "FilterPolicy") ?? "",
      filterPolicyScope: textOf(found, "FilterPolicyScope") ?? "",
      redrivePolicy: textOf(found, "RedrivePolicy") ?? "",
      deliveryPolicy: textOf(found, "DeliveryPolicy") ?? "",
      arn: SubscriptionArn,
      ownerId: textOf(found, "Owner"),
      pendingConfirmation: found["PendingConfirmation"] === "true",
      confirmationWasAuthenticated: found["ConfirmationWasAuthenticated"] === "true",
    };
  },
};

/** SQS: queues, and their policies. */
import type { Clients } from "../clients";
import { orGone, retrying } from "../retry";
import type { ResourceType } from "../resourceType";
import { flag, json, matching, number, output, text, within } from "../schema";
import { allTags, shownTags, strings, tagChanges } from "../tags";
import { must } from "../values";

const GONE = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"] as const;
/** If SQS does not know a new principal yet, it answers only that the value is invalid. */
const NEW_POLICY = [{ name: "InvalidAttributeValue", message: /policy/i }];

const NUMBERS = {
  delaySeconds: "DelaySeconds",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  visibilityTimeoutSeconds: "VisibilityTimeout",
  kmsDataKeyReusePeriodSeconds: "KmsDataKeyReusePeriodSeconds",
} as const;
const TEXTS = {
  kmsMasterKeyId: "KmsMasterKeyId",
  sqsManagedSseEnabled: "SqsManagedSseEnabled",
  policy: "Policy",
  redrivePolicy: "RedrivePolicy",
  redriveAllowPolicy: "RedriveAllowPolicy",
} as const;
const ALL: Readonly<Record<string, string>> = { ...NUMBERS, ...TEXTS };

function written(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function setQueue(clients: Clients, QueueUrl: string, Attributes: Record<string, string>) {
  const client = await clients.sqs();
  const send = () => client.setQueueAttributes({ QueueUrl, Attributes });
  await retrying(send, NEW_POLICY, clients.patience ?? 60_000);
}

async function queueAttributes(clients: Clients, QueueUrl: string) {
  const client = await clients.sqs();
  const send = () => client.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] });
  const answer = await orGone(send, ...GONE);
  return answer && (answer.Attributes ?? {});
}

export const queue: ResourceType = {
  token: "aws:sqs/queue:Queue",
  title: "SQS Queue",
  identity: ["name"],
  autoName: { property: "name", prefix: "namePrefix", maximum: 80 },
  tagged: true,
  fields: {
    name: text({
      replace: true,
      rules: [
        matching(
          /^[a-zA-Z0-9_-]{1,80}$/,
          "must be letters, digits, underscores and hyphens; FIFO queues are not supported",
        ),
      ],
    }),
    namePrefix: text({ replace: true, writeOnly: true }),
    delaySeconds: number({ default: 0, rules: [within(0, 900)] }),
    maxMessageSize: number({ computed: true, rules: [within(1024, 1_048_576)] }),
    messageRetentionSeconds: number({ default: 345_600, rules: [within(60, 1_209_600)] }),
    receiveWaitTimeSeconds: number({ default: 0, rules: [within(0, 20)] }),
    visibilityTimeoutSeconds: number({ default: 30, rules: [within(0, 43_200)] }),
    kmsMasterKeyId: text(),
    kmsDataKeyReusePeriodSeconds: number({ computed: true, rules: [within(60, 86_400)] }),
    sqsManagedSseEnabled: flag({ computed: true }),
    policy: json({ computed: true }),
    redrivePolicy: json({ computed: true }),
    redriveAllowPolicy: json({ computed: true }),
    arn: output(),
    url: output(),
  },
  // Repeating CreateQueue gives the same queue.
  async create(clients, inputs) {
    const client = await clients.sqs();
    const Attributes = Object.fromEntries(
      Object.entries(ALL)
        .filter(([name]) => inputs[name] !== undefined && written(inputs[name]) !== "")
        .map(([name, attribute]) => [attribute, written(inputs[name])]),
    );
    const tags = allTags(clients, inputs);
    const send = () => client.createQueue({ QueueName: must(inputs, "name"), Attributes, tags });
    const { QueueUrl = "" } = await retrying(send, NEW_POLICY, clients.patience ?? 60_000);
    return QueueUrl;
  },
  async update(clients, QueueUrl, olds, news) {
    const client = await clients.sqs();
    const changed = Object.entries(ALL).filter(
      ([name]) => news[name] !== undefined && written(olds[name]) !== written(news[name]),
    );
    // A removed key is cleared; other attributes that are left out keep their values.
    if (written(olds["kmsMasterKeyId"]) !== "" && news["kmsMasterKeyId"] === undefined)
      changed.push(["kmsMasterKeyId", "KmsMasterKeyId"]);
    if (changed.length > 0)
      await setQueue(
        clients,
        QueueUrl,
        Object.fromEntries(changed.map(([name, attribute]) => [attribute, written(news[name])])),
      );
    const { set, removed } = tagChanges(clients, olds, news);
    if (removed.length > 0) await client.untagQueue({ QueueUrl, TagKeys: removed });
    if (Object.keys(set).length > 0) await client.tagQueue({ QueueUrl, Tags: set });
  },
  async remove(clients, QueueUrl) {
    const client = await clients.sqs();
    await orGone(() => client.deleteQueue({ QueueUrl }), ...GONE);
  },
  async observe(clients, id) {
    const found = await queueAttributes(clients, id);
    if (!found) return undefined;
    const client = await clients.sqs();
    const { Tags } = await client.listQueueTags({ QueueUrl: id });
    const numbers = Object.entries(NUMBERS)
      .filter(([, attribute]) => found[attribute] !== undefined)
      .map(([name, attribute]) => [name, Number(found[attribute])]);
    return {
      ...(Object.fromEntries(numbers) as Record<string, number>),
      name: id.slice(id.lastIndexOf("/") + 1),
      kmsMasterKeyId: found.KmsMasterKeyId ?? "",
      sqsManagedSseEnabled: found.SqsManagedSseEnabled === "true",
      policy: found.Policy ?? "",
      redrivePolicy: found.RedrivePolicy ?? "",
      redriveAllowPolicy: found.RedriveAllowPolicy ?? "",
      arn: found.QueueArn,
      url: id,
      ...shownTags(clients, strings(Tags)),
    };
  },
};

export const queuePolicy: ResourceType = {
  token: "aws:sqs/queuePolicy:QueuePolicy",
  title: "SQS Queue Policy",
  identity: ["queueUrl"],
  fields: { queueUrl: text({ required: true, replace: true }), policy: json({ required: true }) },
  async create(clients, inputs) {
    const url = must(inputs, "queueUrl");
    await setQueue(clients, url, { Policy: written(inputs["policy"]) });
    return url;
  },
  update: (clients, id, _olds, news) => setQueue(clients, id, { Policy: written(news["policy"]) }),
  async remove(clients, id) {
    await orGone(() => setQueue(clients, id, { Policy: "" }), ...GONE);
  },
  async observe(clients, id) {
    const found = await queueAttributes(clients, id);
    return found?.Policy === undefined ? undefined : { queueUrl: id, policy: found.Policy };
  },
};

/** The rules of monitoring: its accounts are in the settings, trails and keys are theirs, and subscribers can be reached. */
import type { ValidationError } from "../settings/errors";
import type { RawSettings } from "../settings/schema";

export function* monitoringRules(settings: RawSettings): Iterable<ValidationError> {
  const { monitoring, accountA, accountB } = settings;
  if (!monitoring) return;
  yield* oneAccount("A", accountA, settings);
  yield* oneAccount("B", accountB, settings);
  for (const [index, { protocol, endpoint }] of monitoring.subscribers.entries()) {
    const form = FORMS[protocol];
    if (!form.pattern.test(endpoint))
      yield {
        path: `monitoring.subscribers[${index}].endpoint`,
        message: `"${endpoint}" is not ${form.words}`,
      };
    else if (protocol === "sqs" && endpoint.endsWith(".fifo"))
      yield {
        path: `monitoring.subscribers[${index}].endpoint`,
        message: `"${endpoint}" is a FIFO queue, which a standard topic cannot send to: name a standard queue`,
      };
  }
}

const FORMS = {
  email: { pattern: /^[^@\s]+@[^@\s]+$/, words: "an e-mail address" },
  sqs: {
    pattern: /^arn:aws(-cn|-us-gov)?:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/,
    words: "a queue's ARN: arn:aws:sqs:REGION:ACCOUNT_ID:NAME",
  },
  https: { pattern: /^https:\/\/\S+$/, words: "an address that begins with https://" },
} as const;

function* oneAccount(
  name: "A" | "B",
  account: RawSettings["accountA"],
  { monitoring }: RawSettings,
): Iterable<ValidationError> {
  const own = monitoring?.accounts[name];
  if (!own) return;
  const path = `monitoring.accounts.${name}`;
  if (!account) {
    yield { path, message: `account ${name} is not in the settings` };
    return;
  }
  if ("existing" in own.trail && monitoring?.dataEvents)
    yield {
      path: `${path}.trail.existing`,
      message:
        "belongs to its owner, who configures its data events: set dataEvents: false, or give bucketName for an own trail",
    };
  const [, , , region, keyAccount] = own.topicKeyArn?.split(":") ?? [];
  if (own.topicKeyArn !== undefined && (region !== account.region || keyAccount !== account.id))
    yield {
      path: `${path}.topicKeyArn`,
      message: `is a key of account ${keyAccount} in ${region}, not of account ${name} (${account.id}) in ${account.region}, where the topic is`,
    };
}

/** S3: the lifecycle of a bucket's objects. The sandbox keeps the rules and does not act on them. */
import type { LifecycleRule } from "@aws-sdk/client-s3";
import { BUCKET_BUSY, orGone, retrying } from "../retry";
import { must, type CheckFailure, type Properties, type ResourceType } from "../resourceType";
import { sdk } from "./bucket";
import type { Clients } from "../clients";

/** What this provider takes of a rule; any other part is refused by name. */
interface Rule {
  readonly id?: string;
  readonly status?: string;
  readonly filter?: { readonly prefix?: string };
  readonly expiration?: { readonly days?: number; readonly expiredObjectDeleteMarker?: boolean };
  readonly noncurrentVersionExpiration?: {
    readonly noncurrentDays?: number;
    readonly newerNoncurrentVersions?: number;
  };
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation?: number };
}
const RULE_PARTS = [
  "id",
  "status",
  "filter",
  "expiration",
  "noncurrentVersionExpiration",
  "abortIncompleteMultipartUpload",
];

export const bucketLifecycle: ResourceType = {
  token: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  title: "S3 Bucket Lifecycle Configuration",
  inputs: ["bucket", "rules", "expectedBucketOwner", "transitionDefaultMinimumObjectSize"],
  required: ["bucket", "rules"],
  computed: [],
  replaceOn: ["bucket", "expectedBucketOwner"],
  check({ rules }) {
    if (!Array.isArray(rules)) return [];
    return (rules as Properties[]).flatMap((rule, index): CheckFailure[] =>
      Object.keys(rule)
        .filter((part) => !part.startsWith("__") && !RULE_PARTS.includes(part))
        .map((part) => ({
          property: `rules[${index}].${part}`,
          reason: `the sandbox's provider does not implement ${part} of a lifecycle rule; use SANDBOX_PROVIDER=aws for the real provider`,
        })),
    );
  },
  async create(clients, inputs) {
    await put(clients, must(inputs, "bucket"), inputs);
    return must(inputs, "bucket");
  },
  update: (clients, id, _olds, news) => put(clients, id, news),
  async remove(clients, Bucket) {
    const { DeleteBucketLifecycleCommand } = await sdk();
    const client = await clients.s3();
    await orGone(() => client.send(new DeleteBucketLifecycleCommand({ Bucket })), "NoSuchBucket");
  },
  async observe(clients, Bucket) {
    const { GetBucketLifecycleConfigurationCommand } = await sdk();
    const client = await clients.s3();
    const found = await orGone(
      () => client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
      "NoSuchBucket",
      "NoSuchLifecycleConfiguration",
    );
    return found && { bucket: Bucket, rules: (found.Rules ?? []).map(fromAws) };
  },
};

async function put(clients: Clients, Bucket: string, inputs: Properties): Promise<void> {
  const { PutBucketLifecycleConfigurationCommand } = await sdk();
  const client = await clients.s3();
  const Rules = (inputs["rules"] as Rule[]).map(toAws);
  await retrying(
    () =>
      client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } })),
    BUCKET_BUSY,
    60_000,
  );
}

function toAws(rule: Rule): LifecycleRule {
  const { expiration, noncurrentVersionExpiration: noncurrent, abortIncompleteMultipartUpload: abort } = rule;
  return {
    ID: rule.id,
    Status: rule.status as "Enabled",
    Filter: { Prefix: rule.filter?.prefix ?? "" },
    ...(expiration
      ? {
          Expiration: {
            Days: expiration.days,
            ExpiredObjectDeleteMarker: expiration.expiredObjectDeleteMarker,
          },
        }
      : {}),
    ...(noncurrent
      ? {
          NoncurrentVersionExpiration: {
            NoncurrentDays: noncurrent.noncurrentDays,
            NewerNoncurrentVersions: noncurrent.newerNoncurrentVersions,
          },
        }
      : {}),
    ...(abort ? { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abort.daysAfterInitiation } } : {}),
  };
}

/** In the same form as an input: what AWS does not say is left out. */
function fromAws(rule: LifecycleRule): Rule {
  const { Expiration, NoncurrentVersionExpiration: noncurrent, AbortIncompleteMultipartUpload: abort } = rule;
  const given = <T extends object>(value: T): T =>
    Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
  return given({
    id: rule.ID,
    status: rule.Status,
    filter: given({ prefix: rule.Filter?.Prefix === "" ? undefined : rule.Filter?.Prefix }),
    expiration:
      Expiration &&
      given({ days: Expiration.Days, expiredObjectDeleteMarker: Expiration.ExpiredObjectDeleteMarker }),
    noncurrentVersionExpiration:
      noncurrent &&
      given({
        noncurrentDays: noncurrent.NoncurrentDays,
        newerNoncurrentVersions: noncurrent.NewerNoncurrentVersions,
      }),
    abortIncompleteMultipartUpload: abort && given({ daysAfterInitiation: abort.DaysAfterInitiation }),
  });
}

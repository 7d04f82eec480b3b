/** S3: the bucket itself. */
import type { Clients } from "../clients";
import { creating, isSince } from "../creating";
import { orGone, retrying } from "../retry";
import { hostedZoneOf, partitionOf } from "../regions";
import { PartlyMade, type ResourceType } from "../resourceType";
import { flag, length, matching, oneOf, output, text, type Field, type Fields } from "../schema";
import { allTags, fromTags, shownTags, tagChanges, toTags } from "../tags";
import { must } from "../values";
import { empty } from "./bucketContents";

/** Deprecated properties of the bucket, each with the resource that replaces it. */
const MOVED = {
  accelerationStatus: "aws.s3.BucketAccelerateConfiguration",
  acl: "aws.s3.BucketAcl",
  corsRules: "aws.s3.BucketCorsConfiguration",
  grants: "aws.s3.BucketAcl",
  lifecycleRules: "aws.s3.BucketLifecycleConfiguration",
  logging: "aws.s3.BucketLogging",
  objectLockConfiguration: "aws.s3.BucketObjectLockConfiguration",
  policy: "aws.s3.BucketPolicy",
  replicationConfiguration: "aws.s3.BucketReplicationConfig",
  requestPayer: "aws.s3.BucketRequestPaymentConfiguration",
  serverSideEncryptionConfiguration: "aws.s3.BucketServerSideEncryptionConfiguration",
  versioning: "aws.s3.BucketVersioning",
  website: "aws.s3.BucketWebsiteConfiguration",
} as const;

const moved = (successor: string): Field => ({
  kind: "text",
  writeOnly: true,
  refusal: `is deprecated on a bucket, and the sandbox's provider does not have it there: use ${successor}`,
});

export const bucket: ResourceType = {
  token: "aws:s3/bucket:Bucket",
  title: "S3 Bucket",
  tagged: true,
  identity: ["bucket"],
  autoName: {
    property: "bucket",
    prefix: "bucketPrefix",
    maximum: 63,
    start: (name) => name.toLowerCase(),
  },
  fields: {
    bucket: text({
      replace: true,
      rules: [
        length(3, 63),
        matching(
          /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
          "only lowercase alphanumeric characters, dots and hyphens allowed",
        ),
        matching(/^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)/, "no two periods together, and no IP address"),
      ],
    }),
    bucketPrefix: text({ replace: true, writeOnly: true, rules: [length(0, 37)] }),
    bucketNamespace: text({ computed: true, replace: true, rules: [oneOf("global")] }),
    forceDestroy: flag({ default: false, writeOnly: true }),
    objectLockEnabled: flag({ computed: true, replace: true }),
    arn: output(),
    bucketDomainName: output(),
    bucketRegion: output(),
    bucketRegionalDomainName: output(),
    hostedZoneId: output(),
    ...(Object.fromEntries(
      Object.entries(MOVED).map(([name, successor]) => [name, moved(successor)]),
    ) as Fields),
  },
  async create(clients, inputs) {
    const client = await clients.s3();
    const Bucket = must(inputs, "bucket");
    const { region } = clients;
    await refuseOwn(clients, Bucket);
    const send = () =>
      client.createBucket({
        Bucket,
        ...(region === "us-east-1"
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: region as "eu-central-1" } }),
        ...(inputs["objectLockEnabled"] === true ? { ObjectLockEnabledForBucket: true } : {}),
      });
    await creating<object>({
      send: () => retrying(send, [{ name: "OperationAborted" }]),
      taken: [{ name: "BucketAlreadyOwnedByYou" }],
      async find(since) {
        for await (const { Buckets = [] } of client.paginateListBuckets({ Prefix: Bucket }))
          for (const { Name, CreationDate } of Buckets)
            if (Name === Bucket && isSince(CreationDate, since)) return {};
        return undefined;
      },
    });
    const TagSet = toTags(allTags(clients, inputs));
    try {
      if (TagSet.length > 0)
        await retrying(
          () => client.putBucketTagging({ Bucket, Tagging: { TagSet } }),
          [{ name: "NoSuchBucket" }, { name: "OperationAborted" }],
        );
    } catch (error) {
      throw new PartlyMade(Bucket, (error as Error).message);
    }
    return Bucket;
  },
  async update(clients, Bucket, olds, news) {
    const { set, removed } = tagChanges(clients, olds, news);
    if (removed.length === 0 && Object.keys(set).length === 0) return;
    const client = await clients.s3();
    const TagSet = toTags(allTags(clients, news));
    await (TagSet.length > 0
      ? client.putBucketTagging({ Bucket, Tagging: { TagSet } })
      : client.deleteBucketTagging({ Bucket }));
  },
  async remove(clients, Bucket, state) {
    const client = await clients.s3();
    await orGone(async () => {
      if (state["forceDestroy"] === true) await empty(client, Bucket);
      await retrying(() => client.deleteBucket({ Bucket }), [{ name: "OperationAborted" }]);
    }, "NoSuchBucket");
  },
  async observe(clients, Bucket) {
    const client = await clients.s3();
    const head = await orGone(() => client.headBucket({ Bucket }), "NotFound", "NoSuchBucket");
    if (!head) return undefined;
    const tagging = await orGone(() => client.getBucketTagging({ Bucket }), "NoSuchTagSet");
    const region = head.BucketRegion ?? clients.region;
    const { id: partition, dnsSuffix } = partitionOf(region);
    return {
      bucket: Bucket,
      arn: `arn:${partition}:s3:::${Bucket}`,
      bucketNamespace: "global",
      bucketRegion: region,
      bucketDomainName: `${Bucket}.s3.${dnsSuffix}`,
      bucketRegionalDomainName: `${Bucket}.s3.${region}.${dnsSuffix}`,
      hostedZoneId: hostedZoneOf(region),
      objectLockEnabled: await isLocked(clients, Bucket),
      ...shownTags(clients, fromTags(tagging?.TagSet)),
    };
  },
};

/** In us-east-1, creating a bucket that one already owns succeeds. Look first, as the real provider does. */
async function refuseOwn(clients: Clients, Bucket: string): Promise<void> {
  if (clients.region !== "us-east-1") return;
  const client = await clients.s3();
  const found = await client.headBucket({ Bucket }).catch(() => undefined);
  if (found)
    throw Object.assign(
      new Error("Your previous request to create the named bucket succeeded and you already own it."),
      { name: "BucketAlreadyOwnedByYou" },
    );
}

async function isLocked(clients: Clients, Bucket: string): Promise<boolean> {
  const client = await clients.s3();
  const found = await orGone(
    () => client.getObjectLockConfiguration({ Bucket }),
    "ObjectLockConfigurationNotFoundError",
    "NoSuchBucket",
  );
  return found?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled";
}

/** S3: the bucket itself. */
import type { S3Client } from "@aws-sdk/client-s3";
import { orGone } from "../retry";
import { must, PartlyMade, text, type ResourceType } from "../resourceType";
import { allTags, shownTags } from "../tags";

export const sdk = () => import("@aws-sdk/client-s3");

/** Settings of their own resources, which v7 still takes on the bucket. */
const MOVED = [
  "acl",
  "policy",
  "versioning",
  "serverSideEncryptionConfiguration",
  "lifecycleRules",
  "corsRules",
  "logging",
  "website",
  "replicationConfiguration",
  "grants",
  "objectLockConfiguration",
  "requestPayer",
  "accelerationStatus",
];

export const bucket: ResourceType = {
  token: "aws:s3/bucket:Bucket",
  title: "S3 Bucket",
  inputs: ["bucket", "bucketPrefix", "forceDestroy", "objectLockEnabled", "tags", ...MOVED],
  defaults: { forceDestroy: false },
  computed: ["arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "hostedZoneId"],
  replaceOn: ["bucket", "bucketPrefix", "objectLockEnabled"],
  autoName: { property: "bucket", prefix: "bucketPrefix", maximum: 63, lowerCase: true },
  tagged: true,
  check: (inputs) =>
    MOVED.filter((property) => inputs[property] !== undefined).map((property) => ({
      property,
      reason: `${property} of a bucket is deprecated: use the resource of its own (aws.s3.Bucket...), as the real provider advises`,
    })),
  async create(clients, inputs) {
    const { CreateBucketCommand, HeadBucketCommand, PutBucketTaggingCommand } = await sdk();
    const client = await clients.s3();
    const Bucket = must(inputs, "bucket");
    const { region } = clients;
    // In us-east-1 S3 takes the making of one's own bucket for success: the real provider looks first, too.
    if (
      region === "us-east-1" &&
      (await orGone(
        () => client.send(new HeadBucketCommand({ Bucket })),
        "NotFound",
        "NoSuchBucket",
        "Forbidden",
        "AccessDenied",
        "403",
      ))
    )
      throw Object.assign(
        new Error("Your previous request to create the named bucket succeeded and you already own it."),
        { name: "BucketAlreadyOwnedByYou" },
      );
    await client.send(
      new CreateBucketCommand({
        Bucket,
        ...(region === "us-east-1"
          ? {}
          : { CreateBucketConfiguration: { LocationConstraint: region as "eu-central-1" } }),
        ...(inputs["objectLockEnabled"] === true ? { ObjectLockEnabledForBucket: true } : {}),
      }),
    );
    try {
      const TagSet = toTags(allTags(clients, inputs));
      if (TagSet.length > 0) await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    } catch (error) {
      throw new PartlyMade(Bucket, (error as Error).message);
    }
    return Bucket;
  },
  async update(clients, Bucket, _olds, news) {
    const { PutBucketTaggingCommand, DeleteBucketTaggingCommand } = await sdk();
    const client = await clients.s3();
    const TagSet = toTags(allTags(clients, news));
    if (TagSet.length > 0) await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    else await client.send(new DeleteBucketTaggingCommand({ Bucket }));
  },
  async remove(clients, Bucket, state) {
    const { DeleteBucketCommand } = await sdk();
    const client = await clients.s3();
    await orGone(async () => {
      if (state["forceDestroy"] === true) await empty(client, Bucket);
      await client.send(new DeleteBucketCommand({ Bucket }));
    }, "NoSuchBucket");
  },
  async observe(clients, Bucket) {
    const { HeadBucketCommand, GetBucketTaggingCommand } = await sdk();
    const client = await clients.s3();
    const head = await orGone(
      () => client.send(new HeadBucketCommand({ Bucket })),
      "NotFound",
      "NoSuchBucket",
    );
    if (!head) return undefined;
    const tagging = await orGone(() => client.send(new GetBucketTaggingCommand({ Bucket })), "NoSuchTagSet");
    const tags = Object.fromEntries(
      (tagging?.TagSet ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]),
    );
    const region = head.BucketRegion ?? clients.region;
    return {
      bucket: Bucket,
      arn: `arn:aws:s3:::${Bucket}`,
      bucketRegion: region,
      bucketDomainName: `${Bucket}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${Bucket}.s3.${region}.amazonaws.com`,
      hostedZoneId: region === "us-east-1" ? "Z3AQBSTGFYJSTF" : "",
      ...shownTags(clients, tags),
    };
  },
};

/** Every version, delete marker and unfinished upload. */
async function empty(client: S3Client, Bucket: string): Promise<void> {
  const {
    ListObjectVersionsCommand,
    DeleteObjectsCommand,
    ListMultipartUploadsCommand,
    AbortMultipartUploadCommand,
  } = await sdk();
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({
      Key: Key ?? "",
      VersionId,
    }));
    if (Objects.length === 0) break;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first) throw new Error(`cannot delete ${first.Key}: ${first.Code}: ${first.Message}`);
  }
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads)
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
}

function toTags(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The name of the bucket that a configuration is of: its ID. */
export function bucketOf(inputs: Parameters<typeof text>[0]): string {
  return must(inputs, "bucket");
}

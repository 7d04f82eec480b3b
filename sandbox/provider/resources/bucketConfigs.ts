/** S3: the configurations of a bucket, each a resource of its own that has the bucket's name for its ID. */
import type { S3Client } from "@aws-sdk/client-s3";
import type { Clients } from "../clients";
import { BUCKET_BUSY, NEW_PRINCIPAL, orGone, retrying } from "../retry";
import type { Properties, ResourceType } from "../resourceType";
import { bucketOf, sdk } from "./bucket";

interface Config extends Pick<
  ResourceType,
  "token" | "title" | "inputs" | "required" | "defaults" | "json" | "check"
> {
  readonly computed?: readonly string[];
  readonly put: (client: S3Client, bucket: string, inputs: Properties) => Promise<unknown>;
  readonly remove: (client: S3Client, bucket: string, state: Properties) => Promise<unknown>;
  readonly read: (client: S3Client, bucket: string) => Promise<Properties | undefined>;
  /** AWS's codes for "there is none". */
  readonly absent: readonly string[];
}

function configuration({ put, remove, read, absent, computed = [], ...type }: Config): ResourceType {
  const write = async (clients: Clients, bucket: string, inputs: Properties) => {
    const client = await clients.s3();
    await retrying(() => put(client, bucket, inputs), [...BUCKET_BUSY, ...NEW_PRINCIPAL], 60_000);
  };
  return {
    ...type,
    inputs: ["bucket", ...type.inputs],
    required: ["bucket", ...(type.required ?? [])],
    computed,
    replaceOn: ["bucket", "expectedBucketOwner"],
    async create(clients, inputs) {
      await write(clients, bucketOf(inputs), inputs);
      return bucketOf(inputs);
    },
    update: (clients, id, _olds, news) => write(clients, id, news),
    async remove(clients, id, state) {
      const client = await clients.s3();
      await orGone(
        () => retrying(() => remove(client, id, state), [{ name: "OperationAborted" }], 60_000),
        "NoSuchBucket",
        ...absent,
      );
    },
    async observe(clients, id) {
      const client = await clients.s3();
      const found = await orGone(() => read(client, id), "NoSuchBucket", ...absent);
      return found && { bucket: id, ...found };
    },
  };
}

export const bucketPolicy = configuration({
  token: "aws:s3/bucketPolicy:BucketPolicy",
  title: "S3 Bucket Policy",
  inputs: ["policy"],
  required: ["policy"],
  json: ["policy"],
  absent: ["NoSuchBucketPolicy"],
  put: async (client, Bucket, { policy }) =>
    client.send(new (await sdk()).PutBucketPolicyCommand({ Bucket, Policy: String(policy) })),
  remove: async (client, Bucket) => client.send(new (await sdk()).DeleteBucketPolicyCommand({ Bucket })),
  read: async (client, Bucket) => ({
    policy: (await client.send(new (await sdk()).GetBucketPolicyCommand({ Bucket }))).Policy,
  }),
});

const FLAGS = {
  blockPublicAcls: "BlockPublicAcls",
  blockPublicPolicy: "BlockPublicPolicy",
  ignorePublicAcls: "IgnorePublicAcls",
  restrictPublicBuckets: "RestrictPublicBuckets",
} as const;

export const bucketPublicAccessBlock = configuration({
  token: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  title: "S3 Bucket Public Access Block",
  inputs: [...Object.keys(FLAGS), "skipDestroy"],
  defaults: {
    blockPublicAcls: false,
    blockPublicPolicy: false,
    ignorePublicAcls: false,
    restrictPublicBuckets: false,
  },
  absent: ["NoSuchPublicAccessBlockConfiguration"],
  put: async (client, Bucket, inputs) => {
    const flags = Object.entries(FLAGS).map(([name, shape]) => [shape, inputs[name] === true]);
    return client.send(
      new (await sdk()).PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: Object.fromEntries(flags) as object,
      }),
    );
  },
  remove: async (client, Bucket, state) =>
    state["skipDestroy"] === true
      ? undefined
      : client.send(new (await sdk()).DeletePublicAccessBlockCommand({ Bucket })),
  read: async (client, Bucket) => {
    const { PublicAccessBlockConfiguration: found } = await client.send(
      new (await sdk()).GetPublicAccessBlockCommand({ Bucket }),
    );
    return Object.fromEntries(Object.entries(FLAGS).map(([name, shape]) => [name, found?.[shape] ?? false]));
  },
});

export const bucketOwnershipControls = configuration({
  token: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  title: "S3 Bucket Ownership Controls",
  inputs: ["rule"],
  required: ["rule"],
  absent: ["OwnershipControlsNotFoundError"],
  put: async (client, Bucket, { rule }) => {
    const { objectOwnership } = rule as { objectOwnership: "BucketOwnerEnforced" };
    return client.send(
      new (await sdk()).PutBucketOwnershipControlsCommand({
        Bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: objectOwnership }] },
      }),
    );
  },
  remove: async (client, Bucket) =>
    client.send(new (await sdk()).DeleteBucketOwnershipControlsCommand({ Bucket })),
  read: async (client, Bucket) => {
    const { OwnershipControls } = await client.send(
      new (await sdk()).GetBucketOwnershipControlsCommand({ Bucket }),
    );
    return { rule: { objectOwnership: OwnershipControls?.Rules?.[0]?.ObjectOwnership } };
  },
});

export const bucketVersioning = configuration({
  token: "aws:s3/bucketVersioning:BucketVersioning",
  title: "S3 Bucket Versioning",
  inputs: ["versioningConfiguration", "expectedBucketOwner"],
  required: ["versioningConfiguration"],
  absent: ["NoSuchVersioning"],
  put: async (client, Bucket, { versioningConfiguration }) => {
    const { status } = versioningConfiguration as { status: string };
    if (status === "Disabled") return undefined;
    return client.send(
      new (await sdk()).PutBucketVersioningCommand({
        Bucket,
        VersioningConfiguration: { Status: status as "Enabled" },
      }),
    );
  },
  // Versioning cannot be taken away again: it is suspended, as the real provider does.
  remove: async (client, Bucket) =>
    client.send(
      new (await sdk()).PutBucketVersioningCommand({
        Bucket,
        VersioningConfiguration: { Status: "Suspended" },
      }),
    ),
  read: async (client, Bucket) => {
    const { Status } = await client.send(new (await sdk()).GetBucketVersioningCommand({ Bucket }));
    return { versioningConfiguration: { status: Status ?? "Disabled" } };
  },
});

interface EncryptionRule {
  readonly applyServerSideEncryptionByDefault?: {
    readonly sseAlgorithm: string;
    readonly kmsMasterKeyId?: string;
  };
  readonly bucketKeyEnabled?: boolean;
}

export const bucketEncryption = configuration({
  token: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  title: "S3 Bucket Server-side Encryption Configuration",
  inputs: ["rules", "expectedBucketOwner"],
  required: ["rules"],
  absent: ["ServerSideEncryptionConfigurationNotFoundError"],
  put: async (client, Bucket, { rules }) => {
    const Rules = (rules as EncryptionRule[]).map(
      ({ applyServerSideEncryptionByDefault: applied, bucketKeyEnabled }) => ({
        ...(applied
          ? {
              ApplyServerSideEncryptionByDefault: {
                SSEAlgorithm: applied.sseAlgorithm as "aws:kms",
                ...(applied.kmsMasterKeyId ? { KMSMasterKeyID: applied.kmsMasterKeyId } : {}),
              },
            }
          : {}),
        BucketKeyEnabled: bucketKeyEnabled ?? false,
      }),
    );
    return client.send(
      new (await sdk()).PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
    );
  },
  remove: async (client, Bucket) => client.send(new (await sdk()).DeleteBucketEncryptionCommand({ Bucket })),
  read: async (client, Bucket) => {
    const { ServerSideEncryptionConfiguration: found } = await client.send(
      new (await sdk()).GetBucketEncryptionCommand({ Bucket }),
    );
    const rules = (found?.Rules ?? []).map(
      ({ ApplyServerSideEncryptionByDefault: applied, BucketKeyEnabled }) => ({
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: applied?.SSEAlgorithm,
          ...(applied?.KMSMasterKeyID ? { kmsMasterKeyId: applied.KMSMasterKeyID } : {}),
        },
        bucketKeyEnabled: BucketKeyEnabled ?? false,
      }),
    );
    return { rules };
  },
});

/** S3: policy, public access block, ownership controls and versioning of a bucket. */
import { block, flag, json, oneOf, text } from "../schema";
import { sdk } from "./bucket";
import { configuration } from "./bucketConfiguration";

export const bucketPolicy = configuration({
  token: "aws:s3/bucketPolicy:BucketPolicy",
  title: "S3 Bucket Policy",
  fields: { policy: json({ required: true }) },
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
  fields: {
    blockPublicAcls: flag({ default: false }),
    blockPublicPolicy: flag({ default: false }),
    ignorePublicAcls: flag({ default: false }),
    restrictPublicBuckets: flag({ default: false }),
    skipDestroy: flag({ writeOnly: true }),
  },
  absent: ["NoSuchPublicAccessBlockConfiguration"],
  put: async (client, Bucket, inputs) => {
    const flags = Object.entries(FLAGS).map(([name, shape]) => [shape, inputs[name] === true]);
    const PublicAccessBlockConfiguration = Object.fromEntries(flags) as Record<string, boolean>;
    return client.send(
      new (await sdk()).PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }),
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
  fields: {
    rule: block(
      {
        objectOwnership: text({
          required: true,
          rules: [oneOf("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced")],
        }),
      },
      { required: true },
    ),
  },
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
    const objectOwnership = OwnershipControls?.Rules?.[0]?.ObjectOwnership;
    return objectOwnership && { rule: { objectOwnership } };
  },
});

export const bucketVersioning = configuration({
  token: "aws:s3/bucketVersioning:BucketVersioning",
  title: "S3 Bucket Versioning",
  fields: {
    versioningConfiguration: block(
      { status: text({ required: true, rules: [oneOf("Enabled", "Suspended", "Disabled")] }) },
      { required: true },
    ),
  },
  absent: [],
  put: async (client, Bucket, { versioningConfiguration }) => {
    const { PutBucketVersioningCommand, GetBucketVersioningCommand } = await sdk();
    const { status } = versioningConfiguration as { status: "Enabled" | "Suspended" | "Disabled" };
    if (status !== "Disabled")
      return client.send(
        new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: status } }),
      );
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }));
    if (Status)
      throw new Error(
        `versioning_configuration.status cannot be updated from '${Status}' to 'Disabled': S3 can only suspend it`,
      );
    return undefined;
  },
  // Versioning cannot be removed: it is suspended, as by the real provider.
  remove: async (client, Bucket, state) => {
    const { status } = (state["versioningConfiguration"] ?? {}) as { status?: string };
    if (status === "Disabled") return undefined;
    const VersioningConfiguration = { Status: "Suspended" } as const;
    return client.send(new (await sdk()).PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  },
  read: async (client, Bucket) => {
    const { Status } = await client.send(new (await sdk()).GetBucketVersioningCommand({ Bucket }));
    return { versioningConfiguration: { status: Status ?? "Disabled" } };
  },
});

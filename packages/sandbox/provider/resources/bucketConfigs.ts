/** S3: policy, public access block, ownership controls and versioning of a bucket. */
import { block, flag, json, oneOf, text } from "../schema";
import { configuration } from "./bucketConfiguration";

export const bucketPolicy = configuration({
  token: "aws:s3/bucketPolicy:BucketPolicy",
  title: "S3 Bucket Policy",
  fields: { policy: json({ required: true }) },
  absent: ["NoSuchBucketPolicy"],
  put: async (client, Bucket, { policy }) => client.putBucketPolicy({ Bucket, Policy: String(policy) }),
  remove: async (client, Bucket) => client.deleteBucketPolicy({ Bucket }),
  read: async (client, Bucket) => ({
    policy: (await client.getBucketPolicy({ Bucket })).Policy,
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
    return client.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration });
  },
  remove: async (client, Bucket, state) =>
    state["skipDestroy"] === true ? undefined : client.deletePublicAccessBlock({ Bucket }),
  read: async (client, Bucket) => {
    const { PublicAccessBlockConfiguration: found } = await client.getPublicAccessBlock({ Bucket });
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
    return client.putBucketOwnershipControls({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: objectOwnership }] },
    });
  },
  remove: async (client, Bucket) => client.deleteBucketOwnershipControls({ Bucket }),
  read: async (client, Bucket) => {
    const { OwnershipControls } = await client.getBucketOwnershipControls({ Bucket });
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
    const { status } = versioningConfiguration as { status: "Enabled" | "Suspended" | "Disabled" };
    if (status !== "Disabled")
      return client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: status } });
    const { Status } = await client.getBucketVersioning({ Bucket });
    if (Status)
      throw new Error(
        `versioning_configuration.status cannot be updated from '${Status}' to 'Disabled': S3 can only suspend it`,
      );
    return undefined;
  },
  // Versioning cannot be removed, so it is suspended, as the real provider does.
  remove: async (client, Bucket, state) => {
    const { status } = (state["versioningConfiguration"] ?? {}) as { status?: string };
    if (status === "Disabled") return undefined;
    const VersioningConfiguration = { Status: "Suspended" } as const;
    return client.putBucketVersioning({ Bucket, VersioningConfiguration });
  },
  read: async (client, Bucket) => {
    const { Status } = await client.getBucketVersioning({ Bucket });
    return { versioningConfiguration: { status: Status ?? "Disabled" } };
  },
});

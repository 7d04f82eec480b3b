/** S3: the default encryption of a bucket. */
import type { ServerSideEncryptionRule } from "@aws-sdk/client-s3";
import { block, flag, list, oneOf, text } from "../schema";
import { given } from "../values";
import { sdk } from "./bucket";
import { configuration } from "./bucketConfiguration";

interface Rule {
  readonly applyServerSideEncryptionByDefault?: {
    readonly sseAlgorithm: string;
    readonly kmsMasterKeyId?: string;
  };
  readonly bucketKeyEnabled?: boolean;
}

export const bucketEncryption = configuration({
  token: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  title: "S3 Bucket Server-side Encryption Configuration",
  fields: {
    rules: list(
      block({
        applyServerSideEncryptionByDefault: block({
          sseAlgorithm: text({
            required: true,
            rules: [oneOf("AES256", "aws:fsx", "aws:kms", "aws:kms:dsse")],
          }),
          kmsMasterKeyId: text(),
        }),
        bucketKeyEnabled: flag(),
      }),
      { required: true, unordered: true },
    ),
  },
  absent: ["ServerSideEncryptionConfigurationNotFoundError"],
  put: async (client, Bucket, { rules }) => {
    const ServerSideEncryptionConfiguration = { Rules: (rules as Rule[]).map(toAws) };
    return client.send(
      new (await sdk()).PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }),
    );
  },
  remove: async (client, Bucket) => client.send(new (await sdk()).DeleteBucketEncryptionCommand({ Bucket })),
  read: async (client, Bucket) => {
    const { ServerSideEncryptionConfiguration: found } = await client.send(
      new (await sdk()).GetBucketEncryptionCommand({ Bucket }),
    );
    return { rules: (found?.Rules ?? []).map(fromAws) };
  },
});

function toAws({
  applyServerSideEncryptionByDefault: applied,
  bucketKeyEnabled,
}: Rule): ServerSideEncryptionRule {
  return {
    ApplyServerSideEncryptionByDefault: applied && {
      SSEAlgorithm: applied.sseAlgorithm as "aws:kms",
      KMSMasterKeyID: applied.kmsMasterKeyId || undefined,
    },
    BucketKeyEnabled: bucketKeyEnabled,
  };
}

function fromAws({
  ApplyServerSideEncryptionByDefault: applied,
  BucketKeyEnabled,
}: ServerSideEncryptionRule) {
  return given({
    applyServerSideEncryptionByDefault:
      applied && given({ sseAlgorithm: applied.SSEAlgorithm, kmsMasterKeyId: applied.KMSMasterKeyID }),
    bucketKeyEnabled: BucketKeyEnabled ?? false,
  });
}

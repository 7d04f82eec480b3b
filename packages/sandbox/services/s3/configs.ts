/** The configurations of a bucket that have an effect here: versioning, ownership, public access, encryption, tags. */
import { AwsError, type WireResponse } from "../../core";
import { xmlResponse } from "../../protocol/rest";
import { authorizeBucket } from "./access";
import type { BucketOperation } from "./operation";
import { buckets, type DefaultEncryption, type Ownership, type PublicAccess } from "./state";
import {
  childOf,
  childrenOf,
  malformedXml,
  rootElement,
  tagSet,
  tagsOf,
  textOf,
  XMLNS,
  type Element,
} from "./xml";

export const NO_CONTENT: WireResponse = { status: 204 };
export const OK: WireResponse = { status: 200 };

/** Every bucket encrypts: without a configuration of its own under S3's keys. */
const BY_S3: DefaultEncryption = { algorithm: "AES256", bucketKey: false };

export const configOperations: Readonly<Record<string, BucketOperation>> = {
  GetBucketVersioning: {
    on: "GET ?versioning",
    run(world, call, bucket) {
      authorizeBucket(world, call, "s3:GetBucketVersioning", bucket);
      return xmlResponse(
        "VersioningConfiguration",
        bucket.versioning ? { Status: bucket.versioning } : {},
        XMLNS,
      );
    },
  },
  PutBucketVersioning: {
    on: "PUT ?versioning",
    async run(world, call, bucket, request) {
      authorizeBucket(world, call, "s3:PutBucketVersioning", bucket);
      const status = textOf(await rootElement(request, "VersioningConfiguration"), "Status");
      if (status !== "Enabled" && status !== "Suspended")
        throw new AwsError(
          "IllegalVersioningConfigurationException",
          "The Versioning element must be specified",
          400,
        );
      bucket.versioning = status;
      buckets(world).touch();
      return OK;
    },
  },
  GetBucketOwnershipControls: {
    on: "GET ?ownershipControls",
    run(world, call, bucket) {
      authorizeBucket(world, call, "s3:GetBucketOwnershipControls", bucket);
      if (!bucket.ownership)
        throw new AwsError(
          "OwnershipControlsNotFoundError",
          "The bucket ownership controls were not found",
          404,
          { BucketName: bucket.name },
        );
      return xmlResponse("OwnershipControls", { Rule: [{ ObjectOwnership: bucket.ownership }] }, XMLNS);
    },
  },
  PutBucketOwnershipControls: {
    on: "PUT ?ownershipControls",
    async run(world, call, bucket, request) {
      authorizeBucket(world, call, "s3:PutBucketOwnershipControls", bucket);
      const [rule] = childrenOf(await rootElement(request, "OwnershipControls"), "Rule");
      const ownership = textOf(rule, "ObjectOwnership");
      if (!isOwnership(ownership)) throw malformedXml();
      bucket.ownership = ownership;
      buckets(world).touch();
      return OK;
    },
  },
  DeleteBucketOwnershipControls: {
    on: "DELETE ?ownershipControls",
    run(world, call, bucket) {
      authorizeBucket(world, call, "s3:PutBucketOwnershipControls", bucket);
      delete bucket.ownership;
      buckets(world).touch();
      return NO_CONTENT;
    },
  },
  GetPublicAccessBlock: {
    on: "GET ?publicAccessBlock",
    run(world, call, bucket) {
      authorizeBucket(world, call, "s3:GetBucketPublicAccessBlock", bucket);
      if (!bucket.publicAccess)
        throw new AwsError(
          "NoSuchPublicAccessBlockConfiguration",
          "The public access block configuration was not found",
          404,
          { BucketName: bucket.name },
        );
      return xmlResponse("PublicAccessBlockConfiguration", { ...bucket.publicAccess }, XMLNS);
    },
  },
  PutPublicAccessBlock: {
    on: "PUT ?publicAccessBlock",
    async run(world, call, bucket, request) {
      authorizeBucket(world, call, "s3:PutBucketPublicAccessBlock", bucket);
      const root = await rootElement(request, "PublicAccessBlockConfiguration");
      const on = (name: keyof PublicAccess) => textOf(root, name)?.toLowerCase() === "true";
      bucket.publicAccess = {
        BlockPublicAcls: on("BlockPublicAcls"),
        IgnorePublicAcls: on("IgnorePublicAcls"),
        BlockPublicPolicy: on("BlockPublicPolicy"),
        RestrictPublicBuckets: on("RestrictPublicBuckets"),
      };
      buckets(world).touch();
      return OK;
    },
  },
  DeletePublicAccessBlock: {
    on: "DELETE ?publicAccessBlock",
    run(world, call, bucket) {
      authorizeBucket(world, call, "s3:PutBucketPublicAccessBlock", bucket);
      delete bucket.publicAccess;
      buckets(world).touch();
      return NO_CONTENT;
    },
  },
  GetBucketEncryption: {
    on: "GET ?encryption",
    run(world, call, bucket) {
      authorizeBucket(world, call, "s3:GetEncryptionConfiguration", bucket);
      const { algorithm, keyId, bucketKey, blocked } = bucket.encryption;
      const rule = {
        ApplyServerSideEncryptionByDefault: {
          SSEAlgorithm: algorithm,
          ...(keyId ? { KMSMasterKeyID: keyId } : {}),
        },
        BucketKeyEnabled: bucketKey,
        ...(blocked ? { BlockedEncryptionTypes: { EncryptionType: blocked } } : {}),
      };
      return xmlResponse("ServerSideEncryptionConfiguration", { Rule: [rule] }, XMLNS);
    },
  },
  PutBucketEncryption: {
    on: "PUT ?encryption",
    async run(world, call, bucket, request) {
      authorizeBucket(world, call, "s3:PutEncryptionConfiguration", bucket);
      const rules = childrenOf(await rootElement(request, "ServerSideEncryptionConfiguration"), "Rule");
      const applied = childOf(rules[0], "ApplyServerSideEncryptionByDefault");
      const algorithm = textOf(applied, "SSEAlgorithm") ?? "AES256";
      if (rules.length !== 1 || (algorithm !== "AES256" && algorithm !== "aws:kms")) throw malformedXml();
      const keyId = textOf(applied, "KMSMasterKeyID");
      if (keyId !== undefined && algorithm !== "aws:kms")
        throw new AwsError(
          "InvalidArgument",
          "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
          400,
        );
      const blocked = blockedTypes(childOf(rules[0], "BlockedEncryptionTypes"));
      bucket.encryption = {
        algorithm,
        bucketKey: textOf(rules[0], "BucketKeyEnabled")?.toLowerCase() === "true",
        ...(keyId ? { keyId } : {}),
        ...(blocked ? { blocked } : {}),
      };
      buckets(world).touch();
      return OK;
    },
  },
  DeleteBucketEncryption: {
    on: "DELETE ?encryption",
    run(world, call, bucket) {
      authorizeBucket(world, call, "s3:PutEncryptionConfiguration", bucket);
      bucket.encryption = BY_S3;
      buckets(world).touch();
      return NO_CONTENT;
    },
  },
  GetBucketTagging: {
    on: "GET ?tagging",
    run(world, call, bucket) {
      authorizeBucket(world, call, "s3:GetBucketTagging", bucket);
      if (!bucket.tags)
        throw new AwsError("NoSuchTagSet", "The TagSet does not exist", 404, { BucketName: bucket.name });
      return xmlResponse("Tagging", tagSet(bucket.tags), XMLNS);
    },
  },
  PutBucketTagging: {
    on: "PUT ?tagging",
    async run(world, call, bucket, request) {
      authorizeBucket(world, call, "s3:PutBucketTagging", bucket);
      bucket.tags = tagsOf(await rootElement(request, "Tagging"));
      buckets(world).touch();
      return NO_CONTENT;
    },
  },
  DeleteBucketTagging: {
    on: "DELETE ?tagging",
    run(world, call, bucket) {
      authorizeBucket(world, call, "s3:PutBucketTagging", bucket);
      delete bucket.tags;
      buckets(world).touch();
      return NO_CONTENT;
    },
  },
};

export function isOwnership(value: string | undefined): value is Ownership {
  return value === "BucketOwnerEnforced" || value === "BucketOwnerPreferred" || value === "ObjectWriter";
}

/** Source: Amazon S3 API Reference, "BlockedEncryptionTypes". */
function blockedTypes(element: Element | undefined): string[] | undefined {
  if (!element) return undefined;
  const types = [element["EncryptionType"] ?? []].flat();
  if (types.some((type) => type !== "NONE" && type !== "SSE-C")) throw malformedXml();
  return types as string[];
}

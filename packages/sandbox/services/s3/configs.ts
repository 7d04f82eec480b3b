/** The bucket configurations that have an effect here: versioning, ownership, public access, encryption, tags. */
import { AwsError, type WireResponse } from "../../core";
import { authorizeBucket } from "./access";
import type { BucketOperation } from "./operation";
import { buckets, type DefaultEncryption, type Ownership, type PublicAccess } from "./state";
import {
  childOf,
  childrenOf,
  type Element,
  malformedXml,
  rootElement,
  tagSet,
  tagsOf,
  textOf,
  xmlAnswer,
} from "./xml";

export const NO_CONTENT: WireResponse = { status: 204 };
export const OK: WireResponse = { status: 200 };

/** Every bucket encrypts: without its own configuration, under S3's keys. */
const BY_S3: DefaultEncryption = { algorithm: "AES256", bucketKey: false };

export const configOperations: Readonly<Record<string, BucketOperation>> = {
  GetBucketVersioning: {
    on: "GET ?versioning",
    run(on) {
      const { bucket } = on;
      authorizeBucket(on, "s3:GetBucketVersioning");
      return xmlAnswer("VersioningConfiguration", bucket.versioning ? { Status: bucket.versioning } : {});
    },
  },
  PutBucketVersioning: {
    on: "PUT ?versioning",
    async run(on, request) {
      const { world, bucket } = on;
      authorizeBucket(on, "s3:PutBucketVersioning");
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
    run(on) {
      const { bucket } = on;
      authorizeBucket(on, "s3:GetBucketOwnershipControls");
      if (!bucket.ownership)
        throw new AwsError(
          "OwnershipControlsNotFoundError",
          "The bucket ownership controls were not found",
          404,
          { BucketName: bucket.name },
        );
      return xmlAnswer("OwnershipControls", { Rule: [{ ObjectOwnership: bucket.ownership }] });
    },
  },
  PutBucketOwnershipControls: {
    on: "PUT ?ownershipControls",
    async run(on, request) {
      const { world, bucket } = on;
      authorizeBucket(on, "s3:PutBucketOwnershipControls");
      const [rule] = childrenOf(await rootElement(request, "OwnershipControls"), "Rule");
      const ownership = textOf(rule, "ObjectOwnership");
      if (!isOwnership(ownership)) throw malformedXml();
      bucket.ownership = ownership;
      buckets(world).touch();
      return OK;
    },
  },
  DeleteBucketOwnershipControls: removal("ownershipControls", "s3:PutBucketOwnershipControls", "ownership"),
  GetPublicAccessBlock: {
    on: "GET ?publicAccessBlock",
    run(on) {
      const { bucket } = on;
      authorizeBucket(on, "s3:GetBucketPublicAccessBlock");
      if (!bucket.publicAccess)
        throw new AwsError(
          "NoSuchPublicAccessBlockConfiguration",
          "The public access block configuration was not found",
          404,
          { BucketName: bucket.name },
        );
      return xmlAnswer("PublicAccessBlockConfiguration", { ...bucket.publicAccess });
    },
  },
  PutPublicAccessBlock: {
    on: "PUT ?publicAccessBlock",
    async run(on, request) {
      const { world, bucket } = on;
      authorizeBucket(on, "s3:PutBucketPublicAccessBlock");
      const root = await rootElement(request, "PublicAccessBlockConfiguration");
      const isOn = (name: keyof PublicAccess) => textOf(root, name)?.toLowerCase() === "true";
      bucket.publicAccess = {
        BlockPublicAcls: isOn("BlockPublicAcls"),
        IgnorePublicAcls: isOn("IgnorePublicAcls"),
        BlockPublicPolicy: isOn("BlockPublicPolicy"),
        RestrictPublicBuckets: isOn("RestrictPublicBuckets"),
      };
      buckets(world).touch();
      return OK;
    },
  },
  DeletePublicAccessBlock: removal("publicAccessBlock", "s3:PutBucketPublicAccessBlock", "publicAccess"),
  GetBucketEncryption: {
    on: "GET ?encryption",
    run(on) {
      const { bucket } = on;
      authorizeBucket(on, "s3:GetEncryptionConfiguration");
      const { algorithm, keyId, bucketKey, blocked } = bucket.encryption;
      const rule = {
        ApplyServerSideEncryptionByDefault: {
          SSEAlgorithm: algorithm,
          ...(keyId ? { KMSMasterKeyID: keyId } : {}),
        },
        BucketKeyEnabled: bucketKey,
        ...(blocked ? { BlockedEncryptionTypes: { EncryptionType: blocked } } : {}),
      };
      return xmlAnswer("ServerSideEncryptionConfiguration", { Rule: [rule] });
    },
  },
  PutBucketEncryption: {
    on: "PUT ?encryption",
    async run(on, request) {
      const { world, bucket } = on;
      authorizeBucket(on, "s3:PutEncryptionConfiguration");
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
    run(on) {
      const { world, bucket } = on;
      authorizeBucket(on, "s3:PutEncryptionConfiguration");
      bucket.encryption = BY_S3;
      buckets(world).touch();
      return NO_CONTENT;
    },
  },
  GetBucketTagging: {
    on: "GET ?tagging",
    run(on) {
      const { bucket } = on;
      authorizeBucket(on, "s3:GetBucketTagging");
      if (!bucket.tags)
        throw new AwsError("NoSuchTagSet", "The TagSet does not exist", 404, { BucketName: bucket.name });
      return xmlAnswer("Tagging", tagSet(bucket.tags));
    },
  },
  PutBucketTagging: {
    on: "PUT ?tagging",
    async run(on, request) {
      const { world, bucket } = on;
      authorizeBucket(on, "s3:PutBucketTagging");
      bucket.tags = tagsOf(await rootElement(request, "Tagging"));
      buckets(world).touch();
      return NO_CONTENT;
    },
  },
  DeleteBucketTagging: removal("tagging", "s3:PutBucketTagging", "tags"),
};

/** Removes a configuration that a bucket need not have. */
function removal(sub: string, action: string, name: "ownership" | "publicAccess" | "tags"): BucketOperation {
  return {
    on: `DELETE ?${sub}`,
    run(on) {
      authorizeBucket(on, action);
      delete on.bucket[name];
      buckets(on.world).touch();
      return NO_CONTENT;
    },
  };
}

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

/**
 * Policy of account B's bucket for the offline store. Source: Amazon SageMaker Developer Guide, "Cross-Account Offline Store
 * Access", step 2.
 */
import { denyOtherEncryption, tlsOnly } from "../../../policies/bucket";
import { allowTo, naming, policy, type Policy, type Statement } from "../../../policies/document";
import { metadataUnder } from "../../../policies/iceberg";
import { objectsUnder } from "../../../policies/writerRole";

export interface OfflineBucketFacts {
  readonly bucketArn: string;
  /** Without slashes at either end; empty for the whole bucket. */
  readonly prefix: string;
  /** One or several roles of account A. */
  readonly writerRoleArns: readonly string[];
  /** Unique ID of the first of them. */
  readonly writerRoleId: string;
  /** The key of account A that objects are encrypted under. */
  readonly keyArn: string;
  /** True: some feature group has an Iceberg table, whose metadata its writer reads. */
  readonly iceberg?: boolean;
}

/** The documents' one statement, for the whole bucket; and TLS only, which permits nothing. */
export function documentedOfflineBucketPolicy(facts: OfflineBucketFacts): Policy {
  const { bucketArn, writerRoleArns, writerRoleId, iceberg } = facts;
  const document = policy(
    allowTo(
      { AWS: writerRoleArns },
      "S3CrossAccountBucketAccess",
      ["s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketAcl"],
      [`${bucketArn}/*`, bucketArn],
    ),
    iceberg ? readMetadata(writerRoleArns, metadataUnder(bucketArn, "")) : undefined,
    tlsOnly(bucketArn),
  );
  return naming([writerRoleId], document);
}

/**
 * Writers put objects under the prefix and read the bucket's ACL. Nothing may be stored under another key: a request
 * that names none gets the bucket's default, which is the same key. Account B's own principals read: its IAM permits it,
 * and the key's policy lets them decrypt.
 */
export function offlineBucketPolicy(facts: OfflineBucketFacts): Policy {
  const { bucketArn, prefix, writerRoleArns, writerRoleId, keyArn, iceberg } = facts;
  const writers = { AWS: writerRoleArns };
  const document = policy(
    allowTo(
      writers,
      "S3CrossAccountBucketAccess",
      ["s3:PutObject", "s3:PutObjectAcl"],
      objectsUnder(bucketArn, prefix),
    ),
    allowTo(writers, "S3CrossAccountBucketCheck", "s3:GetBucketAcl", bucketArn),
    iceberg ? readMetadata(writerRoleArns, metadataUnder(bucketArn, prefix)) : undefined,
    ...denyOtherEncryption(bucketArn, keyArn),
    tlsOnly(bucketArn),
  );
  return naming([writerRoleId], document);
}

/** Iceberg: a writer that adds to a table first reads its current metadata. */
function readMetadata(writerRoleArns: readonly string[], metadata: string): Statement {
  return allowTo({ AWS: writerRoleArns }, "S3CrossAccountMetadataRead", "s3:GetObject", metadata);
}

/**
 * The role that Feature Store writes an offline store as. Source: Amazon SageMaker Developer Guide, "Cross-Account Offline Store
 * Access", step 1.
 */
import { decryptMetadata, icebergStatements, metadataUnder, type IcebergFacts } from "./iceberg";
import { allow, assumedBy, policy, toRole, type Policy } from "./document";

export interface WriterTrustFacts {
  /** ARN of a role that may act as the writer to verify what the writer may not do; absent: only the service may. */
  readonly verifierRoleArn?: string;
}

/**
 * Trust policy of the writer role: the SageMaker service. `aws:SourceAccount` is left out on purpose: AWS does not say
 * that Feature Store sends it, and a role can be passed only within its own account.
 */
export function writerTrustPolicy({ verifierRoleArn }: WriterTrustFacts): Policy {
  return policy(
    assumedBy({ Service: "sagemaker.amazonaws.com" }, "FeatureStore"),
    verifierRoleArn === undefined ? undefined : assumedBy({ AWS: verifierRoleArn }, "Verification"),
  );
}

export interface WriterAccessFacts {
  /** Unique ID of the role: a recreated role of the same name lacks the policy, and this ID has it written again (see `toRole`). */
  readonly roleId: string;
  readonly bucketArn: string;
  /** 12 digits: account B. */
  readonly bucketAccount: string;
  /** Without slashes at either end; empty for the whole bucket. */
  readonly prefix: string;
  /** Absent: AWS's own key of Amazon S3, whose policy lets in every principal of its account that may put objects. */
  readonly keyArn?: string;
  /** The feature groups' Iceberg tables; absent: none. */
  readonly iceberg?: IcebergFacts;
}

/**
 * The writer's permissions: put objects (with the ACL that Feature Store sends) under the prefix, read the bucket's ACL, and generate
 * data keys under the one key. `aws:ResourceAccount` stops the permission from following the bucket's name into another account.
 */
export function writerAccessPolicy(facts: WriterAccessFacts): Policy {
  const { roleId, bucketArn, bucketAccount, prefix, keyArn, iceberg } = facts;
  const readsMetadata = iceberg !== undefined && iceberg.tables.length > 0;
  const inAccountB = { StringEquals: { "aws:ResourceAccount": bucketAccount } };
  return policy(
    allow(
      toRole("WriteOfflineStore", roleId),
      ["s3:PutObject", "s3:PutObjectAcl"],
      objectsUnder(bucketArn, prefix),
      inAccountB,
    ),
    allow("CheckBucket", "s3:GetBucketAcl", bucketArn, inAccountB),
    keyArn === undefined ? undefined : allow("EncryptOfflineStore", "kms:GenerateDataKey", keyArn),
    ...(iceberg ? icebergStatements(iceberg, metadataUnder(bucketArn, prefix), bucketAccount) : []),
    keyArn !== undefined && readsMetadata ? decryptMetadata(keyArn) : undefined,
  );
}

/**
 * The documents' own inline policy, narrowed from every key of account A to this key, as they advise once it exists. S3
 * access comes from the managed policy AmazonSageMakerFeatureStoreAccess, which lets the role read and update Iceberg
 * tables too, but not decrypt their metadata.
 */
export function documentedWriterKeyPolicy(facts: {
  readonly keyArn: string;
  readonly roleId: string;
  /** True: some feature group has an Iceberg table. */
  readonly iceberg?: boolean;
}): Policy {
  const { keyArn, roleId, iceberg } = facts;
  return policy(
    allow(toRole("VisualEditor0", roleId), ["kms:GenerateDataKey"], keyArn),
    iceberg ? decryptMetadata(keyArn) : undefined,
  );
}

/** The managed policy that the documents attach to the writer role. */
export function featureStoreManagedPolicyArn(partition: string): string {
  return `arn:${partition}:iam::aws:policy/AmazonSageMakerFeatureStoreAccess`;
}

/** ARN pattern of the bucket's objects under the prefix. */
export function objectsUnder(bucketArn: string, prefix: string): string {
  return prefix === "" ? `${bucketArn}/*` : `${bucketArn}/${prefix}/*`;
}

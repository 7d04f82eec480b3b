/** Policy of account A's key for the offline store. Sources: seeds 000 and 004, step 3; FACTS of KMS in seeds 002, 003. */
import { accountRoot, naming, policy, type Policy, type Statement } from "./document";

export interface OfflineStoreKeyFacts extends KeyOwnerFacts {
  readonly region: string;
  /** 12 digits: account B, which owns the bucket and whose own IAM says who of it reads. */
  readonly readerAccount: string;
  readonly writerRoleArns: readonly string[];
  /** Unique ID of the first of them. */
  readonly writerRoleId: string;
}

/** The rights that the documents give key administrators; `kms:Revoke*` takes in the grants of Feature Store. */
const ADMINISTRATION = [
  "kms:Create*",
  "kms:Describe*",
  "kms:Enable*",
  "kms:List*",
  "kms:Put*",
  "kms:Update*",
  "kms:Revoke*",
  "kms:Disable*",
  "kms:Get*",
  "kms:Delete*",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:ScheduleKeyDeletion",
  "kms:CancelKeyDeletion",
];

/** The documents' list for use of the key, without `kms:ListAliases`, which no key policy can grant. */
const DOCUMENTED_USE = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:CreateGrant",
  "kms:RetireGrant",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:ListGrants",
];

/** The documents' four statements as they stand, corrected: both the writers and account B may do all that the key does. */
export function documentedOfflineStoreKeyPolicy(facts: OfflineStoreKeyFacts): Policy {
  const { partition, readerAccount, writerRoleArns, writerRoleId } = facts;
  const document = policy(...ownersOfTheKey(facts), {
    Sid: "Allow use of the key",
    Effect: "Allow",
    Principal: { AWS: [...writerRoleArns, accountRoot(partition, readerAccount)] },
    Action: DOCUMENTED_USE,
    Resource: "*",
  });
  return naming([writerRoleId], document);
}

/**
 * The same four parties, each with what its part of the job takes: writers have data keys made, and account B
 * decrypts, through S3 only. `kms:ViaService` names S3 here; naming SageMaker on a key of an offline store is what
 * makes CreateFeatureGroup fail (seed 002).
 */
export function offlineStoreKeyPolicy(facts: OfflineStoreKeyFacts): Policy {
  const { partition, region, readerAccount, writerRoleArns, writerRoleId } = facts;
  const document = policy(
    ...ownersOfTheKey(facts),
    {
      Sid: "Allow writers to encrypt the offline store",
      Effect: "Allow",
      Principal: { AWS: writerRoleArns },
      Action: "kms:GenerateDataKey",
      Resource: "*",
    },
    {
      Sid: "Allow readers of the bucket's account to decrypt through S3",
      Effect: "Allow",
      Principal: { AWS: accountRoot(partition, readerAccount) },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    },
  );
  return naming([writerRoleId], document);
}

export interface KeyOwnerFacts {
  readonly partition: string;
  /** 12 digits: the account that owns the key. */
  readonly keyAccount: string;
  readonly administratorRoleArns: readonly string[];
  /** False: the SageMaker service may not look at the key by itself (seed 003 leaves it out); true by default. */
  readonly sageMakerReads?: boolean;
}

/** The statements that every key of the project has: the account's own IAM, administrators, and the service that reads of it. */
export function ownersOfTheKey(facts: KeyOwnerFacts): Statement[] {
  const owner: Statement = {
    Sid: "Enable IAM User Permissions",
    Effect: "Allow",
    Principal: { AWS: accountRoot(facts.partition, facts.keyAccount) },
    Action: "kms:*",
    Resource: "*",
  };
  return [owner, administrators(facts), featureStoreReads(facts)].filter((each) => each !== undefined);
}

/** The documented rights of administrators, `kms:RevokeGrant` among them. */
export function administrators({ administratorRoleArns }: KeyOwnerFacts): Statement | undefined {
  if (administratorRoleArns.length === 0) return undefined;
  return {
    Sid: "Allow access for Key Administrators",
    Effect: "Allow",
    Principal: { AWS: administratorRoleArns },
    Action: ADMINISTRATION,
    Resource: "*",
  };
}

/** The service's own, read-only look at the key (seeds 000 and 002). */
export function featureStoreReads({ sageMakerReads = true }: KeyOwnerFacts): Statement | undefined {
  if (!sageMakerReads) return undefined;
  return {
    Sid: "Allow Feature Store to get information about the CMK",
    Effect: "Allow",
    Principal: { Service: "sagemaker.amazonaws.com" },
    Action: ["kms:Describe*", "kms:Get*", "kms:List*"],
    Resource: "*",
  };
}

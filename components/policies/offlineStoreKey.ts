/**
 * Policy of account A's key for the offline store. Source: Amazon SageMaker Developer Guide, "Cross-Account Offline Store
 * Access", step 3.
 */
import { accountRoot, allowTo, naming, policy, viaService, type Policy, type Statement } from "./document";

export interface OfflineStoreKeyFacts extends KeyOwnerFacts {
  readonly region: string;
  /** 12 digits: account B, which owns the bucket and whose own IAM decides which of its principals may read. */
  readonly readerAccount: string;
  readonly writerRoleArns: readonly string[];
  /** Unique ID of the first of them. */
  readonly writerRoleId: string;
}

/** The permissions that the documents give key administrators; `kms:Revoke*` includes Feature Store's grants. */
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

/** The documents' list for use of the key, without `kms:ListAliases`, which no key policy can permit. */
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

/** The documents' four statements, corrected: the writers and account B may both use the key in every way. */
export function documentedOfflineStoreKeyPolicy(facts: OfflineStoreKeyFacts): Policy {
  const { partition, readerAccount, writerRoleArns, writerRoleId } = facts;
  const document = policy(
    ...ownersOfTheKey(facts),
    allowTo(
      { AWS: [...writerRoleArns, accountRoot(partition, readerAccount)] },
      "Allow use of the key",
      DOCUMENTED_USE,
      "*",
    ),
  );
  return naming([writerRoleId], document);
}

/**
 * The same four parties, each with what its part needs: writers generate data keys, and account B decrypts, through S3
 * only. `kms:ViaService` names S3 here: if the key of an offline store names SageMaker, CreateFeatureGroup fails.
 */
export function offlineStoreKeyPolicy(facts: OfflineStoreKeyFacts): Policy {
  const { partition, region, readerAccount, writerRoleArns, writerRoleId } = facts;
  const document = policy(
    ...ownersOfTheKey(facts),
    allowTo(
      { AWS: writerRoleArns },
      "Allow writers to encrypt the offline store",
      "kms:GenerateDataKey",
      "*",
    ),
    allowTo(
      { AWS: accountRoot(partition, readerAccount) },
      "Allow readers of the bucket's account to decrypt through S3",
      "kms:Decrypt",
      "*",
      viaService(`s3.${region}.amazonaws.com`),
    ),
  );
  return naming([writerRoleId], document);
}

export interface KeyOwnerFacts {
  readonly partition: string;
  /** 12 digits: the account that owns the key. */
  readonly keyAccount: string;
  readonly administratorRoleArns: readonly string[];
  /** False: the SageMaker service may not read the key's description and policy by itself; true by default. */
  readonly sageMakerReads?: boolean;
}

/** The statements that every key of the project has: for the account's own IAM, administrators, and the service that reads it. */
export function ownersOfTheKey(facts: KeyOwnerFacts): Statement[] {
  const owner = accountMay(facts, "kms:*");
  return [owner, administrators(facts), featureStoreReads(facts)].filter((each) => each !== undefined);
}

/** The account itself, whose IAM decides further. */
export function accountMay({ partition, keyAccount }: KeyOwnerFacts, actions: string | readonly string[]) {
  return allowTo({ AWS: accountRoot(partition, keyAccount) }, "Enable IAM User Permissions", actions, "*");
}

/** The documented permissions of administrators, including `kms:RevokeGrant`. */
export function administrators({ administratorRoleArns }: KeyOwnerFacts): Statement | undefined {
  if (administratorRoleArns.length === 0) return undefined;
  return allowTo({ AWS: administratorRoleArns }, "Allow access for Key Administrators", ADMINISTRATION, "*");
}

/** The service's own read-only access to the key. */
export function featureStoreReads({ sageMakerReads = true }: KeyOwnerFacts): Statement | undefined {
  if (!sageMakerReads) return undefined;
  return allowTo(
    { Service: "sagemaker.amazonaws.com" },
    "Allow Feature Store to get information about the CMK",
    ["kms:Describe*", "kms:Get*", "kms:List*"],
    "*",
  );
}

/**
 * Policy of an online store's own key. Source: Amazon SageMaker AI Developer Guide, "Security and access control",
 * https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html.
 */
import { accountRoot, allowTo, policy, type Policy, type Statement } from "./document";
import {
  accountMay,
  administrators,
  featureStoreReads,
  ownersOfTheKey,
  type KeyOwnerFacts,
} from "./offlineStoreKey";

export interface OnlineStoreKeyFacts extends KeyOwnerFacts {
  /** True: principals of the account may use the key through SageMaker only. For a key that no offline store uses. */
  readonly viaService?: boolean;
}

/** The permissions that the creator of an online store needs on its key, except ListAliases, which no key policy can permit. */
export const ONLINE_KEY_USE = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:CreateGrant",
  "kms:RetireGrant",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:ListGrants",
  "kms:RevokeGrant",
];

/** Everything that an account does with its key except use it: none of these reads or writes encrypted data. */
const OWNERSHIP = [
  "kms:CreateAlias",
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
  "kms:RotateKeyOnDemand",
  "kms:ReplicateKey",
];

/**
 * Feature Store uses the key through the grant that the group's creator lets it make; callers of its records need
 * kms:Decrypt. With `viaService`, the account's IAM can permit use of the key through SageMaker only. The document puts
 * the condition beside a `kms:*` without one, which would let its own administrators still decrypt.
 */
export function onlineStoreKeyPolicy(facts: OnlineStoreKeyFacts): Policy {
  if (!facts.viaService) return policy(...ownersOfTheKey(facts));
  const owner = accountMay(facts, OWNERSHIP);
  return policy(owner, throughFeatureStore(facts), administrators(facts), featureStoreReads(facts));
}

/** The document's own four statements: the condition is beside the account's kms:*. */
export function documentedOnlineStoreKeyPolicy(facts: OnlineStoreKeyFacts): Policy {
  return policy(...ownersOfTheKey(facts), facts.viaService ? throughFeatureStore(facts) : undefined);
}

function throughFeatureStore({ partition, keyAccount }: OnlineStoreKeyFacts): Statement {
  return allowTo(
    { AWS: accountRoot(partition, keyAccount) },
    "Allow access through Amazon SageMaker Feature Store for all principals in the account that are authorized to use Amazon SageMaker Feature Store",
    ONLINE_KEY_USE,
    "*",
    { StringLike: { "kms:ViaService": "sagemaker.*.amazonaws.com" } },
  );
}

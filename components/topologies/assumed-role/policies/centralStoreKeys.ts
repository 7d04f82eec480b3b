/**
 * Policy of account B's key for its central offline store. Consumers are not in it: they act as roles of account B,
 * whose IAM the key delegates to, so adding or removing a consumer does not change it.
 */
import { allowTo, naming, policy, type Policy } from "../../../policies/document";
import { ownersOfTheKey, type KeyOwnerFacts } from "../../../policies/offlineStoreKey";

/** The role that Feature Store writes as generates data keys under it. */
export function centralOfflineKeyPolicy(
  facts: KeyOwnerFacts & { readonly writerRoleArn: string; readonly writerRoleId: string },
): Policy {
  const document = policy(
    ...ownersOfTheKey(facts),
    allowTo(
      { AWS: facts.writerRoleArn },
      "Allow Feature Store's role to encrypt the offline store",
      "kms:GenerateDataKey",
      "*",
    ),
  );
  return naming([facts.writerRoleId], document);
}

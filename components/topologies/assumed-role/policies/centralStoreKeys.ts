/**
 * Policy of account B's key for its central offline store. Consumers are not in it: they act as roles of account B, whose
 * IAM the key delegates to, so that a consumer comes and goes without a change here. Sources: seeds 002 and 003.
 */
import { naming, policy, type Policy } from "../../../policies/document";
import { ownersOfTheKey, type KeyOwnerFacts } from "../../../policies/offlineStoreKey";

/** The role that Feature Store writes as has data keys made under it. */
export function centralOfflineKeyPolicy(
  facts: KeyOwnerFacts & { readonly writerRoleArn: string; readonly writerRoleId: string },
): Policy {
  const document = policy(...ownersOfTheKey(facts), {
    Sid: "Allow Feature Store's role to encrypt the offline store",
    Effect: "Allow",
    Principal: { AWS: facts.writerRoleArn },
    Action: "kms:GenerateDataKey",
    Resource: "*",
  });
  return naming([facts.writerRoleId], document);
}

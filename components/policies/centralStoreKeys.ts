/**
 * Policies of account B's keys for its central store. Consumers are not in them: they act as roles of account B, whose
 * IAM the keys delegate to, so that a consumer comes and goes without a change here. Sources: seeds 002 and 003.
 */
import { naming, policy, type Policy } from "./document";
import { ownersOfTheKey } from "./offlineStoreKey";

export interface CentralStoreKeyFacts {
  readonly partition: string;
  /** 12 digits: account B. */
  readonly keyAccount: string;
  readonly administratorRoleArns: readonly string[];
}

/** The online store's key. Feature Store uses it by the grant that the group's creator has it make. */
export function onlineStoreKeyPolicy(facts: CentralStoreKeyFacts): Policy {
  return policy(...ownersOfTheKey(facts));
}

/** The offline store's key: the role that Feature Store writes as has data keys made under it. */
export function centralOfflineKeyPolicy(
  facts: CentralStoreKeyFacts & { readonly writerRoleArn: string; readonly writerRoleId: string },
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

/** The actors of one consumer. */
import {
  effectiveAccess,
  ref,
  type ConsumerGrantsContract,
  type ConsumerSettings,
} from "../../../components/topologies/assumed-role";
import { contractOf } from "../contracts";
import type { Actor } from "../verification/actor";
import type { Verification } from "../verification/types";

export interface ConsumerActors {
  /** Settings with the access from tags included. */
  readonly consumer: ConsumerSettings;
  /** Contract of its last stage. */
  readonly contract: ConsumerGrantsContract;
  /** The deployer of the consumer's own account. */
  readonly deployer: Actor;
  /** The execution role of the consumer's workloads. */
  readonly execution: Actor;
  /** The role of account B, assumed by the execution role. */
  readonly assumed: Actor;
}

/** @returns undefined, with a notice, if the execution role cannot be assumed: then nothing can be tried as the consumer */
export async function consumerActors(
  { settings, contracts, identities, notice, actsAs }: Verification,
  consumer: ConsumerSettings,
): Promise<ConsumerActors | undefined> {
  const { name, account } = consumer;
  const contract = contractOf(contracts, ref("consumerGrants", name));
  const { roleArn, executionRoleArn, externalId, region } = contract;
  const execution = identities.assumed(`${name}'s execution role`, account, {
    roleArn: executionRoleArn,
    region,
  });
  const refusal = await identities.refusal(execution);
  if (refusal !== undefined) {
    notice(
      `${name}: not tried, because its execution role ${executionRoleArn} does not let the deployer assume it (${refusal}); verification.trustDeployer: true allows that for a role that its stage makes`,
    );
    return undefined;
  }
  const role = { roleArn, externalId, region };
  const assumed = identities.assumed(`${name}, through account B's role`, execution, role);
  actsAs(executionRoleArn, execution);
  actsAs(roleArn, assumed);
  const own = { ...consumer, access: effectiveAccess(settings, consumer) };
  return { consumer: own, contract, deployer: identities.deployer(account), execution, assumed };
}

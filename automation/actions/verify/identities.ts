/** The identities of the verification: each side's deployers, the roles of the topologies, and strangers. */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { ConsumerGrantsContract } from "../../../components/topologies/assumed-role";
import type { WriterContract } from "../../../components/topologies/offline-store";
import { accountOf, type Settings } from "../../../components/settings";
import { effectiveAccess, type ConsumerSettings } from "../../../components/topologies/assumed-role";
import { awsWords, type AccountSessions } from "../../environment/accountSessions";
import { Actor } from "./actor";

/** Who is tried in both topologies. */
export interface Strangers {
  /** The identity that the command runs as, if it belongs to none of the accounts. */
  readonly outsider?: Actor;
  /** Nobody: requests without a signature. */
  readonly anyone: Actor;
}

export interface OfflineStoreActors extends Strangers {
  readonly accountA: Actor;
  readonly accountB: Actor;
  /** Account B's deployer, limited to Amazon S3: the bucket's owner without the key. */
  readonly accountBWithoutKey: Actor;
  /** The writer role of account A, if the settings let the deployer assume it (`verification.trustDeployer`). */
  readonly writer?: Actor;
}

/** One consumer: what it is granted, and whom it acts as. */
export interface ConsumerActors {
  readonly consumer: ConsumerSettings;
  readonly grants: ConsumerGrantsContract;
  /** The administrator of the consumer's own account. */
  readonly deployer: Actor;
  /** The execution role of the consumer's workloads. */
  readonly execution: Actor;
  /** The role of account B, assumed by the execution role. */
  readonly assumed: Actor;
}

const ONLY_S3 = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } };

/** Makes the identities, and ends their clients. */
export class Identities {
  private readonly made: Actor[] = [];

  constructor(
    private readonly settings: Settings,
    private readonly sessions: AccountSessions,
  ) {}

  deployer(account: string): Actor {
    const name = /^[AB]$/.test(account) ? `account ${account}'s deployer` : `${account}'s deployer`;
    return this.keep(new Actor(name, this.sessions.account(account)));
  }

  async strangers(): Promise<Strangers> {
    const { region } = accountOf(this.settings, "B");
    const caller = this.keep(new Actor("", { region }));
    const { Account = "" } = await caller.sts.send(new GetCallerIdentityCommand({}));
    const anyone = this.keep(Actor.anonymous("anyone, without credentials", region));
    if (Object.values(this.settings.accounts).some(({ id }) => id === Account)) return { anyone };
    return { anyone, outsider: this.keep(new Actor(`another account (${Account})`, { region })) };
  }

  offlineStore({ roleArn }: WriterContract, strangers: Strangers): OfflineStoreActors {
    const { sessions, settings } = this;
    return {
      ...strangers,
      accountA: this.deployer("A"),
      accountB: this.deployer("B"),
      accountBWithoutKey: this.keep(new Actor("account B without the key", sessions.limited("B", ONLY_S3))),
      ...(settings.verification.trustDeployer
        ? { writer: this.keep(new Actor("account A's writer role", sessions.chained("A", roleArn))) }
        : {}),
    };
  }

  /** @returns a reason in words if the consumer's execution role cannot be assumed, so that nothing can be tried as it. */
  async consumer(
    consumer: ConsumerSettings,
    grants: ConsumerGrantsContract,
  ): Promise<ConsumerActors | string> {
    const { name } = consumer;
    const { roleArn, executionRoleArn, externalId, region } = grants;
    const chained = this.sessions.chained(consumer.account, executionRoleArn);
    const execution = this.keep(new Actor(`${name}'s execution role`, { ...chained, region }));
    try {
      await execution.sts.send(new GetCallerIdentityCommand({}));
    } catch (error) {
      return `${name}: not tried, as its execution role ${executionRoleArn} does not let the deployer assume it (${awsWords(error)}); verification.trustDeployer: true does for a role that is made here`;
    }
    const assumed = this.sessions.assumedBy(chained, { roleArn, externalId, region });
    return {
      consumer: { ...consumer, access: effectiveAccess(this.settings, consumer) },
      grants,
      deployer: this.deployer(consumer.account),
      execution,
      assumed: this.keep(new Actor(`${name}, through account B's role`, assumed)),
    };
  }

  end(): void {
    for (const actor of this.made) actor.end();
  }

  private keep(actor: Actor): Actor {
    this.made.push(actor);
    return actor;
  }
}

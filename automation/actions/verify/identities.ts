/** Creates the actors of the verification, and closes their clients. */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { accountOf, type AccountName, type Settings } from "../../../components/settings";
import { awsWords, type AccountClientConfig, type AccountSessions } from "../../environment/accountSessions";
import { Actor } from "../../topologies/verification/actor";
import type { Identities, RoleSession, Strangers } from "../../topologies/verification/types";

export class SessionIdentities implements Identities {
  /** Each actor, with its session, from which others can be assumed. */
  private readonly made = new Map<Actor, AccountClientConfig | undefined>();

  constructor(
    private readonly settings: Settings,
    private readonly sessions: AccountSessions,
  ) {}

  deployer(account: AccountName): Actor {
    const name = /^[AB]$/.test(account) ? `account ${account}'s deployer` : `${account}'s deployer`;
    const session = this.sessions.account(account);
    return this.keep(new Actor(name, session), session);
  }

  limited(name: string, account: AccountName, policy: object): Actor {
    return this.keep(new Actor(name, this.sessions.limited(account, policy)));
  }

  assumed(name: string, by: AccountName | Actor, role: RoleSession): Actor {
    const parent = typeof by === "string" ? this.sessions.account(by) : this.made.get(by);
    if (!parent) throw new Error(`${name} cannot be assumed by an actor without a session`);
    const session = this.sessions.assumedBy(parent, { ...role, region: parent.region });
    const { region = parent.region } = role;
    return this.keep(new Actor(name, { ...session, region }), session);
  }

  async refusal({ sts }: Actor): Promise<string | undefined> {
    try {
      await sts.send(new GetCallerIdentityCommand({}));
      return undefined;
    } catch (error) {
      return awsWords(error);
    }
  }

  async strangers(): Promise<Strangers> {
    const { region } = accountOf(this.settings, "B");
    const caller = this.keep(new Actor("", { region }));
    const { Account = "" } = await caller.sts.send(new GetCallerIdentityCommand({}));
    const anyone = this.keep(Actor.anonymous("anyone, without credentials", region));
    if (Object.values(this.settings.accounts).some(({ id }) => id === Account)) return { anyone };
    return { anyone, outsider: this.keep(new Actor(`another account (${Account})`, { region })) };
  }

  end(): void {
    for (const actor of this.made.keys()) actor.end();
  }

  private keep(actor: Actor, session?: AccountClientConfig): Actor {
    this.made.set(actor, session);
    return actor;
  }
}

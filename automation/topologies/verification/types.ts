/** The types of the verification that topologies implement and use. */
import type { AccountName, Settings } from "../../../components/settings";
import type { Contracts } from "../contracts";
import type { Actor } from "./actor";

export interface Check {
  /** In words, with the account: "account A's deployer". */
  readonly as: string;
  /** `service:Operation`. */
  readonly action: string;
  /** ARN, or `s3://` URI. */
  readonly resource: string;
  readonly expected: "allowed" | "denied";
  /** `failed`: neither; the operation failed for another reason, in `detail`. */
  readonly actual: "allowed" | "denied" | "failed";
  readonly ok: boolean;
  /** AWS's message, or a detail of the result. */
  readonly detail?: string;
}

export interface Attempt extends Pick<Check, "as" | "action" | "resource" | "expected"> {
  /** @returns a detail of the result. @throws AWS's error */
  readonly run: () => Promise<string | void>;
}

export interface Verification {
  readonly settings: Settings;
  readonly contracts: Contracts;
  readonly identities: Identities;
  readonly strangers: Strangers;
  /** Registers a role's actor: a sample of the proof is tried as that actor too. */
  readonly actsAs: (roleArn: string, actor: Actor) => void;
  /** Milliseconds to wait for an object to reach an offline store. */
  readonly patience: number;
  readonly notice: (message: string) => void;
}

/** Makes actors, whose clients end with the verification. */
export interface Identities {
  deployer(account: AccountName): Actor;
  /** The account's deployer, limited by a session policy: it may do only what both the policy and the role allow. */
  limited(name: string, account: AccountName, policy: object): Actor;
  /** A session of a role. @param by the account whose deployer assumes it, or another actor */
  assumed(name: string, by: AccountName | Actor, role: RoleSession): Actor;
  /** @returns AWS's message if the actor's session cannot be created, or undefined */
  refusal(actor: Actor): Promise<string | undefined>;
}

export interface RoleSession {
  readonly roleArn: string;
  readonly externalId?: string | undefined;
  /** Region of its clients; the assuming actor's by default. */
  readonly region?: string;
}

export interface Strangers {
  /** The identity that the command runs as, if it belongs to none of the accounts. */
  readonly outsider?: Actor;
  /** Requests without a signature. */
  readonly anyone: Actor;
}

/** A sandbox, as the code that starts it sees it. */
import type { Accounts } from "./identity/accounts";
import type { FaultPlan, Faults } from "./pipeline/faults";

export interface SandboxOptions {
  /** Directory of the state; without it the state is in memory and ends with the sandbox. */
  readonly state?: string;
  /** TCP port on 127.0.0.1; 0, the default, takes any free one. */
  readonly port?: number;
  /** Accounts (12 digits each) besides 111111111111 and 222222222222. */
  readonly accounts?: readonly string[];
  /** Faults to inject: AWS's throttling, errors, lost answers and delays, on purpose. */
  readonly faults?: FaultPlan;
  /** The clock for sessions, dates and conditions; left out: the system's. */
  readonly now?: () => Date;
}

/** A running sandbox, with the access keys of its accounts. */
export interface Sandbox extends Accounts {
  /** `http://127.0.0.1:PORT`, for AWS_ENDPOINT_URL and the clients' `endpoint`. */
  readonly endpoint: string;
  /** The faults that were injected, if a plan was given. */
  readonly faults?: Faults;
  /** Finishes requests and tasks under way, saves the state, and frees port and state. */
  close(): Promise<void>;
}

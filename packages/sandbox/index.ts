/** Starts a sandbox inside this process: for tests, and for `main.ts`. */
import { checkAccountIds, prepareAccounts, type Accounts } from "./identity/accounts";
import { SandboxError } from "./errors";
import { createFaults, type FaultPlan, type Faults } from "./pipeline/faults";
import { services } from "./registry";
import { createAnswer } from "./pipeline";
import { openStore } from "./store/stateFiles";
import { memoryStore } from "./store/store";
import { listen } from "./pipeline/http";
import { createWorld, type RunningWorld } from "./world";

export { SandboxError } from "./errors";
export { installProvider, type InstallOptions } from "./installProvider";
export { toolingAccount, type AccountKeys, type Accounts } from "./identity/accounts";

export interface SandboxOptions {
  /** Directory of the state; without it the state is in memory and ends with the sandbox. */
  readonly state?: string;
  /** TCP port on 127.0.0.1; 0, the default, takes any free one. */
  readonly port?: number;
  /** Accounts (12 digits each) besides 111111111111 and 222222222222. */
  readonly accounts?: readonly string[];
  /** Faults to play (docs/sandbox.md). */
  readonly faults?: FaultPlan;
  /** The clock of sessions, dates and conditions. */
  readonly now?: () => Date;
}

export interface Sandbox extends Accounts {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly world: RunningWorld;
  /** The faults that were played, if a plan was given. */
  readonly faults?: Faults;
  /** Finishes requests and tasks under way, saves, and frees port and state. */
  close(): Promise<void>;
}

/** Throws `SandboxError` where the options are wrong, the port is taken, or the state is in use, unwritable or unreadable. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { state, port = 0, accounts = [], now = () => new Date() } = options;
  checkAccountIds(accounts);
  const faults = options.faults && createFaults(options.faults);
  const store = state === undefined ? memoryStore() : await openStore(state);
  try {
    const prepared = prepareAccounts(store, accounts, now());
    await store.commit();
    const world = createWorld(store, services, now);
    const server = await listen(port, createAnswer(world, faults)).catch((error: unknown) => {
      throw portError(error, port);
    });
    for (const service of world.declared) service.resume?.(world);
    return {
      ...prepared,
      endpoint: server.endpoint,
      world,
      ...(faults ? { faults } : {}),
      async close() {
        await server.close();
        for (const service of world.declared) await service.end?.(world);
        await world.end();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function portError(error: unknown, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new SandboxError(
        "port",
        `Port ${port} of 127.0.0.1 is in use. Give another with --port (0 takes any free one).`,
      );
    case "EACCES":
      return new SandboxError("port", `Port ${port} needs privileges. Give one above 1023 with --port.`);
    default:
      return error;
  }
}

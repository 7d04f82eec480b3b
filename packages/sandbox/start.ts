/** Puts a sandbox together: state, accounts, services and the server. */
import { SandboxError } from "./errors";
import { checkAccountIds, prepareAccounts } from "./identity/accounts";
import { createAnswer } from "./pipeline";
import { createFaults } from "./pipeline/faults";
import { listen } from "./pipeline/http";
import { services } from "./registry";
import type { Sandbox, SandboxOptions } from "./sandbox";
import { openStore } from "./store/stateFiles";
import { memoryStore } from "./store/store";
import { createWorld, type RunningWorld } from "./world";

/** A sandbox with its internals, for tests of them. */
export interface RunningSandbox extends Sandbox {
  readonly world: RunningWorld;
}

/** @throws SandboxError, see `startSandbox` */
export async function start(options: SandboxOptions): Promise<RunningSandbox> {
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

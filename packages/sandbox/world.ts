/** The world that services live in: the store, the clock, the other services, and the one function that decides every access. */
import { decide, denial } from "./pipeline/authorize";
import { accountExists } from "./identity/accounts";
import type { AccessCheck, Call, Services, World } from "./core";
import { createPrincipals } from "./identity/principals";
import type { Service } from "./protocol/service";
import type { OpenStore } from "./store/store";

/** The services of a world by name. */
export type ServiceSet = Readonly<Record<string, Service>> & {
  readonly [Name in keyof Services]: Service<Services[Name]>;
};

/** A world whose services are running, and what the server needs of it. */
export interface RunningWorld extends World {
  readonly store: OpenStore;
  /** Its services, in the order in which they are offered a request. */
  readonly declared: readonly Service[];
  /** From now on, the access checks of this request (by its request ID) are recorded, until `forget`. */
  begin(requestId: string): void;
  /** The access checks that were made for the request since `begin`, in order. */
  checksOf(requestId: string): readonly AccessCheck[];
  forget(requestId: string): void;
  /** Cancels tasks that would run later, and waits for those that are running. */
  end(): Promise<void>;
}

/** A world of `services` over `store`. `now` is the clock for sessions, dates and conditions. */
export function createWorld(
  store: OpenStore,
  services: ServiceSet,
  now: () => Date = () => new Date(),
): RunningWorld {
  const checked = new Map<string, AccessCheck[]>();
  const timers = new Set<NodeJS.Timeout>();
  const tasks = new Set<Promise<void>>();
  let ended = false;

  const check = (call: Call, access: AccessCheck) => {
    checked.get(call.requestId)?.push(access);
    return decide(store, call, access, now());
  };

  const world: RunningWorld = {
    store,
    principals: createPrincipals(store, (id) => accountExists(store, id)),
    declared: Object.values(services),
    services: {} as Services,
    authorize(call, access) {
      const evaluation = check(call, access);
      if (evaluation.result !== "Allowed") throw denial(call, access, evaluation);
    },
    allowed: (call, access) => check(call, access).result === "Allowed",
    now,
    later(milliseconds, task) {
      if (ended) return; // unfinished work is resumed at the next start
      const timer = setTimeout(() => {
        timers.delete(timer);
        const running = Promise.resolve()
          .then(task)
          .then(() => store.commit())
          .catch((error: unknown) => console.error("sandbox: a delayed task failed:", error))
          .finally(() => tasks.delete(running));
        tasks.add(running);
      }, milliseconds);
      timers.add(timer);
    },
    accountExists: (id) => accountExists(store, id),
    begin: (requestId) => void checked.set(requestId, []),
    checksOf: (requestId) => checked.get(requestId) ?? [],
    forget: (requestId) => void checked.delete(requestId),
    async end() {
      ended = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await Promise.all(tasks);
    },
  };
  const ports = Object.entries(services).map(([name, { port }]) => [name, port?.(world)]);
  return Object.assign(world, { services: Object.fromEntries(ports) as Services });
}

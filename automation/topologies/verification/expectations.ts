/** Attempts in few words: what an actor must be able to do, and what it must be refused. */
import type { Actor } from "./actor";
import type { Attempt } from "./types";

/** @param what does it; what it returns is shown as the detail */
export function allowed(
  actor: Actor,
  action: string,
  resource: string,
  what: () => Promise<string | void>,
): Attempt {
  return { as: actor.name, action, resource, expected: "allowed", run: what };
}

export function denied(
  actor: Actor,
  action: string,
  resource: string,
  what: () => Promise<unknown>,
): Attempt {
  const run = async () => void (await what());
  return { as: actor.name, action, resource, expected: "denied", run };
}

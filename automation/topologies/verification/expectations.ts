/** Short forms of attempts: one that must be allowed, and one that must be refused. */
import type { Actor } from "./actor";
import type { Attempt } from "./types";

/** @param what makes the request and returns a detail to show */
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

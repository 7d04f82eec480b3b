/** Every topology's intents. To add a topology to the proof, add its file or folder here and a line in this list. */
import type { Intent, IntentContext } from "../intents/types";
import { assumedRole } from "./assumedRole";
import { offlineStore } from "./offlineStore";

const topologies = [offlineStore, assumedRole] as const;

type Topologies = (typeof topologies)[number];

/** The facts of an environment, by topology; topologies that it does not use are left out. */
export type EnvironmentFacts = {
  readonly [T in Topologies as T["name"]]?: Parameters<T["intents"]>[0];
};

/** The intents of all topologies that have facts, in the order of the list. */
export function topologyIntents(facts: EnvironmentFacts, context: IntentContext): Intent[] {
  return topologies.flatMap(({ name, intents }) => {
    const own = facts[name];
    return own ? (intents as (of: typeof own, context: IntentContext) => Intent[])(own, context) : [];
  });
}

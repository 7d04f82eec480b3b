/** One topology's part of the proof, as an entry of the list of topologies. */
import type { Intent, IntentContext } from "../intents/types";

/** @typeParam Facts their `store`, if there is one, is what proves the profiles on that store */
export interface TopologyIntents<Name extends string, Facts extends object> {
  /** `offline-store`. */
  readonly name: Name;
  /** All accesses that must work, and all that must be refused. */
  readonly intents: (facts: Facts, context: IntentContext) => Intent[];
}

/** Declares a topology with the types of its name and facts. */
export function defineTopology<const Name extends string, Facts extends object>(
  topology: TopologyIntents<Name, Facts>,
): TopologyIntents<Name, Facts> {
  return topology;
}

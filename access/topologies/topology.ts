/** One topology's part of the proof, as the list of topologies has it. */
import type { Intent, IntentContext } from "../intents/types";

/** @typeParam Facts their `store`, if there is one, is what profiles on that store are proven by */
export interface TopologyIntents<Name extends string, Facts extends object> {
  /** `offline-store`. */
  readonly name: Name;
  /** All that must work, and all that must be refused. */
  readonly intents: (facts: Facts, context: IntentContext) => Intent[];
}

/** A topology with the types of its name and facts. */
export function defineTopology<const Name extends string, Facts extends object>(
  topology: TopologyIntents<Name, Facts>,
): TopologyIntents<Name, Facts> {
  return topology;
}

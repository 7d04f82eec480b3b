/** One topology's part of the proof, as the list of topologies has it. */
import type { Intent, IntentContext, StoreFacts } from "../intents/types";

/** The facts of a topology; those of its store of feature groups are what profiles on that store are proven by. */
export interface TopologyFacts {
  readonly store?: StoreFacts;
}

export interface TopologyIntents<Name extends string, Facts extends TopologyFacts> {
  /** `offline-store`. */
  readonly name: Name;
  /** All that must work, and all that must be refused. */
  readonly intents: (facts: Facts, context: IntentContext) => Intent[];
}

/** A topology with the types of its name and facts. */
export function defineTopology<const Name extends string, Facts extends TopologyFacts>(
  topology: TopologyIntents<Name, Facts>,
): TopologyIntents<Name, Facts> {
  return topology;
}

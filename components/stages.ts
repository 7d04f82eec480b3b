/**
 * THE graph: each stage is one account's side of the access. `index.ts` runs the programs in one stack, the driver each
 * in a stack of its own; both the same programs, on the same settings.
 */
import { assumedRoleStages } from "./assumed-role/stages";
import { offlineStoreStages } from "./offline-store/stages";
import type { Settings } from "./settings";
import type { Stage } from "./stage";

export type { Stage, StageContext, StageInputs } from "./stage";

/** The stages of the environment, in an order in which each follows what it needs. */
export function stages({ offlineStore, centralStore, consumers }: Settings): readonly Stage[] {
  return [
    ...(offlineStore ? offlineStoreStages(offlineStore) : []),
    ...(centralStore ? assumedRoleStages(centralStore, consumers) : []),
  ];
}

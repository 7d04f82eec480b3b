/**
 * THE graph: each stage is one account's side of the access. `index.ts` runs the programs in one stack, the driver each
 * in a stack of its own; both the same programs, on the same settings.
 */
import { assumedRoleStages } from "./assumed-role/stages";
import { offlineStoreStages } from "./offline-store/stages";
import type { CentralStoreSettings, ConsumerSettings, OfflineStoreSettings, Settings } from "./settings";
import type { Stage } from "./stage";

export type { Stage, StageContext, StageInputs } from "./stage";

/** The stages of the environment, in an order in which each follows what it needs. */
export function stages({ offlineStore, centralStore, consumers }: Settings): readonly Stage[] {
  return [
    ...(offlineStore ? offlineStoreStages(offlineStore) : []),
    ...(centralStore ? assumedRoleStages(centralStore, consumers) : []),
  ];
}

/**
 * The stages of both topologies with these consumers, as a graph alone: names and needs. No settings are behind them, so
 * their programs cannot be run; it is for stages that the settings name no more.
 */
export function shapeOfStages(consumers: readonly string[]): readonly Stage[] {
  const named = consumers.map((name) => ({ name, account: name }) as ConsumerSettings);
  const all = [
    ...offlineStoreStages({} as OfflineStoreSettings),
    ...assumedRoleStages({} as CentralStoreSettings, named),
  ];
  return all.map((stage) => ({
    ...stage,
    program() {
      throw new Error(`stage ${stage.name} is not in the settings`);
    },
  }));
}

/**
 * THE graph: each stage is one account's side of the access. `index.ts` runs the programs in one stack, the driver each
 * in a stack of its own; both the same programs, on the same settings.
 */
import { assumedRoleStages } from "./topologies/assumed-role/stages";
import { monitoringStages } from "./monitoring/stages";
import { offlineStoreStages } from "./topologies/offline-store/stages";
import { profileStages } from "./profiles/stages";
import type {
  CentralStoreSettings,
  ConsumerSettings,
  OfflineStoreSettings,
  ProfileSettings,
  Settings,
} from "./settings";
import type { Stage } from "./stage";

export type { Stage, StageContext, StageInputs } from "./stage";

/** The stages of the environment, in an order in which each follows what it needs. */
export function stages({
  offlineStore,
  centralStore,
  consumers,
  profiles,
  monitoring,
}: Settings): readonly Stage[] {
  const watched = [
    ...(offlineStore ? offlineStoreStages(offlineStore) : []),
    ...(centralStore ? assumedRoleStages(centralStore, consumers) : []),
    ...profileStages(
      profiles.filter(({ store }) => (store === "offlineStore" ? offlineStore : centralStore)),
    ),
  ];
  return [...watched, ...monitoringStages(monitoring, watched)];
}

/** In each account a profile of each store: what their stages can need. */
const EVERY_PROFILE = (["A", "B"] as const).flatMap((account) =>
  (["offlineStore", "centralStore"] as const).map((store) => ({ account, store }) as ProfileSettings),
);

const EVERY_ACCOUNT = {
  accounts: { A: { trail: { existing: "" } }, B: { trail: { existing: "" } } },
};

/**
 * The stages of both topologies with these consumers, as a graph alone: names and needs. No settings are behind them, so
 * their programs cannot be run; it is for stages that the settings name no more.
 */
export function shapeOfStages(consumers: readonly string[]): readonly Stage[] {
  const named = consumers.map((name) => ({ name, account: name }) as ConsumerSettings);
  const watched = [
    ...offlineStoreStages({} as OfflineStoreSettings),
    ...assumedRoleStages({} as CentralStoreSettings, named),
    ...profileStages(EVERY_PROFILE),
  ];
  const monitoring = monitoringStages(EVERY_ACCOUNT, watched);
  return [...watched, ...monitoring].map((stage) => ({
    ...stage,
    program() {
      throw new Error(`stage ${stage.name} is not in the settings`);
    },
  }));
}

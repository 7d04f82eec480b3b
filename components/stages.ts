/**
 * THE graph: each stage is one account's side of the access. `index.ts` folds the programs into one stack, and the
 * driver runs each in its own stack: the same programs with the same settings.
 */
import { kinds as monitoringKinds } from "./monitoring/kinds";
import { monitoringStages } from "./monitoring/stages";
import { kinds as profileKinds } from "./profiles/kinds";
import { profileStages } from "./profiles/stages";
import type { MonitoringSettings, ProfileSettings } from "./settings/types";
import { mapped, parseStage, type Kind, type Ref, type Stage } from "./stage";
import { STORES, storesOf, TOPOLOGIES, type Settings } from "./topologies";
import type { PlacedStore } from "./topology";

export { fold } from "./fold";
export type { Stage, StageContext, StageInputs } from "./stage";

const KINDS: Readonly<Record<string, Kind>> = Object.fromEntries(
  [...TOPOLOGIES.map(({ kinds }) => kinds), profileKinds, monitoringKinds].flatMap(
    (kinds): [string, Kind][] => Object.entries(kinds),
  ),
);

/** The kind that a stage's name stands for, and its consumer or account; undefined for any other name. */
export function refOf(name: string): Ref<unknown> | undefined {
  return parseStage(KINDS, name);
}

/** The stages of the environment, each after the stages that it needs. */
export function stages(settings: Settings): readonly Stage[] {
  return withExtensions(
    TOPOLOGIES.flatMap((topology) => topology.stages(settings)),
    settings.profiles,
    storesOf(settings),
    settings.monitoring,
  );
}

/** Adds profiles, which are for topologies' stores, and monitoring, which watches all of them. */
function withExtensions(
  own: readonly Stage[],
  profiles: readonly ProfileSettings[],
  stores: readonly PlacedStore[],
  monitoring: Pick<MonitoringSettings, "accounts"> | undefined,
): readonly Stage[] {
  const watched = [...own, ...profileStages(profiles, stores)];
  return [...watched, ...monitoringStages(monitoring, watched)];
}

/** Every store, with a profile of each in both accounts: everything that profiles' stages can need. */
const EVERY_STORE = STORES.map(
  (store) => ({ ...store, outputs: mapped(store.outputs, notInSettings) }) as unknown as PlacedStore,
);
const EVERY_PROFILE = (["A", "B"] as const).flatMap((account) =>
  STORES.map(({ setting }) => ({ account, store: setting }) as ProfileSettings),
);
const EVERY_ACCOUNT = { accounts: { A: { trail: { existing: "" } }, B: { trail: { existing: "" } } } };

/**
 * The stages of all topologies with these consumers, as a graph only: names and needs. They have no settings, so their
 * programs cannot run; this is for stages that were removed from the settings.
 */
export function shapeOfStages(consumers: readonly string[]): readonly Stage[] {
  const own = TOPOLOGIES.flatMap(({ everyStage }) => everyStage(consumers));
  return withExtensions(own, EVERY_PROFILE, EVERY_STORE, EVERY_ACCOUNT).map((stage) => ({
    ...stage,
    program: notInSettings,
  }));
}

function notInSettings(): never {
  throw new Error("the stage is not in the settings");
}

/** The list of topologies. All code that needs topologies loops over it. */
import { accountOf, type SharedSettings } from "../settings/types";
import { mapped } from "../stage";
import type { PlacedStore, Store, StoreFacts } from "../topology";
import { assumedRole } from "./assumed-role";
import { offlineStore } from "./offline-store";

export const TOPOLOGIES = [offlineStore, assumedRole] as const;

type Listed = (typeof TOPOLOGIES)[number];
/** `A | B` -> `A & B`. */
type Together<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The forms of all topologies' settings. */
export type TopologyShape = Together<Listed["shape"]>;
/** The settings of all topologies. */
export type TopologySettings = Together<ReturnType<Listed["normalise"]>>;

/** The settings after validation, frozen: stages are made from these. */
export interface Settings extends SharedSettings, TopologySettings {}

/** The stores that topologies can have. */
export const STORES: readonly Store<TopologyShape, Settings>[] = TOPOLOGIES.flatMap(({ store }) =>
  store ? [store] : [],
);

/** @throws Error if no topology has such a store: a bug of the program */
export function storeNamed(setting: string): StoreFacts {
  const found = STORES.find((store) => store.setting === setting);
  if (!found) throw new Error(`there is no store ${setting}`);
  return found;
}

/** The stores that the settings have. */
export function storesOf(settings: Settings): PlacedStore[] {
  return STORES.flatMap(({ of, outputs, ...facts }): PlacedStore[] => {
    const own = of(settings);
    if (!own) return [];
    const place = accountOf(settings, facts.account);
    return [{ ...facts, settings: own, place, outputs: mapped(outputs, (given) => given(settings)) }];
  });
}

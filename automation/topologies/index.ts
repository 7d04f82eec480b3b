/** Every topology. A topology is added to the driver by its file or folder here, and a line in this list. */
import type { AccessModel } from "../../access/model";
import type { EnvironmentFacts } from "../../access/topologies";
import type { Settings } from "../../components/settings";
import { assumedRole } from "./assumedRole";
import { offlineStore } from "./offlineStore";
import type { Topology } from "./topology";

export const topologies: readonly Topology[] = [offlineStore, assumedRole];

/** The facts of all topologies that the settings use and the model has. */
export function factsOf(settings: Settings, model: AccessModel): EnvironmentFacts {
  return Object.fromEntries(
    topologies.flatMap((topology) => {
      const facts = topology.facts(settings, model);
      return facts ? [[topology.name, facts]] : [];
    }),
  );
}

/** ARNs of the existing roles that stages give policies. */
export function usedRoles(settings: Settings): string[] {
  return topologies
    .flatMap((topology) => topology.existingRoles?.(settings) ?? [])
    .flatMap(({ arn, isUsed }) => (isUsed ? [arn] : []));
}

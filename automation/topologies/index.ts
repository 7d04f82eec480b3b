/** Every topology. To add one to the driver, add its file or folder here and a line to this list. */
import type { AccessModel } from "../../access/model";
import type { EnvironmentFacts } from "../../access/topologies";
import type { Settings } from "../../components/settings";
import { assumedRole } from "./assumedRole";
import { offlineStore } from "./offlineStore";
import type { Topology } from "./topology";

export const topologies: readonly Topology[] = [offlineStore, assumedRole];

/** The facts of all topologies that are in the settings and in the model. */
export function factsOf(settings: Settings, model: AccessModel): EnvironmentFacts {
  return Object.fromEntries(
    topologies.flatMap((topology) => {
      const facts = topology.facts(settings, model);
      return facts ? [[topology.name, facts]] : [];
    }),
  );
}

/** ARNs of the existing roles to which stages add policies. */
export function usedRoles(settings: Settings): string[] {
  return topologies
    .flatMap((topology) => topology.existingRoles?.(settings) ?? [])
    .flatMap(({ arn, isUsed }) => (isUsed ? [arn] : []));
}

/** The settings that are deployed, as far as the stages' contracts show them. */
import type { Deployment } from "@pulumi/pulumi/automation";
import type { Settings } from "../../components/settings";
import { plainValues } from "../graph/wiring";
import { readDeployed } from "../stacks/deployedState";
import { topologies } from "../topologies";

/** @param states of all deployed stages, by stage */
export function deployedSettings(settings: Settings, states: ReadonlyMap<string, Deployment>): Settings {
  const contracts = Object.fromEntries(
    [...states].map(([stage, state]) => [stage, plainValues(readDeployed(state).outputs)]),
  );
  return topologies.reduce((of, topology) => topology.asDeployed?.(of, contracts) ?? of, settings);
}

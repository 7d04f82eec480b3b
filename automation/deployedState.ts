/** A stack's exported state, read for what the driver needs of it. */
import type { Deployment } from "@pulumi/pulumi/automation";
import type { DeployedStack, PendingCreation } from "./stackPort";
import { fromEventOutputs } from "./wiring";

/** The part of the engine's deployment format (version 3) that is read here. */
interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom?: boolean;
  delete?: boolean;
  protect?: boolean;
  retainOnDelete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}
interface State {
  resources?: StateResource[];
  pending_operations?: { type: string; resource: StateResource }[];
}

export function readDeployed(exported: Deployment): DeployedStack {
  const state = (exported.deployment ?? {}) as State;
  const resources = state.resources ?? [];
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  return {
    outputs: fromEventOutputs(root?.outputs ?? {}),
    resources: resources
      .filter(({ custom, type, delete: going }) => custom && !going && !type.startsWith("pulumi:"))
      .map(({ urn, type, id, protect, retainOnDelete, inputs }) => ({
        urn,
        type,
        id: id ?? "",
        protect: protect ?? false,
        retainOnDelete: retainOnDelete ?? false,
        inputs: inputs ?? {},
      })),
    pending: pendingCreations(state),
  };
}

function pendingCreations(state: State): PendingCreation[] {
  return (state.pending_operations ?? [])
    .filter(({ type }) => type === "creating")
    .map(({ resource: { urn, type, inputs } }) => ({ urn, type, inputs: inputs ?? {} }));
}

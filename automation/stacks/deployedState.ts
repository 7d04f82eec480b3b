/** A stack's exported state, read for what the driver needs of it. */
import type { Deployment } from "@pulumi/pulumi/automation";
import { holdsDataType } from "../model/data";
import type { DeployedStack, PendingCreation, BegunCreation } from "../model/stackPort";
import { fromEventOutputs } from "../graph/wiring";

/** The part of the engine's deployment format (version 3) that is read here. */
interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom?: boolean;
  delete?: boolean;
  protect?: boolean;
  retainOnDelete?: boolean;
  provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}
interface State {
  resources?: StateResource[];
  pending_operations?: { type: string; resource: StateResource }[];
}

const ROOT_TYPE = "pulumi:pulumi:Stack";

/** @param version of the state, if whoever read it can tell it from all others */
export function readDeployed(exported: Deployment, version?: string): DeployedStack {
  const state = (exported.deployment ?? {}) as State;
  const resources = state.resources ?? [];
  const root = resources.find(({ type }) => type === ROOT_TYPE);
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
    regions: regionsOf(resources),
    size: resources.filter(
      ({ type, delete: going }) => !going && type !== ROOT_TYPE && !type.startsWith("pulumi:providers:"),
    ).length,
    ...(version === undefined ? {} : { version }),
  };
}

function pendingCreations(state: State): PendingCreation[] {
  return (state.pending_operations ?? [])
    .filter(({ type }) => type === "creating")
    .map(({ resource: { urn, type, inputs, provider } }) => ({
      urn,
      type,
      inputs: inputs ?? {},
      ...(provider === undefined ? {} : { provider }),
    }));
}

function regionsOf(resources: readonly StateResource[]): Record<string, string> {
  return Object.fromEntries(
    resources.flatMap(({ urn, type, inputs }): [string, string][] => {
      const region = inputs?.["region"];
      return type === "pulumi:providers:aws" && typeof region === "string" ? [[urn, region]] : [];
    }),
  );
}

/**
 * The state with what was found taken in as resources of the stack, and all other pending creations forgotten. What was
 * found has its inputs from the creation that was begun; its outputs a refresh has to read.
 */
export function withAdopted(
  exported: Deployment,
  found: readonly { readonly urn: string; readonly id: string }[],
): Deployment {
  const state = (exported.deployment ?? {}) as State;
  const ids = new Map(found.map(({ urn, id }) => [urn, id]));
  const pending = state.pending_operations ?? [];
  const adopted = pending
    .filter(({ type, resource }) => type === "creating" && ids.has(resource.urn))
    .map(({ resource }) => ({
      ...resource,
      id: ids.get(resource.urn),
      outputs: resource.outputs ?? resource.inputs,
    }));
  const rest = pending.filter(({ type }) => type !== "creating");
  const resources = withTakenOver(state.resources ?? [], adopted);
  const deployment: State = { ...state, resources, pending_operations: rest };
  return { ...exported, deployment };
}

/**
 * A resource that is not there comes last: after parents, providers and what it depends on. One that was to replace another
 * stands in its place, before what depends on it; the other waits for its deletion at the end, as the engine has it.
 */
function withTakenOver(
  resources: readonly StateResource[],
  adopted: readonly StateResource[],
): StateResource[] {
  const successors = new Map(adopted.map((resource) => [resource.urn, resource]));
  const replaced: StateResource[] = [];
  const kept = resources.map((resource) => {
    const successor = resource.delete ? undefined : successors.get(resource.urn);
    if (!successor) return resource;
    successors.delete(resource.urn);
    // Written down after all: the note of its creation was older.
    if (successor.id === resource.id) return resource;
    replaced.push({ ...resource, delete: true });
    return successor;
  });
  return [...kept, ...successors.values(), ...replaced];
}

/** The state with nothing protected, and nothing to be kept in AWS when it is deleted. */
export function withoutProtection(exported: Deployment): Deployment {
  const state = (exported.deployment ?? {}) as State;
  const resources = (state.resources ?? []).map((resource) => ({
    ...resource,
    protect: false,
    retainOnDelete: false,
  }));
  return { ...exported, deployment: { ...state, resources } };
}

/** Types that make a bucket what it is: without them its data would be kept, but worse guarded. */
const BUCKET_PARTS =
  /^aws:s3\/bucket(PublicAccessBlock|OwnershipControls|Versioning|Lifecycle|ServerSide|Policy)/;

/** The state with all protected that holds data, or configures what does: a destruction then can leave it out. */
export function withKeptData(exported: Deployment): Deployment {
  const state = (exported.deployment ?? {}) as State;
  const resources = (state.resources ?? []).map((resource) => {
    const { custom, type } = resource;
    const isKept =
      custom && (holdsDataType(type) || BUCKET_PARTS.test(type) || type === "aws:kms/alias:Alias");
    return { ...resource, protect: isKept ?? false };
  });
  return { ...exported, deployment: { ...state, resources } };
}

/**
 * The state with creations noted as pending that the engine itself forgot: where a provider is gone in the middle of one,
 * the engine takes it for failed, and AWS may have carried it out.
 */
export function withPending(exported: Deployment, begun: readonly BegunCreation[]): Deployment {
  const state = (exported.deployment ?? {}) as State;
  // One whose URN is there may be begun to replace that.
  const noted = new Set((state.pending_operations ?? []).map(({ resource }) => resource.urn));
  const pending = begun
    .filter(({ urn }) => !noted.has(urn))
    .map((resource) => ({ type: "creating", resource }));
  const pending_operations = [...(state.pending_operations ?? []), ...pending];
  return { ...exported, deployment: { ...state, pending_operations } };
}

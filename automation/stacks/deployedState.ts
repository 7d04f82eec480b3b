/** Reads and edits a stack's exported state. */
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

/** @param version differs after every write of the state; undefined if that cannot be told */
export function readDeployed(exported: Deployment, version?: string): DeployedStack {
  const state = (exported.deployment ?? {}) as State;
  const resources = state.resources ?? [];
  const root = resources.find(({ type }) => type === ROOT_TYPE);
  return {
    outputs: fromEventOutputs(root?.outputs ?? {}),
    resources: resources
      .filter(({ custom, type, delete: isGoing }) => custom && !isGoing && !type.startsWith("pulumi:"))
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
      ({ type, delete: isGoing }) => !isGoing && type !== ROOT_TYPE && !type.startsWith("pulumi:providers:"),
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
 * The state with the found resources adopted, and all other pending creations forgotten. A found resource gets the inputs of its
 * creation; a refresh has to read its outputs.
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
  const resources = withAdoptedResources(state.resources ?? [], adopted);
  const deployment: State = { ...state, resources, pending_operations: rest };
  return { ...exported, deployment };
}

/**
 * A new resource comes last: after its parent, its provider and what it depends on. A replacement takes the place of the replaced
 * resource, before the resources that depend on it; the replaced one waits for its deletion at the end, as the engine does it.
 */
function withAdoptedResources(
  resources: readonly StateResource[],
  adopted: readonly StateResource[],
): StateResource[] {
  const successors = new Map(adopted.map((resource) => [resource.urn, resource]));
  const replaced: StateResource[] = [];
  const kept = resources.map((resource) => {
    const successor = resource.delete ? undefined : successors.get(resource.urn);
    if (!successor) return resource;
    successors.delete(resource.urn);
    // Recorded after all: the note of its creation was older.
    if (successor.id === resource.id) return resource;
    replaced.push({ ...resource, delete: true });
    return successor;
  });
  return [...kept, ...successors.values(), ...replaced];
}

/** The state without any protection, and without resources that AWS keeps when they are deleted. */
export function withoutProtection(exported: Deployment): Deployment {
  const state = (exported.deployment ?? {}) as State;
  const resources = (state.resources ?? []).map((resource) => ({
    ...resource,
    protect: false,
    retainOnDelete: false,
  }));
  return { ...exported, deployment: { ...state, resources } };
}

/** Types that configure a bucket: without them its data would be kept, but less protected. */
const BUCKET_PARTS =
  /^aws:s3\/bucket(PublicAccessBlock|OwnershipControls|Versioning|Lifecycle|ServerSide|Policy)/;

/** The state with protection for resources that hold data or configure it: a destruction can leave these out. */
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
 * The state with pending creations that the engine forgot: when a provider ends in the middle of a creation, the engine takes it
 * for failed, and AWS may have carried it out.
 */
export function withPending(exported: Deployment, begun: readonly BegunCreation[]): Deployment {
  const state = (exported.deployment ?? {}) as State;
  // A resource with its URN may be there, which it was begun to replace.
  const noted = new Set((state.pending_operations ?? []).map(({ resource }) => resource.urn));
  const pending = begun
    .filter(({ urn }) => !noted.has(urn))
    .map((resource) => ({ type: "creating", resource }));
  const pending_operations = [...(state.pending_operations ?? []), ...pending];
  return { ...exported, deployment: { ...state, pending_operations } };
}

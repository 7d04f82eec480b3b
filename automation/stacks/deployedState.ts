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

/** @param version changes with every write of the state; undefined if it is not known */
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
 * The state with the found resources adopted and all other pending creations removed. A found resource gets the inputs of its
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
 * A new resource goes last: after its parent, its provider and its dependencies. A replacement takes the place of the replaced
 * resource, before its dependents; the replaced one moves to the end, to be deleted, as the engine itself does it.
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
    // Already recorded: its pending creation is outdated.
    if (successor.id === resource.id) return resource;
    replaced.push({ ...resource, delete: true });
    return successor;
  });
  return [...kept, ...successors.values(), ...replaced];
}

/** The state with neither `protect` nor `retainOnDelete` on any resource. */
export function withoutProtection(exported: Deployment): Deployment {
  const state = (exported.deployment ?? {}) as State;
  const resources = (state.resources ?? []).map((resource) => ({
    ...resource,
    protect: false,
    retainOnDelete: false,
  }));
  return { ...exported, deployment: { ...state, resources } };
}

/** Types that configure a bucket: without them, its kept data would be less protected. */
const BUCKET_PARTS =
  /^aws:s3\/bucket(PublicAccessBlock|OwnershipControls|Versioning|Lifecycle|ServerSide|Policy)/;

/** The state with `protect` only on resources that hold data or configure it, so that a destruction can exclude them. */
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
 * The state with pending creations that the engine dropped: when a provider dies during a creation, the engine counts it as
 * failed, although AWS may have carried it out.
 */
export function withPending(exported: Deployment, begun: readonly BegunCreation[]): Deployment {
  const state = (exported.deployment ?? {}) as State;
  // The state may already have a resource of this URN, which the creation was to replace.
  const noted = new Set((state.pending_operations ?? []).map(({ resource }) => resource.urn));
  const pending = begun
    .filter(({ urn }) => !noted.has(urn))
    .map((resource) => ({ type: "creating", resource }));
  const pending_operations = [...(state.pending_operations ?? []), ...pending];
  return { ...exported, deployment: { ...state, pending_operations } };
}

/** Reads the drift of a stack from the events of a refresh. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { nameOf } from "../stacks/events";
import type { ShownValue } from "../model/wires";
import type { PropertyDrift, ResourceDrift } from "../model/drift";

/** Collects the drift of a refresh. Pass every event to `add`. */
export class DriftLog {
  readonly resources: ResourceDrift[] = [];

  add(event: EngineEvent): void {
    const metadata = event.resOutputsEvent?.metadata;
    if (!metadata?.old || metadata.type.startsWith("pulumi:")) return;
    if (metadata.op !== "update" && metadata.op !== "delete") return;
    const { urn, type, op } = metadata;
    const changed = metadata.diffs ?? topLevel(Object.keys(metadata.detailedDiff ?? {}));
    const properties =
      op === "delete" ? [] : drifts(metadata.old.outputs, metadata.new?.outputs ?? {}, changed);
    if (op === "update" && properties.length === 0) return;
    const kind = op === "delete" ? "deleted" : "changed";
    this.resources.push({ urn, type, name: nameOf(urn), id: metadata.old.id, kind, properties });
  }
}

/**
 * The differences between the two, member by member, also within policies, which are JSON texts.
 * @param within names of the properties to compare; empty means all
 */
export function drifts(
  deployed: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>>,
  within: readonly string[] = [],
): PropertyDrift[] {
  const names = within.length > 0 ? within : [...new Set([...Object.keys(deployed), ...Object.keys(actual)])];
  return names.flatMap((name) => {
    const [from, to] = [deployed[name], actual[name]];
    // For a secret, the events say only that it differs.
    if (within.includes(name) && from === HIDDEN && to === HIDDEN)
      return [{ path: name, deployed: shown(from), actual: shown(to) }];
    return compare(name, from, to);
  });
}

function compare(path: string, deployed: unknown, actual: unknown): PropertyDrift[] {
  const [from, to] = [parsed(deployed), parsed(actual)];
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length)
    return from.flatMap((item: unknown, at) => compare(`${path}[${at}]`, item, to[at]));
  if (isObject(from) && isObject(to)) {
    const names = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...names].flatMap((name) => compare(`${path}.${name}`, from[name], to[name]));
  }
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  return [
    {
      path,
      ...(from === undefined ? {} : { deployed: shown(from) }),
      ...(to === undefined ? {} : { actual: shown(to) }),
    },
  ];
}

/** The engine's events show this in place of a secret. */
const HIDDEN = "[secret]";

function shown(value: unknown): ShownValue {
  return value === HIDDEN ? { secret: true } : { value };
}

/** Parses a value that is a JSON document as text. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function topLevel(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => /^[^.[]+/.exec(path)?.[0] ?? path))];
}

/** Changes of a stage's contract, and their effects on the stages that need it. */
import type { Cause, ContractChange } from "../model/reports";
import type { ShownValue, WireValue, WireValues } from "../model/wires";
import { holdsUnknown } from "./wiring";

/**
 * The parts of the outputs that differ, in the order of the outputs. Compares objects member by member, lists as a whole; an
 * unknown value counts as a change, because it may be one.
 * @param deployed undefined if the stage was never deployed
 */
export function contractChanges(deployed: WireValues | undefined, after: WireValues): ContractChange[] {
  const names = new Set([...Object.keys(deployed ?? {}), ...Object.keys(after)]);
  return [...names].flatMap((name) => compare(name, deployed?.[name], after[name]));
}

/** The changing outputs of each of these needs. */
export function causesOf(
  needs: readonly string[],
  changes: ReadonlyMap<string, readonly ContractChange[]>,
): Cause[] {
  return needs.flatMap((stage) => {
    const outputs = (changes.get(stage) ?? []).map(({ path }) => path);
    return outputs.length > 0 ? [{ stage, outputs }] : [];
  });
}

/** The value in a form safe to show: secrets hidden, unknown values marked. */
export function shown({ value, secret }: WireValue): ShownValue {
  if (secret) return { secret: true };
  return holdsUnknown(value) ? { unknown: true } : { value };
}

function compare(path: string, from: WireValue | undefined, to: WireValue | undefined): ContractChange[] {
  if (from && to && bothPlainObjects(from, to)) {
    const parts = [from.value, to.value].map((value) => Object.entries(value as object));
    const names = new Set(parts.flatMap((entries) => entries.map(([name]) => name)));
    const member = ({ value, secret }: WireValue, name: string): WireValue | undefined =>
      Object.hasOwn(value as object, name)
        ? { value: (value as Record<string, unknown>)[name], secret }
        : undefined;
    return [...names].flatMap((name) => compare(`${path}.${name}`, member(from, name), member(to, name)));
  }
  if (from && to && from.secret === to.secret && isSame(from.value, to.value)) return [];
  return [{ path, ...(from ? { from: shown(from) } : {}), ...(to ? { to: shown(to) } : {}) }];
}

function bothPlainObjects(from: WireValue, to: WireValue): boolean {
  const isObject = ({ value, secret }: WireValue) =>
    !secret && typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject(from) && isObject(to);
}

function isSame(from: unknown, to: unknown): boolean {
  return !holdsUnknown(to) && JSON.stringify(inKeyOrder(from)) === JSON.stringify(inKeyOrder(to));
}

/** The value with the members of each object sorted by name, so that equal values have equal JSON. */
export function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, inKeyOrder(item)]),
  );
}

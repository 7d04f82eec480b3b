/** Values that cross between stacks, and how they are shown. */

/** One output of a stack. `value` is plain JSON; a part that is not known yet is the engine's marker (graph/wiring.ts). */
export interface WireValue {
  readonly value: unknown;
  readonly secret: boolean;
}

/** A stack's outputs by name. */
export type WireValues = Readonly<Record<string, WireValue>>;

/** By name of the needed stage: its outputs. */
export type StageWires = Readonly<Record<string, WireValues>>;

/** A part of a contract as it may be shown: known, known only to the update, or secret. */
export type ShownValue = { readonly value: unknown } | { readonly unknown: true } | { readonly secret: true };

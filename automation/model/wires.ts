/** Values that pass between stacks, and their form for display. */

/** One output of a stack. `value` is plain JSON; an unknown part is the engine's marker (graph/wiring.ts). */
export interface WireValue {
  readonly value: unknown;
  readonly secret: boolean;
}

/** A stack's outputs by name. */
export type WireValues = Readonly<Record<string, WireValue>>;

/** By name of the needed stage: its outputs. */
export type StageWires = Readonly<Record<string, WireValues>>;

/** A part of a contract for display: known, known only to the update, or secret. */
export type ShownValue = { readonly value: unknown } | { readonly unknown: true } | { readonly secret: true };

/**
 * Turns an upstream stack's outputs, deployed or previewed, into the next stage's inputs. Unknown values stay unknown and secrets
 * stay secret: no placeholder ever reaches a program.
 */
import * as pulumi from "@pulumi/pulumi";
import type { WireValue, WireValues } from "../model/wires";

/** In the engine's events, this stands for a value that only the update computes. */
export const UNKNOWN_MARKER = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** In the engine's events, this stands for a secret. */
const HIDDEN_SECRET = "[secret]";
/** The key that marks an object as a special value of Pulumi, and the signature of a secret. */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** True if any part of the value is unknown before the update. */
export function holdsUnknown(value: unknown): boolean {
  if (value === UNKNOWN_MARKER || value === HIDDEN_SECRET) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  if (typeof value === "object" && value !== null) return Object.values(value).some(holdsUnknown);
  return false;
}

/** Wire values from outputs in the engine's events (secrets in Pulumi's envelope, or hidden). */
export function fromEventOutputs(outputs: Readonly<Record<string, unknown>>): WireValues {
  return Object.fromEntries(Object.entries(outputs).map(([name, raw]) => [name, openEnvelope(raw)]));
}

/** Wire values from outputs of `Stack.outputs()` and `up`. */
export function fromStackOutputs(
  outputs: Readonly<Record<string, { value: unknown; secret: boolean }>>,
): WireValues {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value, secret }]) => [name, { value, secret }]),
  );
}

/**
 * The inputs of a downstream preview: the deployed outputs, overridden by those of the upstream preview. A secret that the
 * preview's events hide counts as unknown, because it may change.
 */
export function previewedOver(deployed: WireValues | undefined, previewed: WireValues): WireValues {
  return { ...deployed, ...previewed };
}

/** The outputs as a program's inputs. Call it inside the program that uses them. */
export function asInputs(
  values: WireValues,
  names: readonly string[],
): Record<string, pulumi.Output<unknown>> {
  return Object.fromEntries(names.map((name) => [name, asInput(values[name])]));
}

function asInput(wire: WireValue | undefined): pulumi.Output<unknown> {
  const value = wire === undefined ? pulumi.unknown : withUnknowns(wire.value);
  return wire?.secret ? pulumi.secret(value) : pulumi.output(value);
}

function withUnknowns(value: unknown): unknown {
  if (value === UNKNOWN_MARKER || value === HIDDEN_SECRET) return pulumi.unknown;
  if (Array.isArray(value)) return value.map(withUnknowns);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withUnknowns(item)]));
  return value;
}

function openEnvelope(raw: unknown): WireValue {
  if (raw === HIDDEN_SECRET) return { value: UNKNOWN_MARKER, secret: true };
  if (
    typeof raw === "object" &&
    raw !== null &&
    (raw as Record<string, unknown>)[SIGNATURE_KEY] === SECRET_SIGNATURE
  ) {
    const { value, plaintext } = raw as { value?: unknown; plaintext?: string };
    if (plaintext !== undefined) return { value: JSON.parse(plaintext) as unknown, secret: true };
    return { value: value ?? UNKNOWN_MARKER, secret: true };
  }
  return { value: raw, secret: false };
}

/** The bare values, for a contract's decoder. */
export function plainValues(values: WireValues): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value]));
}

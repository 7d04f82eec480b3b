/** Names that the provider generates, as @pulumi/aws does: `LOGICAL-1a2b3c4`, kept from the last update. */
import { createHash, randomBytes } from "node:crypto";
import type { AutoName } from "./resourceType";
import { containsUnknown, isUnknown, text, UNKNOWN, type Properties } from "./values";

const DIGITS = 7;

/** The engine's wish for a generated name (`pulumi:autonaming`): its proposal, and whether it is binding. */
export interface Naming {
  readonly mode: "propose" | "enforce" | "disable";
  readonly proposed: string;
}

export interface NameRequest {
  readonly logicalName: string;
  /** The inputs of the last update. */
  readonly olds: Properties;
  readonly inputs: Properties;
  /** The engine's seed: random, and constant for a resource during one update. */
  readonly seed: Uint8Array;
  readonly naming?: Naming;
}

/** The name for a resource without one. @throws Error if no valid name is possible */
export function makeName(rule: AutoName, { logicalName, olds, inputs, seed, naming }: NameRequest): string {
  const { property, prefix, maximum, start = (name) => name } = rule;
  const given = prefix === undefined ? undefined : inputs[prefix];
  if (containsUnknown(given)) return UNKNOWN;
  const kept = text(olds, property);
  if (kept !== undefined && wasMade(olds, property) && olds[prefix ?? ""] === given) return kept;
  if (given === undefined && naming) {
    if (naming.mode === "disable")
      throw new Error(`automatic naming is disabled (pulumi:autonaming): give ${property}`);
    const proposed = start(naming.proposed);
    if (naming.mode === "enforce" || proposed.length <= maximum) return proposed;
  }
  const stem = typeof given === "string" ? given : start(`${logicalName}-`);
  if (stem.length + DIGITS > maximum)
    throw new Error(
      `name '${stem}' plus ${DIGITS} random chars is longer than maximum length ${maximum}: give ${property}`,
    );
  const random = seed.length > 0 ? seed : randomBytes(32);
  return stem + createHash("sha256").update(random).update(logicalName).digest("hex").slice(0, DIGITS);
}

/** True if the provider set the property, not the program. */
export function wasMade(inputs: Properties, property: string): boolean {
  const defaults = inputs["__defaults"];
  return Array.isArray(defaults) && defaults.includes(property) && !isUnknown(inputs[property]);
}

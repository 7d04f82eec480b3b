/** Check: fills in defaults and names, and refuses what the real provider refuses. */
import { createHash } from "node:crypto";
import { isUnknown, text, type CheckFailure, type Properties, type ResourceType } from "./resourceType";

export interface CheckRequest {
  readonly name: string;
  readonly olds: Properties;
  readonly news: Properties;
  /** The engine's seed: the same for the same resource of the same update. */
  readonly seed: Uint8Array;
}

export function checkInputs(
  type: ResourceType,
  { name, olds, news, seed }: CheckRequest,
): { inputs: Properties; failures: CheckFailure[] } {
  const given = Object.fromEntries(
    Object.entries(news).filter(
      ([key, value]) => value !== undefined && value !== null && !key.startsWith("__"),
    ),
  );
  const failures: CheckFailure[] = [...unknownProperties(type, given)];
  const inputs: Properties = { ...type.defaults, ...given };
  if (type.autoName) nameResource(type, name, olds, seed, inputs, failures);
  for (const property of type.required ?? [])
    if (inputs[property] === undefined)
      failures.push({
        property,
        reason: `Missing required argument: the argument "${property}" is required, but no definition was found`,
      });
  for (const property of type.json ?? []) {
    const value = text(inputs, property);
    if (value !== undefined && !isJson(value))
      failures.push({ property, reason: `"${property}" contains an invalid JSON policy: not a JSON object` });
  }
  failures.push(...(type.check?.(inputs) ?? []));
  return { inputs, failures };
}

function* unknownProperties(type: ResourceType, given: Properties): Iterable<CheckFailure> {
  for (const property of Object.keys(given))
    if (!type.inputs.includes(property))
      yield {
        property,
        reason: `the sandbox's provider does not implement ${property} of ${type.token}; use SANDBOX_PROVIDER=aws for the real provider`,
      };
}

/** As @pulumi/aws: `LOGICAL-1a2b3c4`, kept from the last update; a prefix is used as it stands. */
function nameResource(
  type: ResourceType,
  name: string,
  olds: Properties,
  seed: Uint8Array,
  inputs: Properties,
  failures: CheckFailure[],
): void {
  const { property, prefix, maximum, lowerCase } = type.autoName ?? { property: "", maximum: 0 };
  const stem = prefix === undefined ? undefined : inputs[prefix];
  if (inputs[property] !== undefined && stem !== undefined) {
    failures.push({
      property,
      reason: `Conflicting configuration arguments: "${property}": conflicts with ${prefix}`,
    });
    return;
  }
  if (inputs[property] === undefined) {
    const kept = text(olds, property);
    const start =
      typeof stem === "string" && !isUnknown(stem) ? stem : `${lowerCase ? name.toLowerCase() : name}-`;
    inputs[property] = kept !== undefined && kept.startsWith(start) ? kept : `${start}${suffix(name, seed)}`;
  }
  const value = text(inputs, property);
  if (value !== undefined && value.length > maximum)
    failures.push({
      property,
      reason: `expected length of ${property} to be in the range (1 - ${maximum}), got ${value}`,
    });
}

/** Seven hex digits. */
function suffix(name: string, seed: Uint8Array): string {
  const random = seed.length > 0 ? seed : crypto.getRandomValues(new Uint8Array(16));
  return createHash("sha256").update(random).update(name).digest("hex").slice(0, 7);
}

function isJson(value: string): boolean {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "object" && parsed !== null;
  } catch {
    return false;
  }
}

/** Property values as the engine sends them: plain JSON, with a marker for unknown values. */

export type Properties = Record<string, unknown>;

/** The engine's marker of an unknown value. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

export function containsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isUnknown(value);
  return Object.values(value).some(containsUnknown);
}

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for values that AWS treats as not set. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return typeof value === "object" && Object.values(value).every(isEmpty);
}

/** A string property; undefined if absent or unknown. */
export function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
}

/** A string property that Check has ensured. */
export function must(properties: Properties, name: string): string {
  const value = text(properties, name);
  if (value === undefined) throw new Error(`${name} is not known`);
  return value;
}

/** A date as the real provider writes it: `2026-01-02T03:04:05Z`. */
export function rfc3339(date: Date | undefined): string {
  return date?.toISOString().replace(/\.\d+Z$/, "Z") ?? "";
}

/** The value as an input: without undefined, null or empty-string members. */
export function given(value: Properties): Properties {
  return Object.fromEntries(
    Object.entries(value).filter(([, each]) => each !== undefined && each !== null && each !== ""),
  );
}

/** The error for a part of pulumi-aws that this provider lacks. */
export function notImplemented(what: string): string {
  return `the sandbox's provider does not implement ${what}; use the real provider (in this repository by SANDBOX_PROVIDER=aws)`;
}

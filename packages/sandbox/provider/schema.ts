/** Declares the properties of a resource type. Check, Diff and previews derive from them. */
import type { Properties } from "./values";

export type Kind = "text" | "number" | "flag" | "json" | "map" | "object" | "list";

/** Returns the reason for refusing the value, in the real provider's words; undefined for a valid one. */
export type Rule = (value: never, property: string) => string | undefined;

export interface Options {
  readonly required?: boolean;
  /** The default that the real provider sets if the program does not. */
  readonly default?: unknown;
  /** A change replaces the resource. */
  readonly replace?: boolean;
  /** AWS sets it if the program does not; its changes are then not drift. */
  readonly computed?: boolean;
  /** Cannot be read back: AWS does not return it, or only the provider uses it. */
  readonly writeOnly?: boolean;
  readonly rules?: readonly Rule[];
  /** True for further values that count as equal. */
  readonly same?: (a: unknown, b: unknown) => boolean;
}

export interface Field extends Options {
  readonly kind: Kind;
  /** Not an input: only AWS sets it. */
  readonly output?: boolean;
  /** For an object. */
  readonly fields?: Fields;
  /** For a list. */
  readonly element?: Field;
  /** The reason why this provider accepts no value. */
  readonly refusal?: string;
  /** True for a list whose order does not matter. */
  readonly unordered?: boolean;
}

export type Fields = Readonly<Record<string, Field>>;

export const text = (options: Options = {}): Field => ({ kind: "text", ...options });
export const number = (options: Options = {}): Field => ({ kind: "number", ...options });
export const flag = (options: Options = {}): Field => ({ kind: "flag", ...options });
/** A document as JSON text; programs may pass an object too. */
export const json = (options: Options = {}): Field => ({ kind: "json", ...options });
/** String values under arbitrary keys. */
export const map = (options: Options = {}): Field => ({ kind: "map", ...options });
export const block = (fields: Fields, options: Options = {}): Field => ({
  kind: "object",
  fields,
  ...options,
});
export const list = (element: Field, options: Options & { unordered?: boolean } = {}): Field => ({
  kind: "list",
  element,
  ...options,
});
export const output = (field: Field = text()): Field => ({ ...field, output: true });

export function oneOf(...values: readonly string[]): Rule {
  return (value: string, property) =>
    values.includes(value)
      ? undefined
      : `expected ${property} to be one of ${JSON.stringify(values)}, got ${value}`;
}

export function within(from: number, to: number): Rule {
  return (value: number, property) =>
    value >= from && value <= to
      ? undefined
      : `expected ${property} to be in the range (${from} - ${to}), got ${value}`;
}

/** The length of a text in characters, or of a list. */
export function length(from: number, to: number): Rule {
  return (value: string | readonly unknown[], property) =>
    value.length >= from && value.length <= to
      ? undefined
      : `expected length of ${property} to be in the range (${from} - ${to}), got ${typeof value === "string" ? value : `${value.length} items`}`;
}

export function matching(pattern: RegExp, words: string): Rule {
  return (value: string, property) =>
    pattern.test(value) ? undefined : `invalid value for ${property} (${words}), got ${value}`;
}

export const isArn: Rule = (value: string, property) =>
  /^arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}|aws)?:.+$/.test(value)
    ? undefined
    : `"${property}" (${value}) is an invalid ARN: it has to be arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`;

/** True if adding or removing the value replaces the resource. */
export function replaces(field: Field, value: unknown): boolean {
  if (field.replace) return true;
  if (field.element && Array.isArray(value))
    return value.some((each) => field.element !== undefined && replaces(field.element, each));
  if (!field.fields || typeof value !== "object" || value === null) return false;
  return Object.entries(field.fields).some(
    ([name, part]) =>
      (value as Properties)[name] !== undefined && replaces(part, (value as Properties)[name]),
  );
}

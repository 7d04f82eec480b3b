/** The words in which a resource type says what its properties are; checks, diffs and previews follow from them. */
import type { Properties } from "./values";

export type Kind = "text" | "number" | "flag" | "json" | "map" | "object" | "list";

/** Why the value is refused, in the real provider's words; undefined if it is not. */
export type Rule = (value: never, property: string) => string | undefined;

export interface Options {
  readonly required?: boolean;
  /** The real provider fills it in where the program says nothing. */
  readonly default?: unknown;
  /** A change makes a new resource. */
  readonly replace?: boolean;
  /** AWS fills it in where the program says nothing, and then its changes are no drift. */
  readonly computed?: boolean;
  /** AWS is told it, or it is for the provider alone: nobody can read it back. */
  readonly writeOnly?: boolean;
  readonly rules?: readonly Rule[];
  /** Further values that mean the same. */
  readonly same?: (a: unknown, b: unknown) => boolean;
}

export interface Field extends Options {
  readonly kind: Kind;
  /** Not an input: only AWS gives it. */
  readonly output?: boolean;
  /** Of an object. */
  readonly fields?: Fields;
  /** Of a list. */
  readonly element?: Field;
  /** Why this provider takes no value at all. */
  readonly refusal?: string;
  /** A list whose order has no meaning. */
  readonly unordered?: boolean;
}

export type Fields = Readonly<Record<string, Field>>;

export const text = (options: Options = {}): Field => ({ kind: "text", ...options });
export const number = (options: Options = {}): Field => ({ kind: "number", ...options });
export const flag = (options: Options = {}): Field => ({ kind: "flag", ...options });
/** A document as JSON text; a program may give it as an object, too. */
export const json = (options: Options = {}): Field => ({ kind: "json", ...options });
/** String values by free keys. */
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

/** Of a text in characters, or of a list. */
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

/** Whether any part of what is given makes a new resource when it comes or goes. */
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

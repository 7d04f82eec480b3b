/**
 * Checks of requests against the API model's shapes, with the messages of AWS's common validation.
 * Source: the API models of SageMaker, Feature Store runtime and Glue.
 */
import { AwsError } from "../core";

export type Shape =
  | {
      readonly kind: "string";
      readonly min?: number;
      readonly max?: number;
      readonly pattern?: RegExp;
      /** The pattern as AWS prints it, if that differs from `pattern`. */
      readonly printed?: string;
      readonly values?: readonly string[];
    }
  | { readonly kind: "number"; readonly min?: number; readonly max?: number; readonly whole: boolean }
  | { readonly kind: "boolean" }
  | { readonly kind: "list"; readonly of: Shape; readonly min?: number; readonly max?: number }
  | { readonly kind: "map"; readonly of: Shape; readonly max?: number }
  | {
      readonly kind: "structure";
      readonly members: Readonly<Record<string, Shape>>;
      readonly required: readonly string[];
    };

type Text = Extract<Shape, { kind: "string" }>;

export const text = (rule: Omit<Text, "kind"> = {}): Text => ({ kind: "string", ...rule });
export const oneOf = (...values: string[]): Text => ({ kind: "string", values });
export const integer = (min?: number, max?: number): Shape => ({ kind: "number", min, max, whole: true });
/** Seconds since 1970. */
export const timestamp: Shape = { kind: "number", whole: false };
export const boolean: Shape = { kind: "boolean" };
export const list = (of: Shape, min?: number, max?: number): Shape => ({ kind: "list", of, min, max });
export const map = (of: Shape, max?: number): Shape => ({ kind: "map", of, max });
/** A structure; names with `!` at the end are required. */
export function structure(members: Readonly<Record<string, Shape>>): Shape {
  const named = Object.entries(members).map(([name, shape]) => [name.replace("!", ""), shape] as const);
  return {
    kind: "structure",
    members: Object.fromEntries(named),
    required: Object.keys(members)
      .filter((name) => name.endsWith("!"))
      .map((name) => name.slice(0, -1)),
  };
}

/**
 * The request as its type, after the check of its shape. Throws `SerializationException` for values of another JSON type, and `code`
 * (`ValidationException`) with all broken constraints.
 */
export function checked<T>(shape: Shape, value: unknown, code = "ValidationException"): T {
  const faults: string[] = [];
  check(shape, value, "", faults);
  if (faults.length > 0)
    throw new AwsError(
      code,
      `${faults.length} validation error${faults.length > 1 ? "s" : ""} detected: ${faults.join("; ")}`,
    );
  return value as T;
}

function check(shape: Shape, value: unknown, path: string, faults: string[]): void {
  const fault = (constraint: string) =>
    faults.push(`Value '${printed(value)}' at '${path}' failed to satisfy constraint: ${constraint}`);
  const sized = (size: number, rule: { readonly min?: number; readonly max?: number }) => {
    if (rule.min !== undefined && size < rule.min)
      fault(`Member must have length greater than or equal to ${rule.min}`);
    if (rule.max !== undefined && size > rule.max)
      fault(`Member must have length less than or equal to ${rule.max}`);
  };
  switch (shape.kind) {
    case "string":
      if (typeof value !== "string") throw mistyped(path, "a String");
      if (shape.values && !shape.values.includes(value))
        fault(`Member must satisfy enum value set: [${shape.values.join(", ")}]`);
      sized(value.length, shape);
      if (shape.pattern && !shape.pattern.test(value))
        fault(
          `Member must satisfy regular expression pattern: ${shape.printed ?? shape.pattern.source.replace(/^\^|\$$/g, "")}`,
        );
      return;
    case "number":
      if (typeof value !== "number" || (shape.whole && !Number.isInteger(value)))
        throw mistyped(path, shape.whole ? "an Integer" : "a Timestamp");
      if (shape.min !== undefined && value < shape.min)
        fault(`Member must have value greater than or equal to ${shape.min}`);
      if (shape.max !== undefined && value > shape.max)
        fault(`Member must have value less than or equal to ${shape.max}`);
      return;
    case "boolean":
      if (typeof value !== "boolean") throw mistyped(path, "a Boolean");
      return;
    case "list":
      if (!Array.isArray(value)) throw mistyped(path, "a List");
      sized(value.length, shape);
      value.forEach((item, index) => check(shape.of, item, `${path}.${index + 1}.member`, faults));
      return;
    case "map":
      if (!isObject(value)) throw mistyped(path, "a Map");
      sized(Object.keys(value).length, shape);
      for (const [key, item] of Object.entries(value)) check(shape.of, item, `${path}.${key}.member`, faults);
      return;
    case "structure":
      checkStructure(shape, value, path, faults);
  }
}

function checkStructure(
  shape: Extract<Shape, { kind: "structure" }>,
  value: unknown,
  path: string,
  faults: string[],
): void {
  if (!isObject(value)) throw mistyped(path, "a Structure");
  for (const [name, member] of Object.entries(shape.members)) {
    const camel = name.charAt(0).toLowerCase() + name.slice(1);
    const at = path === "" ? camel : `${path}.${camel}`;
    const content = value[name];
    if (content !== undefined && content !== null) check(member, content, at, faults);
    else if (shape.required.includes(name))
      faults.push(`Value null at '${at}' failed to satisfy constraint: Member must not be null`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mistyped(path: string, wanted: string): AwsError {
  return new AwsError("SerializationException", `The value at '${path}' can not be converted to ${wanted}`);
}

function printed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printed).join(", ")}]`;
  return typeof value === "string" ? value : JSON.stringify(value);
}

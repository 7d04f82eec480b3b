/** Errors of the settings' form, by the paths of the file, each with what to do. */
import type { z } from "zod";
import { settingsSchema } from "./schema";
import type { ValidationError } from "./errors";

type Issue = z.core.$ZodIssue;

export function formErrors(error: z.ZodError, raw: unknown): ValidationError[] {
  return error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? unknownKeys(issue) : [formError(issue, raw)],
  );
}

function formError(issue: Issue, raw: unknown): ValidationError {
  const path = pathText(issue.path);
  const value = valueAt(raw, issue.path);
  if (issue.code !== "invalid_type" && !(issue.code === "invalid_value" && value === undefined))
    return { path, message: issue.code === "invalid_key" ? keyMessage(issue) : issue.message };
  if (value === undefined) return { path, message: "is missing" };
  const expected = issue.code === "invalid_type" ? issue.expected : "another value";
  const quotes = expected === "string" && typeof value === "number" ? ": put it in quotes" : "";
  return { path, message: `must be ${article(expected)}, not ${shown(value)}${quotes}` };
}

function keyMessage(issue: Extract<Issue, { code: "invalid_key" }>): string {
  return issue.issues.map(({ message }) => message).join("; ");
}

function unknownKeys(issue: Extract<Issue, { code: "unrecognized_keys" }>): ValidationError[] {
  const known = knownKeys(issue.path);
  return issue.keys.map((key) => {
    const near = nearest(key, known);
    return {
      path: pathText([...issue.path, key]),
      message: `is not a setting${near ? `: did you mean ${near}?` : known.length > 0 ? ` (here: ${known.join(", ")})` : ""}`,
    };
  });
}

/** `["offlineStore", "featureGroups", 1, "name"]` -> `offlineStore.featureGroups[1].name`. */
function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text.replace(/^\./, "") || "(the settings)";
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part],
    raw,
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "a mapping" : JSON.stringify(value);
}

function article(type: string): string {
  const words: Record<string, string> = {
    object: "a mapping",
    record: "a mapping",
    array: "a list",
    int: "a whole number",
    boolean: "true or false",
  };
  return words[type] ?? `a ${type}`;
}

/** The keys that the schema has for the mapping at this path. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = settingsSchema;
  for (const part of path) {
    schema = unwrap(schema);
    schema =
      typeof part === "number"
        ? (schema as { element?: unknown }).element
        : ((schema as { shape?: Record<PropertyKey, unknown> }).shape?.[part] ??
          (schema as { valueType?: unknown }).valueType);
  }
  return Object.keys((unwrap(schema) as { shape?: object } | undefined)?.shape ?? {});
}

function unwrap(schema: unknown): unknown {
  const inner = (schema as { def?: { innerType?: unknown } } | undefined)?.def?.innerType;
  return inner === undefined ? schema : unwrap(inner);
}

/** The known key that differs least, if it differs by at most a third. */
function nearest(key: string, known: readonly string[]): string | undefined {
  const best = known
    .map((name) => ({ name, far: distance(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)[0];
  return best && best.far <= Math.max(2, best.name.length / 3) ? best.name : undefined;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Compares two values of a property as AWS does. */
import { isObject, type Properties } from "./values";

/** Deep equality. The order of keys does not matter, and absent equals undefined. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(normal(a)) === JSON.stringify(normal(b));
}

/**
 * Equality of JSON documents, with policies read as AWS reads them: the order of statements and of lists of strings does not matter; a list
 * with one item equals the item, `*` equals `{"AWS": "*"}`, and an account's ID equals its root.
 */
export function sameJson(a: unknown, b: unknown): boolean {
  const [left, right] = [parsed(a), parsed(b)];
  return (
    left !== undefined &&
    right !== undefined &&
    JSON.stringify(policyForm(left)) === JSON.stringify(policyForm(right))
  );
}

function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (!isObject(value)) return value;
  return sorted(
    Object.entries(value).filter(([, each]) => each !== undefined && each !== null),
    normal,
  );
}

function policyForm(value: unknown, key = ""): unknown {
  if (key === "Statement" && !Array.isArray(value)) return policyForm([value], key);
  if (Array.isArray(value)) {
    const items = value.map((item) => policyForm(item, key === "Statement" ? "" : key));
    if (key === "Statement") return items.map((item) => JSON.stringify(item)).sort();
    if (items.length === 1 && typeof items[0] === "string") return items[0];
    return items.every((item) => typeof item === "string") ? [...new Set(items)].sort() : items;
  }
  if (key === "Principal" || key === "NotPrincipal") return principalForm(value);
  if (!isObject(value))
    return typeof value === "boolean" || typeof value === "number" ? String(value) : value;
  return sorted(Object.entries(value), policyForm);
}

function principalForm(value: unknown): unknown {
  const principals: Properties = isObject(value) ? value : { AWS: value };
  return sorted(Object.entries(principals), (each, kind) => {
    const names = (Array.isArray(each) ? each : [each]).map((name: unknown) =>
      kind === "AWS" && typeof name === "string" && /^\d{12}$/.test(name)
        ? `arn:aws:iam::${name}:root`
        : name,
    );
    return policyForm(names);
  });
}

function sorted(
  entries: readonly [string, unknown][],
  form: (value: unknown, key: string) => unknown,
): Properties {
  const inOrder = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(inOrder.map(([key, each]) => [key, form(each, key)]));
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

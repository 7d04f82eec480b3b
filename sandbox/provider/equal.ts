/** When two values of a property are the same to AWS. */

/** Deep equality; the order of keys and absent against undefined have no meaning. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(normal(a)) === JSON.stringify(normal(b));
}

/** Policies: also the order of lists of strings, and a list of one against the one, have no meaning. */
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
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, normal(each)]),
  );
}

function policyForm(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(policyForm);
    if (items.length === 1 && typeof items[0] === "string") return items[0];
    return items.every((item) => typeof item === "string") ? [...items].sort() : items;
  }
  if (typeof value !== "object" || value === null) return typeof value === "boolean" ? String(value) : value;
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => [key, policyForm(each)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

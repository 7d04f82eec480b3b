/**
 * Event patterns, which select events by their content. Source: EventBridge User Guide, "Creating Amazon EventBridge event patterns" and
 * "Comparison operators".
 */

type Json = unknown;
type Leaf = Json;

const OPERATORS = [
  "prefix",
  "suffix",
  "anything-but",
  "exists",
  "numeric",
  "wildcard",
  "equals-ignore-case",
  "cidr",
];

/** Maximum length of a pattern's text. Source: EventBridge quotas. */
const LONGEST = 4096;

/** Parses and checks a pattern. @throws Error with EventBridge's `Reason` as its message */
export function parsePattern(text: string): Record<string, Json> {
  if (text.length > LONGEST) throw new Error(`Event pattern is longer than ${LONGEST} characters`);
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("Event pattern is not valid JSON");
  }
  if (!isObject(value)) throw new Error("Filter is not an object");
  if (Object.keys(value).length === 0) throw new Error("Empty patterns are not allowed");
  checkObject(value);
  return value;
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkObject(pattern: Record<string, Json>): void {
  for (const [name, value] of Object.entries(pattern)) {
    if (name === "$or" && Array.isArray(value) && value.length >= 2 && value.every(isObject))
      for (const each of value) checkObject(each);
    else if (isObject(value)) {
      if (Object.keys(value).length === 0) throw new Error("Empty objects are not allowed");
      checkObject(value);
    } else if (Array.isArray(value)) {
      if (value.length === 0) throw new Error("Empty arrays are not allowed");
      for (const each of value) checkLeaf(each);
    } else throw new Error(`"${name}" must be an object or an array`);
  }
}

function checkLeaf(leaf: Leaf): void {
  if (Array.isArray(leaf)) throw new Error("Match value must be String, number, true, false, or null");
  if (!isObject(leaf)) return;
  const [operator = "", ...more] = Object.keys(leaf);
  if (!OPERATORS.includes(operator)) throw new Error(`Unrecognized match type ${operator}`);
  if (more.length > 0) throw new Error("Only one key allowed in match expression");
  const value = leaf[operator];
  const texts = (given: Json): boolean =>
    typeof given === "string" || (isObject(given) && typeof given["equals-ignore-case"] === "string");
  const wrong = (what: string) => new Error(`${operator} match pattern must be ${what}`);
  switch (operator) {
    case "prefix":
    case "suffix":
      if (!texts(value)) throw wrong("a string");
      return;
    case "wildcard":
    case "equals-ignore-case":
      if (typeof value !== "string") throw wrong("a string");
      return;
    case "cidr":
      throw new Error("The sandbox does not implement the match type cidr");
    case "exists":
      if (typeof value !== "boolean") throw wrong("either true or false.");
      return;
    case "numeric":
      checkNumeric(value);
      return;
    case "anything-but":
      checkAnythingBut(value);
  }
}

function checkNumeric(value: Json): void {
  const parts = Array.isArray(value) ? (value as Json[]) : [];
  const fine = parts.every((part, index) =>
    index % 2 === 0 ? ["=", "<", "<=", ">", ">="].includes(part as string) : typeof part === "number",
  );
  if (parts.length === 0 || parts.length % 2 === 1 || parts.length > 4 || !fine)
    throw new Error("Value of numeric must be an array of comparisons and numbers.");
}

function checkAnythingBut(value: Json): void {
  const list: Json[] = Array.isArray(value) ? value : [value];
  const plain = list.length > 0 && list.every((each) => typeof each === "string" || typeof each === "number");
  if (plain) return;
  const [operator = "", ...more] = isObject(value) ? Object.keys(value) : [];
  const inner: Json = isObject(value) ? value[operator] : undefined;
  const inners: Json[] = Array.isArray(inner) ? inner : [inner];
  const known = ["prefix", "suffix", "wildcard", "equals-ignore-case"].includes(operator);
  if (!known || more.length > 0 || !inners.every((each) => typeof each === "string"))
    throw new Error("Value of anything-but must be strings or numbers, or one match type of strings.");
}

/** True if the event matches the pattern, which `parsePattern` has checked. */
export function matches(pattern: Readonly<Record<string, Json>>, event: Json): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === "$or" && Array.isArray(wanted))
      return wanted.some((each) => matches(each as Record<string, Json>, event));
    // An array of objects matches if one of them does.
    if (Array.isArray(event))
      return event.some((each) => isObject(each) && matches({ [name]: wanted }, each));
    const value = isObject(event) && Object.hasOwn(event, name) ? event[name] : undefined;
    if (isObject(wanted)) return matches(wanted, value ?? {});
    const values: Json[] =
      value === undefined ? [] : Array.isArray(value) ? (value as Json[]).flat(8) : [value];
    return (wanted as Leaf[]).some((leaf) => fits(leaf, values));
  });
}

/** One alternative of a field; `values` is empty if the event lacks the field. */
function fits(leaf: Leaf, values: readonly Json[]): boolean {
  if (!isObject(leaf)) return values.some((value) => value === leaf);
  const [[operator, operand] = ["", undefined]] = Object.entries(leaf);
  // `exists` is about leaves only: an object of that name does not count.
  const leaves = values.filter((value) => !isObject(value));
  if (operator === "exists") return leaves.length > 0 === operand;
  return leaves.some((value) => compares(operator, operand, value));
}

function compares(operator: string, operand: Json, value: Json): boolean {
  switch (operator) {
    case "prefix":
    case "suffix":
      return typeof value === "string" && affix(operator, operand, value);
    case "equals-ignore-case":
      return typeof value === "string" && value.toLowerCase() === (operand as string).toLowerCase();
    case "wildcard":
      return typeof value === "string" && wildcard(operand as string).test(value);
    case "numeric":
      return typeof value === "number" && inRange(operand as Json[], value);
    case "anything-but": {
      if (!isObject(operand)) return ![operand].flat().includes(value);
      const [[inner, given] = ["", undefined]] = Object.entries(operand);
      return ![given].flat().some((each) => compares(inner, each, value));
    }
    default:
      return false;
  }
}

function affix(operator: "prefix" | "suffix", operand: Json, value: string): boolean {
  const ignoring = isObject(operand);
  const part = ignoring ? (operand["equals-ignore-case"] as string).toLowerCase() : (operand as string);
  const whole = ignoring ? value.toLowerCase() : value;
  return operator === "prefix" ? whole.startsWith(part) : whole.endsWith(part);
}

/** `*` is any sequence of characters; `\*` and `\\` stand for themselves. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.match(/\\[*\\]|[^]/g) ?? [];
  const source = parts.map((part) =>
    part === "*" ? ".*" : part.replace(/^\\(?=.)/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
  );
  return new RegExp(`^${source.join("").replace(/(\.\*)+/g, ".*")}$`, "s");
}

function inRange(comparisons: readonly Json[], value: number): boolean {
  for (let index = 0; index + 1 < comparisons.length; index += 2) {
    const bound = comparisons[index + 1] as number;
    const holds =
      {
        "=": value === bound,
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
      }[comparisons[index] as string] ?? false;
    if (!holds) return false;
  }
  return true;
}

/** Check: fills in defaults and names, converts values to their types, and refuses what the real provider refuses. */
import { makeName, type NameRequest } from "./names";
import type { ResourceType } from "./resourceType";
import type { Field, Fields } from "./schema";
import { fieldsOf } from "./typeFields";
import { containsUnknown, isObject, isUnknown, notImplemented, UNKNOWN, type Properties } from "./values";

export interface CheckFailure {
  /** Path, such as `rules[0].status`. */
  readonly property: string;
  readonly reason: string;
}

/** The inputs to work with. `__defaults` names those that the program did not set, as in @pulumi/aws. */
export function checkInputs(
  type: ResourceType,
  request: Omit<NameRequest, "inputs"> & { readonly news: Properties },
): { inputs: Properties; failures: CheckFailure[] } {
  const failures: CheckFailure[] = [];
  const defaults: string[] = [];
  const inputs = object(fieldsOf(type), request.news, "", { type, failures, defaults });
  const { autoName } = type;
  if (autoName) {
    const { property, prefix = "" } = autoName;
    if (inputs[property] !== undefined && inputs[prefix] !== undefined)
      failures.push({
        property,
        reason: `Conflicting configuration arguments: "${property}": conflicts with ${prefix}`,
      });
    else if (inputs[property] === undefined) {
      try {
        inputs[property] = makeName(autoName, { ...request, inputs });
        defaults.push(property);
        applyRules(fieldsOf(type)[property], inputs[property], property, failures);
      } catch (error) {
        failures.push({ property, reason: (error as Error).message });
      }
    }
  }
  return { inputs: { ...inputs, __defaults: defaults.sort() }, failures };
}

interface Context {
  readonly type: ResourceType;
  readonly failures: CheckFailure[];
  readonly defaults?: string[];
}

function object(fields: Fields, value: Properties, path: string, context: Context): Properties {
  const { type, failures, defaults } = context;
  const result: Properties = {};
  for (const [name, each] of Object.entries(value)) {
    if (each === undefined || each === null || name.startsWith("__")) continue;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const property = path === "" ? name : `${path}.${name}`;
    if (!field || field.output)
      failures.push({ property, reason: notImplemented(`the input ${property} of ${type.token}`) });
    else if (field.refusal !== undefined) failures.push({ property, reason: `${property} ${field.refusal}` });
    else result[name] = typed(field, each, property, context);
  }
  for (const [name, field] of Object.entries(fields)) {
    if (result[name] !== undefined || field.output) continue;
    const property = path === "" ? name : `${path}.${name}`;
    if (field.default !== undefined) {
      result[name] = field.default;
      defaults?.push(name);
    } else if (field.required)
      failures.push({
        property,
        reason: `Missing required argument: the argument "${property}" is required, but no definition was found`,
      });
  }
  return result;
}

/** The value in the field's type: numbers and flags may come as text, and text as numbers, as @pulumi/aws allows. */
function typed(field: Field, value: unknown, property: string, context: Context): unknown {
  if (isUnknown(value)) return value;
  const nested: Context = { type: context.type, failures: context.failures };
  const converted = convert(field, value, property, nested);
  if (converted === undefined) {
    const found = Array.isArray(value) ? "a list" : typeof value;
    context.failures.push({
      property,
      reason: `expected ${EXPECTED[field.kind]} for ${property}, got ${found}`,
    });
    return undefined;
  }
  applyRules(field, converted, property, context.failures);
  return converted;
}

const EXPECTED = {
  text: "a string",
  number: "a number",
  flag: "true or false",
  json: "a JSON object or its text",
  map: "a map of strings",
  object: "an object",
  list: "a list",
} as const;

function convert(field: Field, value: unknown, property: string, context: Context): unknown {
  switch (field.kind) {
    case "text":
      return ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;
    case "number":
      if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)))
        return Number(value);
      return typeof value === "number" ? value : undefined;
    case "flag":
      if (value === "true" || value === "false") return value === "true";
      return typeof value === "boolean" ? value : undefined;
    case "json":
      if (containsUnknown(value)) return UNKNOWN;
      if (isObject(value)) return JSON.stringify(value);
      return typeof value === "string" ? value : undefined;
    case "map":
      if (!isObject(value)) return undefined;
      return Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => !key.startsWith("__"))
          .map(([key, each]) => [key, String(each)]),
      );
    case "object":
      return isObject(value) && field.fields ? object(field.fields, value, property, context) : undefined;
    case "list": {
      const { element } = field;
      if (!Array.isArray(value) || !element) return undefined;
      return value.map((each: unknown, index) => typed(element, each, `${property}[${index}]`, context));
    }
  }
}

function applyRules(
  field: Field | undefined,
  value: unknown,
  property: string,
  failures: CheckFailure[],
): void {
  if (!field || isUnknown(value)) return;
  if (field.kind === "json" && !isJsonObject(value as string))
    failures.push({
      property,
      reason: `"${property}" contains an invalid JSON policy: it is not a JSON object`,
    });
  for (const rule of field.rules ?? []) {
    const reason = rule(value as never, property);
    if (reason !== undefined) failures.push({ property, reason });
  }
}

function isJsonObject(value: string): boolean {
  try {
    return isObject(JSON.parse(value));
  } catch {
    return false;
  }
}

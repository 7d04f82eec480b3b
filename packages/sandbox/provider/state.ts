/** Converts AWS's values to the engine's state: outputs, inputs with drift, and previewed outputs. */
import { inOrderOf, isSame } from "./diff";
import { FAILED, type ResourceType } from "./resourceType";
import type { Field, Fields } from "./schema";
import { allTags, type DefaultTags } from "./tags";
import { fieldsOf } from "./typeFields";
import { isEmpty, isObject, isUnknown, UNKNOWN, type Properties } from "./values";

/** Outputs of a read: AWS's values, or the inputs if both are equal. */
export function outputs(
  type: ResourceType,
  provider: DefaultTags,
  inputs: Properties,
  observed: Properties,
): Properties {
  const merged = mergeObjects(fieldsOf(type), inputs, withOwnTags(provider, inputs, observed), true);
  return observed[FAILED] === undefined ? merged : { ...merged, [FAILED]: observed[FAILED] };
}

/** Inputs of a read: unchanged, except AWS's values where they differ. */
export function driftedInputs(
  type: ResourceType,
  provider: DefaultTags,
  inputs: Properties,
  observed: Properties,
): Properties {
  const merged = mergeObjects(fieldsOf(type), inputs, withOwnTags(provider, inputs, observed), false);
  return { ...merged, __defaults: inputs["__defaults"] ?? [] };
}

/** A tag that equals a default tag is the resource's own if its inputs have it. */
function withOwnTags({ defaultTags }: DefaultTags, inputs: Properties, observed: Properties): Properties {
  const { tags, tagsAll } = observed;
  const given = inputs["tags"];
  if (!isObject(given) || !isObject(tagsAll)) return observed;
  const repeated = Object.keys(given).filter((key) => key in tagsAll && defaultTags[key] === tagsAll[key]);
  const more = Object.fromEntries(repeated.map((key) => [key, tagsAll[key]]));
  return { ...observed, tags: { ...(isObject(tags) ? tags : {}), ...more } };
}

/** The inputs of an import, made from AWS's values. */
export function importedInputs(type: ResourceType, observed: Properties): Properties {
  const { region: _, ...fields } = fieldsOf(type);
  const inputs: Properties = {};
  const defaults: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (field.output) continue;
    const value = observed[name] ?? field.default;
    if (value === undefined || (isEmpty(value) && field.default === undefined)) continue;
    inputs[name] = value;
    if (observed[name] === undefined) defaults.push(name);
  }
  return { ...inputs, __defaults: defaults };
}

/** Outputs of a preview: the inputs, the state's values for outputs, and unknown if there is no state. */
export function previewed(
  type: ResourceType,
  provider: (DefaultTags & { readonly region: string }) | undefined,
  inputs: Properties,
  state?: Properties,
): Properties {
  const known = fill(fieldsOf(type), inputs, state);
  if (!type.global) known["region"] = inputs["region"] ?? provider?.region ?? UNKNOWN;
  if (type.tagged)
    known["tagsAll"] = isUnknown(inputs["tags"]) || !provider ? UNKNOWN : allTags(provider, inputs);
  return known;
}

function fill(fields: Fields, inputs: Properties, state: Properties | undefined): Properties {
  const result: Properties = {};
  for (const [name, field] of Object.entries(fields)) {
    const given = inputs[name];
    const before = state?.[name];
    if (given !== undefined) result[name] = fillField(field, given, before);
    else if (field.output || field.computed) result[name] = state ? before : UNKNOWN;
    if (result[name] === undefined) delete result[name];
  }
  return result;
}

function fillField(field: Field, given: unknown, before: unknown): unknown {
  const { element } = field;
  if (field.fields && isObject(given))
    return fill(field.fields, given, isObject(before) ? before : undefined);
  if (element && Array.isArray(given)) {
    const items: unknown[] = Array.isArray(before) ? before : [];
    return given.map((each: unknown, index) => fillField(element, each, items[index]));
  }
  return given;
}

/** @param whole true: all values; false: only values that can be inputs and that AWS did not set by itself */
function mergeObjects(fields: Fields, inputs: Properties, observed: Properties, whole: boolean): Properties {
  const result: Properties = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = merge(field, inputs[name], observed[name], whole);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function merge(field: Field, input: unknown, found: unknown, whole: boolean): unknown {
  if (field.writeOnly) return input;
  if (field.output) return whole ? found : undefined;
  if (input === undefined) {
    if (whole) return found;
    const drift = !field.computed && !isEmpty(found) && !isSame(field, found, field.default);
    return drift ? stripped(field, found) : undefined;
  }
  if (found === undefined) return whole || isEmpty(input) ? input : undefined;
  if (field.fields && isObject(input) && isObject(found))
    return mergeObjects(field.fields, input, found, whole);
  if (field.element && Array.isArray(input) && Array.isArray(found))
    return mergeLists(field, field.element, input, found, whole);
  return isSame(field, found, input) ? input : found;
}

function mergeLists(
  field: Field,
  element: Field,
  input: readonly unknown[],
  found: readonly unknown[],
  whole: boolean,
): unknown[] {
  const items = field.unordered ? inOrderOf(element, found, input) : found;
  return items.map((each, index) =>
    index < input.length ? merge(element, input[index], each, whole) : whole ? each : stripped(element, each),
  );
}

/** The value without the parts that AWS filled in. */
function stripped(field: Field, found: unknown): unknown {
  const { element } = field;
  if (element && Array.isArray(found)) return found.map((each) => stripped(element, each));
  if (!field.fields || !isObject(found)) return found;
  const kept = Object.entries(field.fields).filter(
    ([name, part]) => !part.output && !part.computed && found[name] !== undefined,
  );
  return Object.fromEntries(kept.map(([name, part]) => [name, stripped(part, found[name])]));
}

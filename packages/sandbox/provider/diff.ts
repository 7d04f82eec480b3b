/** Diff: the properties that changed, their paths, and whether the resource has to be replaced. */
import { same, sameJson } from "./equal";
import { wasMade } from "./names";
import { FAILED, type ResourceType } from "./resourceType";
import { replaces, type Field, type Fields } from "./schema";
import { allTags, type DefaultTags } from "./tags";
import { fieldsOf } from "./typeFields";
import { isEmpty, isObject, isUnknown, type Properties } from "./values";

export interface Change {
  /** Path, such as `onlineStoreConfig.ttlDuration.value`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replace: boolean;
}

export interface DiffRequest {
  /** The outputs as of the last update. */
  readonly state: Properties;
  /** The inputs of the last update. */
  readonly olds: Properties;
  readonly news: Properties;
  /** The provider's configuration, if it is known. */
  readonly provider?: DefaultTags & { readonly region: string };
}

/** An unknown new value counts as a change. */
export function changesOf(type: ResourceType, { state, olds, news, provider }: DiffRequest): Change[] {
  const { region: _, ...fields } = fieldsOf(type);
  const changes = compareObjects(fields, olds, news, "");
  if (!type.global) changes.push(...regionChange(state, news, provider?.region));
  // The provider's default tags are not inputs of the resource, but a change of them affects it.
  if (type.tagged && provider && !isUnknown(news["tags"])) {
    const after = allTags(provider, news);
    const ofTags = changes.some(({ path }) => path === "tags" || path.startsWith("tags."));
    if (!ofTags && !same(state["tagsAll"] ?? {}, after))
      changes.push(...compareMaps(state["tagsAll"], after, "tagsAll", false));
  }
  if (state[FAILED] !== undefined)
    changes.push({ path: type.identity[0] ?? "id", kind: "update", replace: true });
  return changes;
}

/** Top-level properties of the changes; with `replacing`, only those that replace the resource. */
export function changedProperties(changes: readonly Change[], replacing = false): string[] {
  const names = changes
    .filter(({ replace }) => replace || !replacing)
    .map(({ path }) => path.split(/[.[]/, 1)[0] ?? "");
  return [...new Set(names)];
}

/** True if the old and the new resource would have the same ID, so that the old one has to be deleted first. */
export function deletesFirst(type: ResourceType, olds: Properties, news: Properties): boolean {
  return (
    type.identity.length > 0 &&
    type.identity.every((property) => same(olds[property], news[property]) && !wasMade(news, property))
  );
}

/** True if AWS treats both values as equal. */
export function isSame(field: Field, before: unknown, after: unknown): boolean {
  if (isUnknown(after) || isUnknown(before)) return false;
  if (isEmpty(before) && isEmpty(after)) return true;
  if (field.same?.(before, after)) return true;
  return compare(field, before, after, "", false).length === 0;
}

function regionChange(state: Properties, news: Properties, configured: string | undefined): Change[] {
  const [before, after] = [state["region"], news["region"] ?? configured];
  if (before === undefined || after === undefined || before === after) return [];
  return [{ path: "region", kind: "update", replace: true }];
}

function compareObjects(
  fields: Fields,
  before: Properties,
  after: Properties,
  path: string,
  replacing = false,
): Change[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    field.output
      ? []
      : compare(field, before[name], after[name], path === "" ? name : `${path}.${name}`, replacing),
  );
}

function compare(field: Field, before: unknown, after: unknown, path: string, replacing: boolean): Change[] {
  const replace = replacing || field.replace === true;
  if (isUnknown(after)) return [{ path, kind: before === undefined ? "add" : "update", replace }];
  if (isEmpty(before) && isEmpty(after)) return [];
  // AWS keeps the last value, so a new default counts as equal to the value before.
  if (after === undefined && field.computed) return [];
  if (before === undefined && field.default !== undefined && same(field.default, after)) return [];
  if (field.same?.(before, after)) return [];
  if (before === undefined || after === undefined) {
    const whole = replace || replaces(field, before ?? after);
    return [{ path, kind: before === undefined ? "add" : "delete", replace: whole }];
  }
  return compareKinds(field, before, after, path, replace);
}

function compareKinds(
  field: Field,
  before: unknown,
  after: unknown,
  path: string,
  replace: boolean,
): Change[] {
  const changed: Change[] = [{ path, kind: "update", replace }];
  if (field.kind === "json") return sameJson(before, after) ? [] : changed;
  if (field.kind === "map") return compareMaps(before, after, path, replace);
  if (field.fields && isObject(before) && isObject(after))
    return compareObjects(field.fields, before, after, path, replace);
  const { element } = field;
  if (element && Array.isArray(before) && Array.isArray(after))
    return compareLists(element, before, after, path, replace, field.unordered === true);
  return same(before, after) ? [] : changed;
}

function compareMaps(before: unknown, after: unknown, path: string, replace: boolean): Change[] {
  const [left, right] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((key) => left[key] !== right[key])
    .map((key) => ({
      path: /^[a-zA-Z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`,
      kind: !(key in left) ? "add" : !(key in right) ? "delete" : "update",
      replace,
    }));
}

function compareLists(
  element: Field,
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
  replace: boolean,
  unordered: boolean,
): Change[] {
  const olds = unordered ? inOrderOf(element, before, after) : before;
  const changes: Change[] = [];
  for (let index = 0; index < Math.max(olds.length, after.length); index++)
    changes.push(...compare(element, olds[index], after[index], `${path}[${index}]`, replace));
  return changes;
}

/** Puts the items in the order of their equals in the model; the others fill the remaining places. */
export function inOrderOf(element: Field, items: readonly unknown[], model: readonly unknown[]): unknown[] {
  const left = [...items];
  const placed = model.map((wanted) => {
    const found = left.findIndex((item) => isSame(element, item, wanted));
    return found < 0 ? undefined : { item: left.splice(found, 1)[0] };
  });
  const result = placed.map((place) => (place ? place.item : left.shift()));
  return [...result, ...left];
}

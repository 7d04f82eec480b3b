/** Diff: which inputs changed, and whether that makes a new resource. */
import { same, sameJson } from "./equal";
import { isUnknown, type Properties, type ResourceType } from "./resourceType";

export interface Change {
  readonly property: string;
  readonly kind: "add" | "delete" | "update";
  readonly replace: boolean;
}

/** Changes between the inputs of the last update and the new ones; an unknown new value counts as a change. */
export function changesOf(type: ResourceType, olds: Properties, news: Properties): Change[] {
  const names = new Set(
    [...Object.keys(olds), ...Object.keys(news)].filter(
      (name) => !name.startsWith("__") && name !== "tagsAll",
    ),
  );
  const changes: Change[] = [];
  for (const property of names) {
    const before = olds[property] ?? undefined;
    const after = news[property] ?? undefined;
    if (isSame(type, property, before, after)) continue;
    const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
    changes.push({ property, kind, replace: type.replaceOn.includes(property) });
  }
  return changes;
}

export function isSame(type: ResourceType, property: string, before: unknown, after: unknown): boolean {
  if (isUnknown(after)) return false;
  // What is empty and what is not set are one to AWS.
  if (isEmpty(before) && isEmpty(after)) return true;
  return type.json?.includes(property) ? sameJson(before, after) : same(before, after);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/**
 * The old resource has to go before the new one comes where both would have the same name: every type here is named
 * by its inputs, and a replacement that keeps the name meets itself.
 */
export function deletesFirst(type: ResourceType, olds: Properties, news: Properties): boolean {
  const property = type.autoName?.property;
  return property === undefined || same(olds[property], news[property]);
}

/** Tags of a resource: its own, over the provider's default ones. */
import { isObject, type Properties } from "./values";

export interface DefaultTags {
  readonly defaultTags: Readonly<Record<string, string>>;
}

export function strings(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isObject(value) ? value : {}).map(([key, each]) => [key, String(each)]),
  );
}

export function allTags({ defaultTags }: DefaultTags, inputs: Properties): Record<string, string> {
  return { ...defaultTags, ...strings(inputs["tags"]) };
}

/** The tags to set and to remove. `olds.tagsAll` has the tags that were last read. */
export function tagChanges(
  provider: DefaultTags,
  olds: Properties,
  news: Properties,
): { readonly set: Record<string, string>; readonly removed: string[] } {
  const before = isObject(olds["tagsAll"]) ? strings(olds["tagsAll"]) : allTags(provider, olds);
  const after = allTags(provider, news);
  return {
    set: Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value)),
    removed: Object.keys(before).filter((key) => !(key in after)),
  };
}

/** `tags` and `tagsAll` as the real provider shows them: a tag that equals a default tag is not in `tags`. */
export function shownTags(
  { defaultTags }: DefaultTags,
  found: Readonly<Record<string, string>>,
): { readonly tags: Record<string, string>; readonly tagsAll: Record<string, string> } {
  const own = Object.entries(found).filter(([key, value]) => defaultTags[key] !== value);
  return { tags: Object.fromEntries(own), tagsAll: { ...found } };
}

/** Tags in the shape of IAM, S3 and SageMaker. */
export function toTags(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function fromTags(
  tags: readonly { readonly Key?: string; readonly Value?: string }[] = [],
): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

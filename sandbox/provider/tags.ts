/** Tags of a resource: its own, over the provider's default ones. */
import type { Clients } from "./clients";
import { strings, type Properties } from "./resourceType";

export function allTags(
  { defaultTags }: Pick<Clients, "defaultTags">,
  inputs: Properties,
): Record<string, string> {
  return { ...defaultTags, ...strings(inputs["tags"]) };
}

/** `tags` and `tagsAll` as the real provider shows them: a tag that is as the default says is not the resource's own. */
export function shownTags(
  { defaultTags }: Pick<Clients, "defaultTags">,
  found: Readonly<Record<string, string>>,
): Properties {
  const own = Object.entries(found).filter(([key, value]) => defaultTags[key] !== value);
  return { tags: Object.fromEntries(own), tagsAll: { ...found } };
}

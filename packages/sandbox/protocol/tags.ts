/** Tags of resources: read from requests, shown in answers, and as condition keys. */
import type { AwsError, Tag } from "../core";

/** `aws:RequestTag/...` and `aws:TagKeys` of tags that a request sets. */
export function requestTagContext(tags: Readonly<Record<string, string>>): Record<string, string | string[]> {
  const names = Object.keys(tags);
  if (names.length === 0) return {};
  return {
    ...Object.fromEntries(names.map((name) => [`aws:RequestTag/${name}`, tags[name] ?? ""])),
    "aws:TagKeys": names,
  };
}

/** `aws:ResourceTag/...` of a resource. */
export function resourceTagContext(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:ResourceTag/${name}`, value]));
}

/** Tags as a record. @throws AwsError `refuse(why)` for AWS's own keys, and for more than 50 */
export function tagsOf(value: unknown, refuse: (why: string) => AwsError): Record<string, string> {
  const tags = Array.isArray(value) ? (value as (Partial<Tag> | null)[]) : [];
  if (!tags.every(isTag)) throw refuse("A tag is a Key and a Value");
  const own = tags.find(({ Key = "" }) => Key === "" || Key.toLowerCase().startsWith("aws:"));
  if (own) throw refuse(`${JSON.stringify(own.Key ?? "")} cannot be the key of a tag`);
  if (tags.length > 50) throw refuse("A resource can have at most 50 tags");
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

const isText = (value: unknown) => value === undefined || typeof value === "string";
const isTag = (tag: Partial<Tag> | null): tag is Partial<Tag> =>
  tag !== null && isText(tag.Key) && isText(tag.Value);

export function tagList(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

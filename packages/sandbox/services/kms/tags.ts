/** Tags of keys: `{ TagKey, TagValue }` in KMS's own spelling. */
import { AwsError, type Call, type World } from "../../core";
import { authorizeKey } from "./access";
import { checkNotPending, findKey, keys, page } from "./state";

type Input = Readonly<Record<string, unknown>>;

export function readTags(given: unknown): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const tag of (given ?? []) as { TagKey?: unknown; TagValue?: unknown }[]) {
    const { TagKey, TagValue } = tag;
    if (
      typeof TagKey !== "string" ||
      typeof TagValue !== "string" ||
      TagKey === "" ||
      TagKey.length > 128 ||
      TagValue.length > 256
    )
      throw new AwsError(
        "TagException",
        "A tag needs a TagKey of 1 to 128 and a TagValue of at most 256 characters.",
      );
    if (TagKey.toLowerCase().startsWith("aws:"))
      throw new AwsError("TagException", `Tag keys that begin with aws: are reserved: ${TagKey}`);
    if (TagKey in tags) throw new AwsError("TagException", `Duplicate tag keys found: ${TagKey}`);
    tags[TagKey] = TagValue;
  }
  if (Object.keys(tags).length > 50) throw new AwsError("TagException", "Too many tags: at most 50.");
  return tags;
}

export function tagContext(tags: Readonly<Record<string, string>>): Record<string, string | string[]> {
  const names = Object.keys(tags);
  if (names.length === 0) return {};
  return {
    ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:RequestTag/${name}`, value])),
    "aws:TagKeys": names,
  };
}

export function tagResource(world: World, call: Call, input: Input): Record<string, unknown> {
  const { key } = findKey(world, call, input["KeyId"]);
  const tags = readTags(input["Tags"]);
  authorizeKey(world, call, "kms:TagResource", key, tagContext(tags));
  checkNotPending(key);
  key.tags = { ...key.tags, ...tags };
  keys(world).touch();
  return {};
}

export function untagResource(world: World, call: Call, input: Input): Record<string, unknown> {
  const { key } = findKey(world, call, input["KeyId"]);
  const names = (input["TagKeys"] ?? []) as string[];
  authorizeKey(world, call, "kms:UntagResource", key, { "aws:TagKeys": names });
  checkNotPending(key);
  key.tags = Object.fromEntries(Object.entries(key.tags).filter(([name]) => !names.includes(name)));
  keys(world).touch();
  return {};
}

export function listResourceTags(world: World, call: Call, input: Input): Record<string, unknown> {
  const { key } = findKey(world, call, input["KeyId"]);
  authorizeKey(world, call, "kms:ListResourceTags", key);
  const { items, rest } = page(Object.entries(key.tags), input, 50);
  return { Tags: items.map(([TagKey, TagValue]) => ({ TagKey, TagValue })), ...rest };
}

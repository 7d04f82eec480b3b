/** Tags of workgroups. Source: Amazon Athena API Reference, "TagResource". */
import type { Call, World } from "../../core";
import { athenaTags, authorizeWorkGroup, findWorkGroup, invalid, page, placeOf, workGroupArn } from "./state";

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** The condition keys of a request that sets tags. */
export function requestTags(tags: readonly Tag[]): Record<string, string | string[]> {
  if (tags.length === 0) return {};
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    "aws:TagKeys": tags.map(({ Key }) => Key),
  };
}

/** @throws AwsError `InvalidRequestException` for reserved keys, and for too many tags */
export function keptTags(
  before: Readonly<Record<string, string>>,
  tags: readonly Tag[],
): Record<string, string> {
  const reserved = tags.find(({ Key }) => Key.toLowerCase().startsWith("aws:"));
  if (reserved)
    throw invalid(`The tag key ${reserved.Key} is not allowed: keys with the prefix aws: are AWS's own.`);
  const after = { ...before, ...Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) };
  if (Object.keys(after).length > 50) throw invalid("A resource can have at most 50 tags.");
  return after;
}

/** The name of an existing workgroup, if the caller may do `action` on it. */
function tagged(world: World, call: Call, action: string, arn: string, context = {}): string {
  const name = arn.split(":workgroup/")[1];
  const place = placeOf(call);
  if (name === undefined || workGroupArn(place, name) !== arn)
    throw invalid(
      `${arn} is not the ARN of a workgroup of this account and region; the sandbox tags nothing else.`,
    );
  authorizeWorkGroup(world, call, action, name, context);
  return findWorkGroup(world, place, name).Name;
}

export function tagResource(
  world: World,
  call: Call,
  { ResourceARN, Tags }: { ResourceARN: string; Tags: Tag[] },
) {
  tagged(world, call, "TagResource", ResourceARN, requestTags(Tags));
  const all = athenaTags(world.store);
  all.set(ResourceARN, keptTags(all.get(ResourceARN) ?? {}, Tags));
  return {};
}

export function untagResource(
  world: World,
  call: Call,
  { ResourceARN, TagKeys }: { ResourceARN: string; TagKeys: string[] },
) {
  tagged(world, call, "UntagResource", ResourceARN, { "aws:TagKeys": TagKeys });
  const all = athenaTags(world.store);
  const left = Object.entries(all.get(ResourceARN) ?? {}).filter(([key]) => !TagKeys.includes(key));
  all.set(ResourceARN, Object.fromEntries(left));
  return {};
}

export function listTagsForResource(
  world: World,
  call: Call,
  request: { ResourceARN: string; NextToken?: string; MaxResults?: number },
) {
  tagged(world, call, "ListTagsForResource", request.ResourceARN);
  const tags = Object.entries(athenaTags(world.store).get(request.ResourceARN) ?? {});
  const { listed, NextToken } = page(tags, request, 75);
  return {
    Tags: listed.map(([Key, Value]) => ({ Key, Value })),
    NextToken,
  };
}

/** Tags of feature groups. Source: SageMaker API Reference, "AddTags", "DeleteTags", "ListTags". */
import type { RequestContext } from "@feature-store-access/iam";
import { AwsError, type Call, type Tag, type World } from "../../core";
import { pageOf } from "../../protocol/pages";
import type { FeatureGroup } from "../../core/featureGroups";
import { authorizedGroup, featureGroups } from "./state";

const maximumTags = 50;

/** @throws AwsError `ValidationException` for repeated keys, and for keys that only AWS may set */
export function checkTags(tags: readonly Tag[]): void {
  const keys = new Set<string>();
  for (const { Key } of tags) {
    if (/^aws:/i.test(Key))
      throw new AwsError(
        "ValidationException",
        `Tag keys must not start with "aws:", which is reserved for AWS: ${Key}`,
      );
    if (keys.has(Key))
      throw new AwsError("ValidationException", `Duplicate tag keys found: ${Key}. Tag keys must be unique.`);
    keys.add(Key);
  }
}

export function addTags(
  world: World,
  call: Call,
  { ResourceArn, Tags }: { ResourceArn: string; Tags: Tag[] },
) {
  const group = tagged(world, call, "AddTags", ResourceArn, {
    ...Object.fromEntries(Tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    "aws:TagKeys": Tags.map(({ Key }) => Key),
  });
  checkTags(Tags);
  const merged = new Map(group.tags.map((tag) => [tag.Key, tag]));
  for (const tag of Tags) merged.set(tag.Key, { Key: tag.Key, Value: tag.Value });
  if (merged.size > maximumTags)
    throw new AwsError(
      "ResourceLimitExceeded",
      `The resource would have ${merged.size} tags, and a resource can have at most ${maximumTags}.`,
    );
  group.tags = [...merged.values()];
  featureGroups(world.store).touch();
  return { Tags: group.tags };
}

export function deleteTags(
  world: World,
  call: Call,
  { ResourceArn, TagKeys }: { ResourceArn: string; TagKeys: string[] },
) {
  const group = tagged(world, call, "DeleteTags", ResourceArn, { "aws:TagKeys": TagKeys });
  group.tags = group.tags.filter(({ Key }) => !TagKeys.includes(Key));
  featureGroups(world.store).touch();
  return {};
}

export function listTags(
  world: World,
  call: Call,
  request: { ResourceArn: string; MaxResults?: number; NextToken?: string },
) {
  const group = tagged(world, call, "ListTags", request.ResourceArn);
  const page = pageOf(group.tags, request.NextToken, request.MaxResults ?? 50);
  return { Tags: page.items, NextToken: page.next };
}

function tagged(
  world: World,
  call: Call,
  action: string,
  arn: string,
  context?: RequestContext,
): FeatureGroup {
  if (!arn.includes(":feature-group/"))
    throw new AwsError(
      "ValidationException",
      `The sandbox has feature groups only, and ${arn} is another resource of SageMaker.`,
    );
  return authorizedGroup(world, call, action, arn, {
    context,
    notFound: () => new AwsError("ValidationException", `Resource ${arn} does not exist`),
  });
}

/**
 * The rules of feature groups' definitions. Source: Amazon SageMaker API Reference, "CreateFeatureGroup",
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateFeatureGroup.html.
 */
import type { ValidationError } from "./errors";
import { NEEDS_ONLINE_STORE } from "./formatRules";
import { twinsByCase } from "./forms";
import { rawStores, type RawSettings } from "./schema";
import type { RawGroup } from "./storeSchema";

type Errors = Iterable<ValidationError>;

/** Feature groups' names, features and tags. */
export function* featureGroupRules(settings: RawSettings): Errors {
  for (const { setting, store } of rawStores(settings)) {
    yield* groupsOf(setting, store.featureGroups);
    for (const [index, group] of store.featureGroups.entries())
      yield* groupTags(`${setting}.featureGroups[${index}].tags`, group, settings.tags);
  }
}

/** A group has its own tags and those of every resource. */
function* groupTags(path: string, { tags }: RawGroup, shared: RawSettings["tags"]): Errors {
  const all = [...new Set([...Object.keys(shared), ...Object.keys(tags)])];
  if (all.length > 50)
    yield {
      path,
      message: `and tags, which every resource has, are ${all.length} together, and AWS allows 50 per feature group: leave some out`,
    };
  const twins = twinsByCase(all);
  if (twins)
    yield {
      path,
      message: `${twins[1]} differs only in case from ${twins[0]} of tags, which every resource has: policies would treat both as one tag`,
    };
}

function* groupsOf(store: string, all: readonly RawGroup[]): Errors {
  const seen = new Map<string, number>();
  for (const [index, group] of all.entries()) {
    const path = `${store}.featureGroups[${index}]`;
    // The resource part of a feature group's ARN is in lower case: IAM cannot tell names apart that differ only in case.
    const twin = seen.get(group.name.toLowerCase());
    if (twin !== undefined)
      yield {
        path: `${path}.name`,
        message: `"${group.name}" is the name of featureGroups[${twin}] too (upper and lower case count as the same)`,
      };
    seen.set(group.name.toLowerCase(), index);
    yield* oneGroup(path, group);
  }
}

function* oneGroup(path: string, group: RawGroup): Errors {
  const types = new Map<string, string>();
  for (const [index, { name, type }] of group.features.entries()) {
    const twin = [...types.keys()].find((known) => known.toLowerCase() === name.toLowerCase());
    if (twin !== undefined)
      yield {
        path: `${path}.features[${index}].name`,
        message: `"${name}" is listed twice (the offline store's columns ignore case)`,
      };
    types.set(name, type);
  }
  if (!types.has(group.recordIdentifier))
    yield {
      path: `${path}.recordIdentifier`,
      message: `"${group.recordIdentifier}" is not one of the group's features`,
    };
  const eventType = types.get(group.eventTime);
  if (eventType === undefined)
    yield { path: `${path}.eventTime`, message: `"${group.eventTime}" is not one of the group's features` };
  else if (eventType === "Integral")
    yield {
      path: `${path}.eventTime`,
      message: `"${group.eventTime}" is Integral: an event time is String (ISO-8601) or Fractional (Unix seconds)`,
    };
  if (group.recordIdentifier === group.eventTime)
    yield {
      path: `${path}.eventTime`,
      message: `"${group.eventTime}" is the record identifier too: they are two features`,
    };
  if (group.ttl && !group.onlineStore) yield { path: `${path}.ttl`, message: NEEDS_ONLINE_STORE };
}

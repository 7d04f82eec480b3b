/** The rules of feature groups' definitions. Source: SageMaker API Reference, CreateFeatureGroup. */
import type { SettingsFault } from "./errors";
import { twinsByCase } from "./forms";
import type { RawSettings } from "./schema";

type FeatureGroup = NonNullable<RawSettings["offlineStore"]>["featureGroups"][number];

/** Feature groups' names, and the features of each. */
export function* featureGroupFaults({
  offlineStore,
  centralStore,
  tags,
}: RawSettings): Iterable<SettingsFault> {
  for (const [store, groups] of [
    ["offlineStore", offlineStore?.featureGroups ?? []],
    ["centralStore", centralStore?.featureGroups ?? []],
  ] as const) {
    yield* groupsOf(store, groups);
    for (const [index, group] of groups.entries())
      yield* groupTags(`${store}.featureGroups[${index}].tags`, group, tags);
  }
}

/** A group carries its own tags and those of every resource. */
function* groupTags(
  path: string,
  { tags }: FeatureGroup,
  shared: RawSettings["tags"],
): Iterable<SettingsFault> {
  const all = [...new Set([...Object.keys(shared), ...Object.keys(tags)])];
  if (all.length > 50)
    yield {
      path,
      message: `and tags, which every resource has, are ${all.length} together, and AWS takes 50 a feature group: leave some out`,
    };
  const twins = twinsByCase(all);
  if (twins)
    yield {
      path,
      message: `${twins[1]} is ${twins[0]} of tags, which every resource has, in other letters: policies would take both for one tag`,
    };
}

function* groupsOf(store: string, all: readonly FeatureGroup[]): Iterable<SettingsFault> {
  const seen = new Map<string, number>();
  for (const [index, group] of all.entries()) {
    const path = `${store}.featureGroups[${index}]`;
    // The resource part of a feature group's ARN is in lower case: names that differ in case alone are one to IAM.
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

function* oneGroup(path: string, group: FeatureGroup): Iterable<SettingsFault> {
  const types = new Map<string, string>();
  for (const [index, { name, type }] of group.features.entries()) {
    const twin = [...types.keys()].find((known) => known.toLowerCase() === name.toLowerCase());
    if (twin !== undefined)
      yield {
        path: `${path}.features[${index}].name`,
        message: `"${name}" stands twice (columns of the offline store do not differ by case)`,
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
  if (group.ttl && !group.onlineStore)
    yield {
      path: `${path}.ttl`,
      message: "is of the online store, which onlineStore: false turns off: leave one of them out",
    };
}

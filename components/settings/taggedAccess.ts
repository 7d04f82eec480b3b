/** What tags come to: which a feature group has once it is made, and what a consumer may do with it by name and by tags. */
import { carries } from "../policies/groupScope";
import type { ConsumerSettings, FeatureGroupSettings, Permission, Settings, Tags } from "./types";

/** A feature group's own tags, and those of every resource. */
export function tagsOfGroup(
  settings: Pick<Settings, "tags">,
  { tags }: Pick<FeatureGroupSettings, "tags">,
): Tags {
  return { ...settings.tags, ...tags };
}

const PERMISSIONS: readonly Permission[] = ["readOnline", "readOffline", "write"];

/** By feature group: what the consumer may do with it by its name or by the tags that the settings give it. */
export function effectiveAccess(
  settings: Settings,
  { access, accessByTags }: Pick<ConsumerSettings, "access" | "accessByTags">,
): Readonly<Record<string, readonly Permission[]>> {
  const groups = settings.centralStore?.featureGroups ?? [];
  const entries = groups.flatMap((group) => {
    const named = Object.hasOwn(access, group.name) ? (access[group.name] ?? []) : [];
    const tagged = accessByTags
      .filter(({ tags }) => carries(tagsOfGroup(settings, group), tags))
      .flatMap(({ permissions }) => permissions);
    const all = PERMISSIONS.filter((each) => named.includes(each) || tagged.includes(each));
    // As in the settings where they name it, so that nothing changes for those without tags.
    if (tagged.length === 0) return named.length === 0 ? [] : [[group.name, named] as const];
    const there = all.filter(
      (each) =>
        (each !== "readOnline" || group.onlineStore) &&
        (each !== "readOffline" || group.offlineStore !== false),
    );
    return [[group.name, there] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * What a consumer's policy says by group: what `access` names, and `readOffline` by tags, which S3 and Glue cannot see.
 * Records by tags are no part of it: a condition grants them, so that they follow the tags.
 */
export function accessByGroup(
  settings: Settings,
  { access, accessByTags }: Pick<ConsumerSettings, "access" | "accessByTags">,
): Readonly<Record<string, readonly Permission[]>> {
  const offline = accessByTags.flatMap(({ tags, permissions }) =>
    permissions.includes("readOffline") ? [{ tags, permissions: ["readOffline"] as const }] : [],
  );
  return effectiveAccess(settings, { access, accessByTags: offline });
}

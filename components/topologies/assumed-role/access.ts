/** A consumer's permissions: those that the settings give by name, and by the tags of feature groups. */
import { carries } from "../../policies/groupScope";
import { tagsOfGroup, type SharedSettings } from "../../settings/types";
import type { Permission } from "./policies/facts";
import type { ConsumerSettings, OwnSettings } from "./settings";

type Store = Pick<OwnSettings, "centralStore"> & Pick<SharedSettings, "tags">;

const PERMISSIONS: readonly Permission[] = ["readOnline", "readOffline", "write"];

/** By feature group: what the consumer may do with it by its name or by the tags that the settings give it. */
export function effectiveAccess(
  settings: Store,
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
  settings: Store,
  { access, accessByTags }: Pick<ConsumerSettings, "access" | "accessByTags">,
): Readonly<Record<string, readonly Permission[]>> {
  const offline = accessByTags.flatMap(({ tags, permissions }) =>
    permissions.includes("readOffline") ? [{ tags, permissions: ["readOffline"] as const }] : [],
  );
  return effectiveAccess(settings, { access, accessByTags: offline });
}

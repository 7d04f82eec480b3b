/** A consumer's permissions: those that the settings give by name, and those by feature groups' tags. */
import { carries } from "../../policies/groupScope";
import { tagsOfGroup, type SharedSettings } from "../../settings/types";
import type { Permission } from "./policies/facts";
import type { ConsumerSettings, OwnSettings } from "./settings";

type Store = Pick<OwnSettings, "centralStore"> & Pick<SharedSettings, "tags">;

const PERMISSIONS: readonly Permission[] = ["readOnline", "readOffline", "write"];

/** By feature group: what the consumer may do with it, given by its name or by its tags in the settings. */
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
    // Keeps the order of the settings, so that nothing changes for groups without tags.
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
 * What a consumer's policy permits per group: what `access` names, and `readOffline` by tags, which S3 and Glue cannot
 * see. Record access by tags is not included: a condition permits it, so that it follows the tags.
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

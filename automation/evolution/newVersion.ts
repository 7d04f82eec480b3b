/**
 * Adds the next version of a feature group to the settings file, beside the group, and keeps the file's comments: the old
 * version stays as deployed, the new one has the schema of the settings, and everyone with access to the old gets the same
 * access to the new.
 */
import { isMap, isSeq, parseDocument, type Document, type YAMLMap } from "yaml";
import { NAMESPACE, type FeatureGroupSettings } from "../../components/settings";
import { STORES } from "../../components/topologies";
import { ExitCode, UserError } from "../model/errors";
import type { Definition } from "./compare";
import type { MadeGroup } from "./madeGroup";
import { topologies } from "../topologies";

export interface NewVersion {
  /** The file's new text. */
  readonly text: string;
  /** Name of the new group: `customers-v2`. */
  readonly name: string;
  /** Consumers and profiles that have access to both. */
  readonly consumers: readonly string[];
}

/**
 * @param text of `Pulumi.<env>.yaml`
 * @param group name of the existing group
 * @param deployed the properties that it keeps for life; undefined: those in the file
 * @throws UserError (usage) if the settings do not have the group
 */
export function withNewVersion(text: string, group: string, deployed: MadeGroup | undefined): NewVersion {
  const document = parseDocument(text);
  const found = STORES.flatMap(({ setting }) => {
    const groups = document.getIn(["config", `${NAMESPACE}:${setting}`, "featureGroups"]);
    if (!isSeq(groups)) return [];
    const at = groups.items.findIndex((each) => isMap(each) && each.get("name") === group);
    return at < 0 ? [] : [{ groups, at }];
  });
  const [place] = found;
  if (!place)
    throw new UserError(
      ExitCode.usage,
      `the settings have no feature group ${group}`,
      `Name one of ${STORES.map(({ setting }) => `${setting}.featureGroups`).join(" or ")}.`,
    );
  const names = new Set(
    place.groups.items.flatMap((each) => (isMap(each) ? [String(each.get("name"))] : [])),
  );
  const name = nextName(group, names);
  const old = place.groups.items[place.at] as YAMLMap;
  const next = old.clone() as YAMLMap;
  next.set("name", name);
  if (deployed) asDeployed(document, old, deployed);
  ownTable(old, next, name.slice(name.lastIndexOf("-") + 1));
  place.groups.items.splice(place.at + 1, 0, next);
  const consumers = [
    ...topologies.flatMap((topology) => topology.shareAccess?.(document, group, name) ?? []),
    ...shareProfiles(document, group, name),
  ];
  return { text: document.toString({ lineWidth: 0 }), name, consumers };
}

/** `customers` -> `customers-v2` -> `customers-v3`. */
function nextName(group: string, taken: ReadonlySet<string>): string {
  const [, base = group, version] = /^(.*)-v(\d+)$/.exec(group) ?? [];
  for (let number = Number(version ?? 1) + 1; ; number++) {
    const name = `${base}-v${number}`;
    if (!taken.has(name)) return name;
  }
}

/** Restores properties that cannot change in place: otherwise the old group would be replaced. */
function asDeployed(document: Document, old: YAMLMap, { definitions, kept, table }: MadeGroup): void {
  old.set("features", document.createNode(definitions.map(featureOf), { flow: false }));
  for (const [setting, { value, isDefault }] of Object.entries(kept)) {
    if (old.get(setting) === value) continue;
    if (!isDefault) old.set(setting, document.createNode(value));
    else if (old.has(setting)) old.delete(setting);
  }
  if (!old.has("dataCatalog")) return;
  if (!table) old.delete("dataCatalog");
  else for (const [part, value] of Object.entries(table)) old.setIn(["dataCatalog", part], value);
}

/** Two groups need two tables: if both name the same one, the new group's gets the version as a suffix. */
function ownTable(old: YAMLMap, next: YAMLMap, version: string): void {
  const at = ["dataCatalog", "table"];
  const table = next.getIn(at);
  const place = (group: YAMLMap) =>
    `${String(group.getIn(["dataCatalog", "database"]))}.${String(group.getIn(at))}`;
  if (typeof table === "string" && place(old) === place(next)) next.setIn(at, `${table}_${version}`);
}

function featureOf({ featureName: name, featureType: type, collectionType, collectionConfig }: Definition) {
  const dimension = collectionConfig?.vectorConfig?.dimension;
  return {
    name,
    type,
    ...(collectionType ? { collection: collectionType } : {}),
    ...(dimension ? { dimension } : {}),
  };
}

/** Adds the new version to profiles that name the group; profiles by tags match it by its tags. */
function shareProfiles(document: Document, group: string, name: string): string[] {
  const profiles = document.getIn(["config", `${NAMESPACE}:profiles`]);
  if (!isMap(profiles)) return [];
  return profiles.items.flatMap(({ key, value }) => {
    const groups = isMap(value) ? value.get("featureGroups") : undefined;
    if (!isSeq(groups) || !groups.toJSON().includes(group)) return [];
    groups.add(document.createNode(name));
    return [`profile ${String(key)}`];
  });
}

/** The order in which writers and readers move to the new version, so that no reader misses records. */
export function cutOverSteps(
  { name, consumers }: NewVersion,
  { name: old }: Pick<FeatureGroupSettings, "name">,
  env: string,
): string[] {
  return [
    `1. npm run preview -- --env ${env}, then npm run up -- --env ${env}: ${name} is created beside ${old}, with the same access${consumers.length > 0 ? ` for ${consumers.join(", ")}` : ""}.`,
    `2. Let writers put each record into both groups. From here on ${name} misses no new record.`,
    `3. Backfill: read ${old}'s offline store (Athena, newest event time of each record), and put the records that ${name} lacks into it with their own event times. PutRecord keeps the newest, so the order does not matter.`,
    `4. Compare: the count of records and a sample of both groups, offline and online.`,
    `5. Move readers to ${name}, one consumer after the other; those that cannot move yet stay with ${old}.`,
    `6. Take ${old} out of the consumers' access, npm run up: nobody can read it any longer, and no data is lost.`,
    `7. Stop writing to ${old}. When nobody needs its history, take it out of the settings: npm run preview shows what is deleted.`,
  ];
}

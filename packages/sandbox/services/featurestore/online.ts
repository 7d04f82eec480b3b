/** The online store: the newest record of each identifier, encrypted. Source: Feature Store developer guide, "Online store". */
import { createHash } from "node:crypto";
import type { Collection, World } from "../../core";
import type { FeatureGroup } from "../../core/featureGroups";
import { forgetKey, open, seal } from "./sealing";
import type { RecordValues } from "../../formats/parquet";

export interface OnlineRecord {
  /** Milliseconds since 1970. */
  readonly eventTime: number;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
  /** Absent after a soft delete: the event time remains, so that an older write does not restore the record. */
  readonly values?: RecordValues;
  /** Only for a deleted record, which has no values. */
  readonly identifier?: string;
}

/** One collection per group: a write saves only the records of its own group. */
const records = (world: World, group: FeatureGroup): Collection<string> =>
  world.store.collection(`featurestore.online.${group.id}`);

/** A record's place in the collection. The identifier is a feature value too, so it is not stored in clear text. */
const placeOf = (group: FeatureGroup, identifier: string) =>
  createHash("sha256").update(`${group.id}/${identifier}`).digest("base64url");

/** The record as last written, even if it was deleted; undefined if there is none or it has expired. */
export function readRecord(
  world: World,
  key: Buffer,
  group: FeatureGroup,
  identifier: string,
): OnlineRecord | undefined {
  const place = placeOf(group, identifier);
  const sealed = records(world, group).get(place);
  if (sealed === undefined) return undefined;
  const record = open<OnlineRecord>(key, sealed, place);
  if (record.expiresAt !== undefined && record.expiresAt <= world.now().getTime()) {
    records(world, group).delete(place);
    return undefined;
  }
  return record;
}

export interface ListedRecord {
  /** Position in the list. */
  readonly place: string;
  readonly record: OnlineRecord;
}

/** The records after a place, including deleted ones, in a stable order. Each is decrypted only when it is requested. */
export function* recordsAfter(
  world: World,
  key: Buffer,
  group: FeatureGroup,
  after = "",
): Generator<ListedRecord> {
  const places = [...records(world, group).entries()].map(([place]) => place);
  for (const place of places.filter((each) => each > after).sort()) {
    const sealed = records(world, group).get(place);
    const record = sealed === undefined ? undefined : open<OnlineRecord>(key, sealed, place);
    if (record && !(record.expiresAt !== undefined && record.expiresAt <= world.now().getTime()))
      yield { place, record };
  }
}

/** Replaces the existing record, whatever its time. */
export function replaceRecord(
  world: World,
  key: Buffer,
  group: FeatureGroup,
  identifier: string,
  record: OnlineRecord,
): void {
  const place = placeOf(group, identifier);
  records(world, group).set(place, seal(key, record, place));
}

/** Stores the record unless an existing one is as new or newer. True if it was stored. */
export function writeRecord(
  world: World,
  key: Buffer,
  group: FeatureGroup,
  identifier: string,
  record: OnlineRecord,
): boolean {
  const present = readRecord(world, key, group, identifier);
  if (present && present.eventTime >= record.eventTime) return false;
  replaceRecord(world, key, group, identifier, record);
  return true;
}

export function removeRecord(world: World, group: FeatureGroup, identifier: string): void {
  records(world, group).delete(placeOf(group, identifier));
}

/** Removes all records of a group, and the key that encrypted them. */
export function discardRecords(world: World, group: FeatureGroup): void {
  const all = records(world, group);
  for (const [place] of [...all.entries()]) all.delete(place);
  forgetKey(world, group);
}

/** Bytes of the group's records as stored. */
export function onlineSize(world: World, group: FeatureGroup): number {
  let size = 0;
  for (const sealed of records(world, group).values()) size += Math.floor((sealed.length * 3) / 4);
  return size;
}

/** PutRecord, GetRecord and DeleteRecord. Source: Feature Store runtime API reference. */
import type { Call, World } from "../../core";
import type { FeatureGroup, TtlDuration } from "../../core/featureGroups";
import { isUpdate, requireOnline, targets, usableGroup, type TargetStore } from "./group";
import { appendRow } from "./offline";
import { readRecord, removeRecord, writeRecord } from "./online";
import { onlineKey } from "./sealing";
import { checkEventTime, checkRecord, expiry, invalid, type FeatureValue } from "./values";

export interface PutRequest {
  readonly FeatureGroupName: string;
  readonly Record: FeatureValue[];
  readonly TargetStores?: TargetStore[] | null;
  readonly TtlDuration?: TtlDuration | null;
}

export function putRecord(world: World, call: Call, request: PutRequest): void {
  write(world, call, usableGroup(world, call, "PutRecord", request.FeatureGroupName, isUpdate()), request);
}

/** Writes a record of a group that the caller may write to. */
export function write(
  world: World,
  call: Call,
  group: FeatureGroup,
  request: Omit<PutRequest, "FeatureGroupName">,
): void {
  const stores = targets(group, request.TargetStores);
  const key = group.online?.EnableOnlineStore ? onlineKey(world, call, group) : undefined;
  const { identifier, eventTime, values } = checkRecord(group, request.Record);
  if (stores.online && key) {
    const expiresAt = expiry(eventTime, request.TtlDuration ?? group.online?.TtlDuration);
    writeRecord(world, key, group, identifier, { eventTime, values, expiresAt });
  }
  if (stores.offline)
    appendRow(world, group, { eventTime, invoked: world.now().getTime(), deleted: false, values });
}

interface GetRequest {
  readonly FeatureGroupName: string;
  readonly RecordIdentifierValueAsString: string;
  readonly FeatureNames?: string[];
  readonly ExpirationTimeResponse?: string;
}

export function getRecord(world: World, call: Call, request: GetRequest): FoundRecord {
  const group = usableGroup(world, call, "GetRecord", request.FeatureGroupName);
  requireOnline(group);
  checkNames(group, request.FeatureNames);
  const key = onlineKey(world, call, group);
  return (
    findRecord(world, key, group, request.RecordIdentifierValueAsString, {
      names: request.FeatureNames,
      withExpiry: request.ExpirationTimeResponse === "Enabled",
    }) ?? {}
  );
}

export interface FoundRecord {
  Record?: FeatureValue[];
  ExpiresAt?: string;
}

/** @throws AwsError `ValidationError` for names that are not features of the group */
export function checkNames(group: FeatureGroup, names: readonly string[] | null | undefined): void {
  for (const name of names ?? [])
    if (!group.features.some(({ FeatureName }) => FeatureName === name))
      throw invalid(`FeatureName ${name} does not exist in the FeatureGroup ${group.name}.`);
}

/** The record as the API returns it; undefined if it does not exist, was deleted or has expired. */
export function findRecord(
  world: World,
  key: Buffer,
  group: FeatureGroup,
  identifier: string,
  options: { readonly names?: readonly string[] | null; readonly withExpiry: boolean },
): FoundRecord | undefined {
  const record = readRecord(world, key, group, identifier);
  if (!record?.values) return undefined;
  const shown = Object.entries(record.values)
    .filter(([name]) => !options.names || options.names.includes(name))
    .map(([FeatureName, value]) =>
      typeof value === "string"
        ? { FeatureName, ValueAsString: value }
        : { FeatureName, ValueAsStringList: value },
    );
  return {
    Record: shown,
    ...(options.withExpiry && record.expiresAt !== undefined
      ? { ExpiresAt: new Date(record.expiresAt).toISOString().replace(/\.\d+Z$/, "Z") }
      : {}),
  };
}

interface DeleteRequest {
  readonly FeatureGroupName: string;
  readonly RecordIdentifierValueAsString: string;
  readonly EventTime: string;
  readonly TargetStores?: TargetStore[];
  readonly DeletionMode?: "SoftDelete" | "HardDelete";
}

/**
 * Removes the record online, unless it is newer than the deletion, and appends a row with `is_deleted` offline. A hard delete of a newer
 * record fails; a soft delete still appends its row.
 */
export function deleteRecord(world: World, call: Call, request: DeleteRequest): void {
  const group = usableGroup(world, call, "DeleteRecord", request.FeatureGroupName);
  const stores = targets(group, request.TargetStores);
  const key = group.online?.EnableOnlineStore ? onlineKey(world, call, group) : undefined;
  const identifier = request.RecordIdentifierValueAsString;
  if (identifier === "") throw invalid("RecordIdentifierValueAsString must not be empty.");
  const values = { [group.recordIdentifier]: identifier, [group.eventTime]: request.EventTime };
  checkRecord(
    group,
    Object.entries(values).map(([FeatureName, ValueAsString]) => ({ FeatureName, ValueAsString })),
  );
  const eventTime = checkEventTime(group, request.EventTime);
  if (stores.online && key) {
    if (request.DeletionMode === "HardDelete") {
      const present = readRecord(world, key, group, identifier);
      if (present && present.eventTime >= eventTime)
        throw invalid(
          `The EventTime ${request.EventTime} of the deletion must be later than the EventTime of the record in the OnlineStore.`,
        );
      removeRecord(world, group, identifier);
    } else if (readRecord(world, key, group, identifier)) {
      writeRecord(world, key, group, identifier, { eventTime, identifier });
    }
  }
  if (stores.offline)
    appendRow(world, group, { eventTime, invoked: world.now().getTime(), deleted: true, values });
}

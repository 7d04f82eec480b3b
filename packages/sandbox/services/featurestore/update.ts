/** UpdateRecord: changes some features of an existing record. Source: Feature Store runtime API reference, "UpdateRecord". */
import type { RecordValues } from "../../formats/parquet";
import { AwsError, type Call, type World } from "../../core";
import type { FeatureGroup, TtlDuration } from "../../core/featureGroups";
import { isUpdate, requireOnline, targets, usableGroup, type TargetStore } from "./group";
import { appendRow } from "./offline";
import { readRecord, replaceRecord, type OnlineRecord } from "./online";
import { onlineKey } from "./sealing";
import { checkRecord, expiry, invalid, type FeatureValue } from "./values";

const MOST_FEATURES = 100;

interface UpdateRequest {
  readonly FeatureGroupName: string;
  readonly RecordIdentifierValueAsString: string;
  readonly Features: readonly FeatureValue[];
  readonly TargetStores?: TargetStore[] | null;
  readonly TtlDuration?: TtlDuration | null;
}

/** @throws AwsError `ConflictException` (409) for an event time before the record's, `ResourceNotFound` (404) without a record */
export function updateRecord(world: World, call: Call, request: UpdateRequest): void {
  const names = request.Features.map(({ FeatureName }) => FeatureName);
  const group = usableGroup(world, call, "PutRecord", request.FeatureGroupName, isUpdate(names));
  requireOnline(group);
  const storage = group.online?.StorageType ?? "Standard";
  if (storage === "Standard")
    throw invalid(
      `UpdateRecord is not supported for the Standard online store of the FeatureGroup ${group.name}. It is available for Standard_V2 and InMemory.`,
    );
  if (names.length > MOST_FEATURES)
    throw invalid(`At most ${MOST_FEATURES} features can be updated at once.`);
  if (request.TtlDuration && !names.includes(group.eventTime))
    throw invalid("TtlDuration requires the EventTime feature in the request.");
  const stores = targets(group, request.TargetStores);
  const key = onlineKey(world, call, group);
  const identifier = request.RecordIdentifierValueAsString;
  const present = readRecord(world, key, group, identifier);
  if (!present?.values)
    throw new AwsError(
      "ResourceNotFound",
      `Resource Not Found: the FeatureGroup ${group.name} has no record with the given identifier.`,
      404,
    );
  const { eventTime, values } = merged(group, identifier, present.values, request.Features);
  if (eventTime < present.eventTime)
    throw new AwsError(
      "ConflictException",
      "The EventTime of the update is older than the EventTime of the record.",
      409,
    );
  const expiresAt = request.TtlDuration ? expiry(eventTime, request.TtlDuration) : later(present, eventTime);
  const record = { eventTime, values, ...(expiresAt === undefined ? {} : { expiresAt }) };
  if (stores.online) replaceRecord(world, key, group, identifier, record);
  if (stores.offline)
    appendRow(world, group, { eventTime, invoked: world.now().getTime(), deleted: false, values });
}

/** The existing record with the given features replaced, checked as a whole. @throws AwsError `ValidationError` */
function merged(
  group: FeatureGroup,
  identifier: string,
  values: RecordValues,
  features: readonly FeatureValue[],
): ReturnType<typeof checkRecord> {
  const given = new Set(features.map(({ FeatureName }) => FeatureName));
  const kept = Object.entries(values)
    .filter(([name]) => !given.has(name))
    .map(([FeatureName, value]) =>
      typeof value === "string"
        ? { FeatureName, ValueAsString: value }
        : { FeatureName, ValueAsStringList: value },
    );
  const record = checkRecord(group, [...kept, ...features]);
  if (record.identifier !== identifier)
    throw invalid(`The record identifier feature ${group.recordIdentifier} cannot be changed.`);
  return record;
}

/** The record keeps the length of its time to live. */
function later({ expiresAt, eventTime: before }: OnlineRecord, eventTime: number): number | undefined {
  return expiresAt === undefined ? undefined : eventTime + (expiresAt - before);
}

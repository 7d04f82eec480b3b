/** Rules for a record's features, their types, and its event time. Pure. Source: Feature Store runtime API reference, "PutRecord". */
import { AwsError } from "../../core";
import type { FeatureDefinition, FeatureGroup, TtlDuration } from "../../core/featureGroups";
import type { RecordValues } from "../../formats/parquet";

export interface FeatureValue {
  readonly FeatureName: string;
  readonly ValueAsString?: string | null;
  readonly ValueAsStringList?: string[] | null;
}

export interface CheckedRecord {
  readonly identifier: string;
  /** Milliseconds since 1970. */
  readonly eventTime: number;
  /** In the order of the definitions. */
  readonly values: RecordValues;
}

type Schema = Pick<FeatureGroup, "name" | "features" | "recordIdentifier" | "eventTime">;

/** The runtime's error for an invalid request: `ValidationError` (400). */
export function invalid(message: string): AwsError {
  return new AwsError("ValidationError", `Validation Error: ${message}`);
}

/** Identifier, event time and values of a valid record. @throws AwsError `ValidationError` */
export function checkRecord(group: Schema, record: readonly FeatureValue[]): CheckedRecord {
  const given = new Map<string, string | string[]>();
  for (const value of record) {
    const { FeatureName: name } = value;
    const feature = group.features.find(({ FeatureName }) => FeatureName === name);
    if (!feature) throw invalid(`FeatureName ${name} does not exist in the FeatureGroup ${group.name}.`);
    if (given.has(name)) throw invalid(`Duplicate FeatureName found in the Record: ${name}.`);
    given.set(name, checkValue(feature, value));
  }
  const identifier = required(group.recordIdentifier, "record identifier", given);
  const eventTime = checkEventTime(group, required(group.eventTime, "event time", given));
  const values: RecordValues = {};
  for (const { FeatureName } of group.features) {
    const value = given.get(FeatureName);
    if (value !== undefined) values[FeatureName] = value;
  }
  return { identifier, eventTime, values };
}

function required(name: string, role: string, given: ReadonlyMap<string, string | string[]>): string {
  const value = given.get(name);
  if (typeof value !== "string" || value === "")
    throw invalid(`The Record is missing a value for the ${role} feature ${name}.`);
  return value;
}

function checkValue(feature: FeatureDefinition, value: FeatureValue): string | string[] {
  const { FeatureName: name, CollectionType: collection } = feature;
  const single = value.ValueAsString ?? undefined;
  const many = value.ValueAsStringList ?? undefined;
  if ((single === undefined) === (many === undefined))
    throw invalid(
      `Exactly one of ValueAsString and ValueAsStringList must be provided for the feature ${name}.`,
    );
  if (single !== undefined) {
    if (collection) throw invalid(`The feature ${name} is a ${collection}: provide ValueAsStringList.`);
    checkType(feature, single);
    return single;
  }
  const list = many ?? [];
  if (!collection) throw invalid(`The feature ${name} is no collection: provide ValueAsString.`);
  for (const item of list) checkType(feature, item);
  if (collection === "Set" && new Set(list).size !== list.length)
    throw invalid(`The Set feature ${name} has duplicate values.`);
  const dimension = feature.CollectionConfig?.VectorConfig?.Dimension;
  if (collection === "Vector" && list.length !== dimension)
    throw invalid(`The Vector feature ${name} has ${list.length} values, and its Dimension is ${dimension}.`);
  return list;
}

const int64 = { minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n };

function checkType({ FeatureName, FeatureType }: FeatureDefinition, value: string): void {
  const fits =
    FeatureType === "String" ||
    (FeatureType === "Integral" ? isInt64(value) : decimal.test(value) && Number.isFinite(Number(value)));
  if (!fits)
    throw invalid(`The value ${value} of the feature ${FeatureName} cannot be parsed as ${FeatureType}.`);
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function isInt64(value: string): boolean {
  if (!/^[+-]?\d{1,19}$/.test(value)) return false;
  const number = BigInt(value.replace(/^\+/, ""));
  return number >= int64.minimum && number <= int64.maximum;
}

const isoTime = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{3})?Z$/;
/** 9999-12-31T23:59:59Z in seconds: the last time that partitions can name. */
const lastSecond = 253402300799;

/**
 * An event time in milliseconds since 1970: ISO 8601 `yyyy-MM-dd'T'HH:mm:ssZ`, with or without milliseconds, for a String
 * feature; Unix seconds for a Fractional one.
 * @throws AwsError `ValidationError`
 */
export function checkEventTime(group: Schema, value: string): number {
  const feature = group.features.find(({ FeatureName }) => FeatureName === group.eventTime);
  if (feature?.FeatureType === "Fractional") {
    const seconds = decimal.test(value) ? Number(value) : Number.NaN;
    if (!(seconds >= 0 && seconds <= lastSecond))
      throw invalid(
        `The event time ${value} of the feature ${group.eventTime} is invalid. It must be Unix time in seconds.`,
      );
    return seconds * 1000;
  }
  const time = isoTime.test(value) ? Date.parse(value) : Number.NaN;
  // Date.parse turns February 30 into March 2 in some engines and refuses it in others, so compare the day.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== value.slice(0, 10))
    throw invalid(
      `The event time ${value} of the feature ${group.eventTime} is invalid. ` +
        "It must be an ISO-8601 string in the format yyyy-MM-dd'T'HH:mm:ssZ or yyyy-MM-dd'T'HH:mm:ss.SSSZ.",
    );
  return time;
}

const unitSeconds = { Seconds: 1, Minutes: 60, Hours: 3600, Days: 86400, Weeks: 604800 } as const;

/** The end of a record's time to live in milliseconds since 1970, if it has one. */
export function expiry(eventTime: number, ttl: TtlDuration | null | undefined): number | undefined {
  if (!ttl?.Unit || ttl.Value === undefined) return undefined;
  return eventTime + ttl.Value * unitSeconds[ttl.Unit] * 1000;
}

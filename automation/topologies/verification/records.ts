/** The records that the verification writes and finds again. */
import { randomUUID } from "node:crypto";
import { DeleteRecordCommand, type FeatureValue } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import type { FeatureGroupSettings, FeatureSettings } from "../../../components/settings";
import type { Actor } from "./actor";

export interface ProbeRecord {
  readonly identifier: string;
  readonly record: FeatureValue[];
}

/** A record with a value of the right type for every feature, and a unique identifier. */
export function probeRecord(group: FeatureGroupSettings, now: Date = new Date()): ProbeRecord {
  const uuid = randomUUID();
  const values = new Map(group.features.map(({ name, type }) => [name, sampleValue(type, uuid)]));
  const eventType = group.features.find(({ name }) => name === group.eventTime)?.type;
  values.set(group.eventTime, eventTimeValue(eventType, now));
  return {
    identifier: values.get(group.recordIdentifier) ?? uuid,
    record: [...values].map(([FeatureName, ValueAsString]) => {
      const feature = group.features.find(({ name }) => name === FeatureName);
      return feature?.collection
        ? { FeatureName, ValueAsStringList: sampleList(feature, ValueAsString) }
        : { FeatureName, ValueAsString };
    }),
  };
}

/**
 * Fractional event times are Unix seconds, String ones ISO-8601: `yyyy-MM-dd'T'HH:mm:ssZ`. Source: "Feature Store concepts",
 * https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-concepts.html
 */
export function eventTimeValue(type: string | undefined, now: Date): string {
  return type === "Fractional"
    ? (now.getTime() / 1000).toFixed(3)
    : now.toISOString().replace(/\.\d+Z$/, "Z");
}

/** Deletes the record from the online store; in the offline store, the deletion adds a row. */
export async function deleteRecord(
  actor: Actor,
  FeatureGroupName: string,
  group: FeatureGroupSettings,
  { identifier }: ProbeRecord,
): Promise<void> {
  const type = group.features.find(({ name }) => name === group.eventTime)?.type;
  // Later than the record's own time: Feature Store refuses a delete that is not newer.
  const EventTime = eventTimeValue(type, new Date(Date.now() + 1000));
  const input = { FeatureGroupName, RecordIdentifierValueAsString: identifier, EventTime };
  await actor.records.send(new DeleteRecordCommand(input));
}

/** A collection with one value, or with as many as a vector's dimension. */
function sampleList({ collection, dimension = 1 }: FeatureSettings, value: string): string[] {
  return Array.from({ length: collection === "Vector" ? dimension : 1 }, () => value);
}

function sampleValue(type: string, uuid: string): string {
  // An Integral identifier must not equal a real one: a random number of 15 digits, which every client represents exactly.
  if (type === "Integral") return String(9e14 + (parseInt(uuid.replace(/-/g, "").slice(0, 11), 16) % 9e13));
  return type === "Fractional" ? "0.5" : `verification-${uuid}`;
}

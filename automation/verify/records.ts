/** The record that the verification writes, and that it is known by. */
import { randomUUID } from "node:crypto";
import type { FeatureValue } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import type { FeatureGroupSettings } from "../../components/settings";

export interface ProbeRecord {
  readonly identifier: string;
  readonly record: FeatureValue[];
}

/** A record with a value of the right type for every feature; its identifier occurs nowhere else. */
export function probeRecord(group: FeatureGroupSettings, now: Date = new Date()): ProbeRecord {
  const uuid = randomUUID();
  const values = new Map(group.features.map(({ name, type }) => [name, sampleValue(type, uuid)]));
  const eventType = group.features.find(({ name }) => name === group.eventTime)?.type;
  values.set(group.eventTime, eventTimeValue(eventType, now));
  return {
    identifier: values.get(group.recordIdentifier) ?? uuid,
    record: [...values].map(([FeatureName, ValueAsString]) => ({ FeatureName, ValueAsString })),
  };
}

/** Fractional event times are Unix seconds, String ones ISO-8601 (FACTS: `yyyy-MM-dd'T'HH:mm:ssZ`). */
export function eventTimeValue(type: string | undefined, now: Date): string {
  return type === "Fractional"
    ? (now.getTime() / 1000).toFixed(3)
    : now.toISOString().replace(/\.\d+Z$/, "Z");
}

function sampleValue(type: string, uuid: string): string {
  // An Integral identifier must not meet a real one: a random number of 15 digits, exact in every client.
  if (type === "Integral") return String(9e14 + (parseInt(uuid.replace(/-/g, "").slice(0, 11), 16) % 9e13));
  return type === "Fractional" ? "0.5" : `verification-${uuid}`;
}

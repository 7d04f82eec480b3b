/** Metrics in the store, by minute. Source: Amazon CloudWatch User Guide, "Metrics concepts". */
import type { Collection, Place, World } from "../../core";

/** Seconds. */
export const MINUTE = 60;
export interface Minute {
  /** Seconds since 1970, at its start. */
  readonly start: number;
  sum: number;
  count: number;
  minimum: number;
  maximum: number;
}

interface Metric {
  readonly account: string;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  minutes: Minute[];
}

export const metrics = ({ store }: World): Collection<Metric> =>
  store.collection<Metric>("monitoring.metrics");

/** A metric is its namespace, name and all of its dimensions. */
export function metricKey(
  { account, region }: Place,
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([account, region, namespace, name, sorted]);
}

/** Metrics, in minutes: what alarms are judged by. Source: Amazon CloudWatch User Guide, "Metrics concepts". */
import type { Collection, World } from "../../core";
import { evaluateAlarms } from "./evaluate";

/** Seconds. */
export const MINUTE = 60;
/** Minutes with data that are kept of a metric: a day, if each has some. */
const MOST_MINUTES = 1440;

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

interface Place {
  readonly account: string;
  readonly region: string;
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

/** Adds a value at `time` (now, without one), and has the alarms of the metric judged. */
export function putMetric(
  world: World,
  place: Place,
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  value: number,
  time: number = world.now().getTime() / 1000,
): void {
  const key = metricKey(place, namespace, name, dimensions);
  const { account, region } = place;
  const metric = metrics(world).get(key) ?? { account, region, namespace, name, dimensions, minutes: [] };
  const start = Math.floor(time / MINUTE) * MINUTE;
  const minute = metric.minutes.find((each) => each.start === start);
  if (minute) {
    minute.sum += value;
    minute.count++;
    minute.minimum = Math.min(minute.minimum, value);
    minute.maximum = Math.max(minute.maximum, value);
  } else {
    metric.minutes.push({ start, sum: value, count: 1, minimum: value, maximum: value });
    metric.minutes.sort((a, b) => a.start - b.start);
    metric.minutes = metric.minutes.slice(-MOST_MINUTES);
  }
  metrics(world).set(key, metric);
  evaluateAlarms(world, key);
}

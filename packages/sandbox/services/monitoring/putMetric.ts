/** Adds a value to a metric, and evaluates its alarms. */
import type { Place, World } from "../../core";
import { evaluateAlarms } from "./evaluate";
import { metricKey, metrics, MINUTE } from "./metrics";

/** Maximum number of minutes with data that a metric keeps: one day, if every minute has data. */
const MOST_MINUTES = 1440;

/** Adds a value at `time` (default: now), and evaluates the metric's alarms. */
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

/** Lengths of the stores' prefixes. */
import type { ValidationError } from "./errors";
import { prefixTooLong } from "./prefixLength";
import { rawStores, type RawSettings } from "./schema";

/** As Feature Store names an object: `year=2026/month=01/day=31/hour=12/20260131T120000Z_<16 characters>.parquet`. */
const OFFLINE_OBJECT = "year=2026/month=01/day=31/hour=12/20260131T120000Z_1234567890123456.parquet";
/** As Feature Store names an object of an Iceberg table whose event time is the feature. */
const icebergObject = (eventTime: string) =>
  `12345678/${eventTime}_trunc=2026-01-31/20260131T120000Z_1234567890123456.parquet`;

/** Feature Store's objects in the offline buckets. */
export function* storePrefixes(settings: RawSettings): Iterable<ValidationError> {
  for (const { setting, store, account } of rawStores(settings)) {
    if (!account) continue;
    const within = `/${account.id}/sagemaker/${account.region}/offline-store/`;
    const added = store.featureGroups.map((group) => {
      const object = group.tableFormat === "Iceberg" ? icebergObject(group.eventTime) : OFFLINE_OBJECT;
      return `${within}${group.name}-1234567890/data/${object}`.length;
    });
    yield* prefixTooLong(`${setting}.prefix`, store.prefix, Math.max(...added), "Feature Store");
  }
}

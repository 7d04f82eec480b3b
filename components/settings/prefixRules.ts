/** Lengths of the stores' prefixes. */
import type { ValidationError } from "./errors";
import { prefixTooLong } from "./prefixLength";
import { rawStores, type RawSettings } from "./schema";

/** The form of Feature Store's object names: `year=2026/month=01/day=31/hour=12/20260131T120000Z_<16 characters>.parquet`. */
const OFFLINE_OBJECT = "year=2026/month=01/day=31/hour=12/20260131T120000Z_1234567890123456.parquet";
/** The form of Feature Store's object names in an Iceberg table with this event time feature. */
const icebergObject = (eventTime: string) =>
  `12345678/${eventTime}_trunc=2026-01-31/20260131T120000Z_1234567890123456.parquet`;

/** The lengths that Feature Store's objects in the offline buckets allow. */
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

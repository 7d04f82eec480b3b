/** Lengths of prefixes: an object's key has at most 1,024 bytes, and services add to the prefix. Source: S3, "Naming Amazon S3 objects". */
import type { SettingsFault } from "./errors";
import type { RawSettings } from "./schema";

const KEY_BYTES = 1024;
/** As Feature Store names an object: `year=2026/month=01/day=31/hour=12/20260131T120000Z_<16 characters>.parquet`. */
const OFFLINE_OBJECT = "year=2026/month=01/day=31/hour=12/20260131T120000Z_1234567890123456.parquet";
/** As Feature Store names an object of an Iceberg table whose event time is the feature. */
const icebergObject = (eventTime: string) =>
  `12345678/${eventTime}_trunc=2026-01-31/20260131T120000Z_1234567890123456.parquet`;
/** As Athena names what belongs to a result: `<query's ID>-manifest.csv` is the longest. */
const RESULT_OBJECT = "12345678-1234-1234-1234-123456789012-manifest.csv";

export function* prefixFaults(settings: RawSettings): Iterable<SettingsFault> {
  const { accountA, accountB, offlineStore, centralStore, consumers } = settings;
  const stores = [
    ["offlineStore", offlineStore, accountA],
    ["centralStore", centralStore, accountB],
  ] as const;
  for (const [name, store, account] of stores) {
    if (!store || !account) continue;
    const within = `/${account.id}/sagemaker/${account.region}/offline-store/`;
    const added = store.featureGroups.map((group) => {
      const object = group.tableFormat === "Iceberg" ? icebergObject(group.eventTime) : OFFLINE_OBJECT;
      return `${within}${group.name}-1234567890/data/${object}`.length;
    });
    yield* tooLong(`${name}.prefix`, store.prefix, Math.max(...added), "Feature Store");
  }
  for (const [name, { resultsBucket }] of Object.entries(consumers)) {
    const path = `consumers.${name}.resultsBucket.prefix`;
    yield* tooLong(path, resultsBucket.prefix, `/${RESULT_OBJECT}`.length, "Athena");
  }
}

function* tooLong(path: string, prefix: string, added: number, service: string): Iterable<SettingsFault> {
  const most = KEY_BYTES - added;
  if (prefix.length > most)
    yield {
      path,
      message: `has ${prefix.length} characters: at most ${most}, as ${service} adds ${added} and an object's key has at most ${KEY_BYTES}`,
    };
}

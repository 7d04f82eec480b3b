/** The places where an environment's feature groups leave objects and tables. Pure. */
import type { Settings } from "../../../components/settings";
import { storesOf } from "../../../components/topologies";
import type { MadeGroup } from "./journal";

/** A place where groups of one account write, each to a folder `NAME-EPOCH/` below `prefix`. */
export interface Place {
  readonly groupsAccount: string;
  readonly bucketAccount: string;
  readonly bucket: string;
  /** `prefix/ACCOUNT/sagemaker/REGION/offline-store/` */
  readonly prefix: string;
  /** Names of the groups in the settings, now or when they were recorded. */
  readonly names: ReadonlySet<string>;
  /** Databases of the Glue Data Catalog with the groups' tables. */
  readonly databases: ReadonlySet<string>;
}

const DATABASE = "sagemaker_featurestore";

export function placesOf(settings: Settings, made: readonly MadeGroup[]): Place[] {
  const places = new Map<string, Place>();
  const add = (place: Place) => {
    const key = `${place.groupsAccount} ${place.bucket}/${place.prefix}`;
    const before = places.get(key);
    places.set(key, {
      ...place,
      names: new Set([...(before?.names ?? []), ...place.names]),
      databases: new Set([...(before?.databases ?? []), ...place.databases]),
    });
  };
  for (const { account, bucketAccount, place, settings: store } of storesOf(settings)) {
    const own = store.prefix === "" ? "" : `${store.prefix}/`;
    add({
      groupsAccount: account,
      bucketAccount,
      bucket: store.bucketName,
      prefix: `${own}${place.id}/sagemaker/${place.region}/offline-store/`,
      names: new Set(store.featureGroups.map(({ name }) => name)),
      databases: new Set([
        DATABASE,
        ...store.featureGroups.flatMap(({ dataCatalog }) => dataCatalog?.database ?? []),
      ]),
    });
  }
  for (const { name, account, accountId, s3Uri, table } of made) {
    const folder = s3Uri === undefined ? undefined : folderOf(s3Uri);
    // An account that was removed from the settings cannot be entered; with another ID, it is another account.
    if (!folder || settings.accounts[account]?.id !== accountId) continue;
    const prefix = folder.prefix.slice(0, folder.prefix.slice(0, -1).lastIndexOf("/") + 1);
    const databases = new Set([table?.database ?? DATABASE]);
    add({
      groupsAccount: account,
      bucketAccount: "B",
      bucket: folder.bucket,
      prefix,
      names: new Set([name]),
      databases,
    });
  }
  return [...places.values()];
}

/** The folder of one group: `s3://bucket/.../NAME-EPOCH/data` -> bucket and `.../NAME-EPOCH/`. */
export function folderOf(location: string): { bucket: string; prefix: string; group: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/((?:.*\/)?offline-store\/([^/]+)-\d+\/)/.exec(`${location}/`);
  return match ? { bucket: match[1] ?? "", prefix: match[2] ?? "", group: match[3] ?? "" } : undefined;
}

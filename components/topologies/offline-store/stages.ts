/** The stages of topology offline-store. */
import { accountOf } from "../../settings/types";
import { defineStage, type Stage } from "../../stage";
import { wiredKey } from "../../storeKey";
import { watchedBucket, watchedGroups, watchedKeys, watchedRole } from "../../watched";
import { FeatureGroups } from "./featureGroups";
import { ref } from "./kinds";
import { OfflineBucket } from "./offlineBucket";
import type { OfflineStoreSettings } from "./settings";
import { Writer, WRITER, WRITER_ROLE } from "./writer";

export function stages(store: OfflineStoreSettings): readonly Stage[] {
  return [writer(store), offlineBucket(store), featureGroups(store)];
}

const writer = (store: OfflineStoreSettings) =>
  defineStage({
    is: ref("writer"),
    account: "A",
    watched: (place, { roleArn, keyArn, onlineKeyArn }) => [
      ...watchedKeys(place, store.keys, { online: onlineKeyArn, offline: keyArn }),
      watchedRole(place, WRITER_ROLE, roleArn),
    ],
    program({ settings, place, options }) {
      const readerAccount = accountOf(settings, "B");
      return new Writer(WRITER, { ...settings, store, place, readerAccount }, options()).outputs;
    },
  });

const offlineBucket = (store: OfflineStoreSettings) =>
  defineStage({
    is: ref("offlineBucket"),
    account: "B",
    needs: { writer: ref("writer") },
    watched: (place, { bucketArn }) => [watchedBucket(place, store.bucketName, bucketArn)],
    program: ({ settings, options }, { writer }) =>
      new OfflineBucket("offline-bucket", { ...settings, store, writer }, options()).outputs,
  });

const featureGroups = (store: OfflineStoreSettings) =>
  defineStage({
    is: ref("featureGroups"),
    account: "A",
    needs: { writer: ref("writer"), bucket: ref("offlineBucket") },
    featureGroups: store.featureGroups,
    watched: (place, given) => watchedGroups(place, store.featureGroups, given.featureGroups),
    program({ settings, place, options }, given) {
      const onlineKeyArn = wiredKey("writer", store.keys.online, given.writer.onlineKeyArn);
      const bucketAccount = accountOf(settings, "B");
      const args = { ...settings, ...given, store, place, onlineKeyArn, bucketAccount };
      return new FeatureGroups("feature-groups", args, options()).outputs;
    },
  });

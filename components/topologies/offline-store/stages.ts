/** The stages of topology offline-store. */
import { accountOf } from "../../settings/types";
import { defineStage, type Stage } from "../../stage";
import { wiredKey } from "../../storeKey";
import { watchedBucket, watchedGroups, watchedKeys, watchedRole } from "../../watched";
import { bucketFacts } from "./facts";
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
    watched(settings, { roleArn, keyArn, onlineKeyArn }) {
      const place = accountOf(settings, "A");
      return [
        ...watchedKeys(place, store.keys, { online: onlineKeyArn, offline: keyArn }),
        watchedRole(place, WRITER_ROLE, roleArn),
      ];
    },
    program({ settings, accounts }) {
      const { policyMode, protectData, verification } = settings;
      const component = new Writer(
        WRITER,
        {
          store,
          place: accountOf(settings, "A"),
          readerAccountId: accountOf(settings, "B").id,
          trustDeployer: verification.trustDeployer,
          policyMode,
          protectData,
        },
        { providers: [accounts.provider("A")] },
      );
      return component.contract();
    },
  });

const offlineBucket = (store: OfflineStoreSettings) =>
  defineStage({
    is: ref("offlineBucket"),
    account: "B",
    needs: { writer: ref("writer") },
    watched: (settings, { bucketArn }) => [
      watchedBucket(accountOf(settings, "B"), store.bucketName, bucketArn),
    ],
    program({ settings, accounts }, given) {
      const { policyMode, protectData } = settings;
      const { bucketName, noncurrentVersionDays } = store;
      const component = new OfflineBucket(
        "offline-bucket",
        { bucketName, ...bucketFacts(store, given.writer), noncurrentVersionDays, policyMode, protectData },
        { providers: [accounts.provider("B")] },
      );
      return { bucketName: component.bucketName, bucketArn: component.bucketArn };
    },
  });

const featureGroups = (store: OfflineStoreSettings) =>
  defineStage({
    is: ref("featureGroups"),
    account: "A",
    needs: { writer: ref("writer"), bucket: ref("offlineBucket") },
    featureGroups: store.featureGroups,
    watched: (settings, given) =>
      watchedGroups(accountOf(settings, "A"), store.featureGroups, given.featureGroups),
    program({ settings, accounts }, given) {
      const { policyMode, protectData } = settings;
      const component = new FeatureGroups(
        "feature-groups",
        {
          ...given,
          store,
          place: accountOf(settings, "A"),
          onlineKeyArn: wiredKey("writer", store.keys.online, given.writer.onlineKeyArn),
          bucketAccountId: accountOf(settings, "B").id,
          policyMode,
          protectData,
        },
        { providers: [accounts.provider("A")] },
      );
      return { featureGroups: component.featureGroups };
    },
  });

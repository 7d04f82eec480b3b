/** Topology offline-store as stages: account A's feature groups write their offline store into account B's bucket. */
import {
  contracts,
  decodeContract,
  type OfflineBucketContract,
  type Wired,
  type WriterContract,
} from "../../contracts";
import { icebergTables } from "../../policies/iceberg";
import { accountOf, type OfflineStoreSettings } from "../../settings";
import type { Stage } from "../../stage";
import { wiredKey } from "../../storeKey";
import { FeatureGroups } from "./featureGroups";
import { OfflineBucket } from "./offlineBucket";
import { Writer } from "./writer";

export function offlineStoreStages(offlineStore: OfflineStoreSettings): readonly Stage[] {
  return [writer(offlineStore), offlineBucket(offlineStore), featureGroups(offlineStore)];
}

const writer = (offlineStore: OfflineStoreSettings): Stage => ({
  name: "writer",
  account: "A",
  needs: [],
  program({ settings, accounts }) {
    const A = accountOf(settings, "A");
    const { policyMode, protectData, verification } = settings;
    const component = new Writer(
      "writer",
      {
        partition: A.partition,
        region: A.region,
        accountId: A.id,
        readerAccountId: accountOf(settings, "B").id,
        additionalWriterRoleArns: [...offlineStore.additionalWriterRoleArns],
        keyAdministrators: [...offlineStore.keyAdministrators],
        verifierRoleArn: verification.trustDeployer ? A.deployerRoleArn : undefined,
        keys: offlineStore.keys,
        keyDeletionWindowDays: offlineStore.keyDeletionWindowDays,
        policyMode,
        protectData,
      },
      { providers: [accounts.provider("A")] },
    );
    return component.contract();
  },
  decode: (raw) => decodeContract("writer", contracts.writer, raw),
});

const offlineBucket = (offlineStore: OfflineStoreSettings): Stage => ({
  name: "offlineBucket",
  account: "B",
  needs: ["writer"],
  program({ settings, accounts }, inputs) {
    const { roleArn, roleId, keyArn } = inputs["writer"] as Wired<WriterContract>;
    const { policyMode, protectData } = settings;
    const component = new OfflineBucket(
      "offline-bucket",
      {
        bucketName: offlineStore.bucketName,
        prefix: offlineStore.prefix,
        writerRoleArns: [roleArn, ...offlineStore.additionalWriterRoleArns],
        writerRoleId: roleId,
        keyArn,
        noncurrentVersionDays: offlineStore.noncurrentVersionDays,
        iceberg: icebergTables(offlineStore.featureGroups).length > 0,
        policyMode,
        protectData,
      },
      { providers: [accounts.provider("B")] },
    );
    return { bucketName: component.bucketName, bucketArn: component.bucketArn };
  },
  decode: (raw) => decodeContract("offlineBucket", contracts.offlineBucket, raw),
});

const featureGroups = (offlineStore: OfflineStoreSettings): Stage => ({
  name: "featureGroups",
  account: "A",
  needs: ["writer", "offlineBucket"],
  featureGroups: offlineStore.featureGroups,
  program({ settings, accounts }, inputs) {
    const { roleArn, roleId, keyArn, onlineKeyArn } = inputs["writer"] as Wired<WriterContract>;
    const { bucketName, bucketArn } = inputs["offlineBucket"] as Wired<OfflineBucketContract>;
    const { policyMode, protectData } = settings;
    const { partition, region, id } = accountOf(settings, "A");
    const component = new FeatureGroups(
      "feature-groups",
      {
        writerRoleArn: roleArn,
        writerRoleId: roleId,
        glueArn: `arn:${partition}:glue:${region}:${id}`,
        keyArn,
        onlineKeyArn: wiredKey("writer", offlineStore.keys.online, onlineKeyArn),
        bucketName,
        bucketArn,
        bucketAccountId: accountOf(settings, "B").id,
        prefix: offlineStore.prefix,
        featureGroups: offlineStore.featureGroups,
        policyMode,
        protectData,
      },
      { providers: [accounts.provider("A")] },
    );
    return { featureGroups: component.featureGroups };
  },
  decode: (raw) => decodeContract("featureGroups", contracts.featureGroups, raw),
});

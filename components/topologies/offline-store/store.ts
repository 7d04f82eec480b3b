/** The store of topology offline-store: feature groups of account A, a bucket of account B. */
import { all, mapped } from "../../stage";
import { wiredKey } from "../../storeKey";
import type { Store } from "../../topology";
import { ref } from "./kinds";
import type { OwnSettings, shape } from "./settings";
import { WRITER_ROLE } from "./writer";

const needs = all({
  writer: ref("writer"),
  offlineBucket: ref("offlineBucket"),
  featureGroups: ref("featureGroups"),
});

export const store: Store<typeof shape, OwnSettings> = {
  setting: "offlineStore",
  account: "A",
  bucketAccount: "B",
  stages: { role: "writer", bucket: "offlineBucket", groups: "featureGroups" },
  roleName: WRITER_ROLE,
  onlineKey: "aws",
  refusals: {
    inMemory:
      "InMemory has no offline store, which this topology is for: set storageType: Standard, or move the group to centralStore with offlineStore: false",
    noOfflineStore:
      "this topology is about the offline store: leave it on, or move the group to centralStore",
    awsKey:
      "aws cannot work across accounts: the AWS managed key of Amazon S3 lets only its own account in, and its policy " +
      "cannot be changed, so that account A could not write what account B can read. Use own, or the ARN of a key of account A",
  },
  profileProblem: (profile, account) =>
    account === "B" && (profile === "producer" || profile === "administrator")
      ? `is B, which has only the bucket: the feature groups that a ${profile} works with are in account A`
      : undefined,
  raw: ({ offlineStore }) => offlineStore,
  of: ({ offlineStore }) => offlineStore,
  outputs: mapped(needs, ({ writer, offlineBucket, featureGroups }) => ({ offlineStore }) => ({
    featureGroups: featureGroups.featureGroups,
    bucketArn: offlineBucket.bucketArn,
    roleArn: writer.roleArn,
    onlineKeyArn: wiredKey("writer", offlineStore?.keys.online ?? "aws", writer.onlineKeyArn),
    offlineKeyArn: writer.keyArn,
  })),
};

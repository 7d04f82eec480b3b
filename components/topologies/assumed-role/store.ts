/** The store of topology assumed-role: the central store, entirely in account B. */
import { mapped } from "../../stage";
import { wiredKey } from "../../storeKey";
import type { Store } from "../../topology";
import { CENTRAL_STORE_ROLE } from "./centralStore";
import { ref } from "./kinds";
import type { OwnSettings, shape } from "./settings";

export const store: Store<typeof shape, OwnSettings> = {
  setting: "centralStore",
  account: "B",
  bucketAccount: "B",
  stages: { role: "centralStore", bucket: "centralStore", groups: "centralStore" },
  roleName: CENTRAL_STORE_ROLE,
  onlineKey: "own",
  refusals: {
    inMemory: "InMemory has no offline store beside it: set offlineStore: false, or storageType: Standard",
  },
  profileProblem: (_, account) =>
    account === "A"
      ? "is A, but the central store is account B's: leave it out, or define a consumer instead, which reaches the store from account A"
      : undefined,
  raw: ({ centralStore }) => centralStore,
  of: ({ centralStore }) => centralStore,
  outputs: mapped(
    ref("centralStore"),
    ({ featureGroups, bucketArn, roleArn, ...given }) =>
      ({ centralStore }) => {
        const { online = "aws", offline = "aws" } = centralStore?.keys ?? {};
        return {
          featureGroups,
          bucketArn,
          roleArn,
          onlineKeyArn: wiredKey("centralStore", online, given.onlineKeyArn),
          offlineKeyArn: wiredKey("centralStore", offline, given.offlineKeyArn),
        };
      },
  ),
};

/** The stages of topology assumed-role: the central store, and for each consumer its own side, account B's role, and the permissions. */
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../../settings/types";
import { defineStage, type Stage } from "../../stage";
import { watchedBucket, watchedGroups, watchedKeys, watchedRole } from "../../watched";
import { effectiveAccess } from "./access";
import { CENTRAL_STORE, CENTRAL_STORE_ROLE, CentralStore } from "./centralStore";
import { Consumer, consumerName, executionRoleName } from "./consumer";
import { ConsumerGrants } from "./consumerGrants";
import { CrossAccountRole, crossAccountName, crossAccountRoleName } from "./crossAccountRole";
import { ref, type CentralStoreContract } from "./kinds";
import { planAccess } from "./policies/accessPlan";
import { plannedAccess } from "./quotas";
import type { CentralStoreSettings, ConsumerSettings } from "./settings";

export function stages(
  store: CentralStoreSettings,
  consumers: readonly ConsumerSettings[],
): readonly Stage[] {
  return [
    centralStore(store),
    ...consumers.flatMap((each) => [
      consumerSide(each),
      crossAccountRole(store, each),
      consumerGrants(store, each),
    ]),
  ];
}

const centralStore = (store: CentralStoreSettings) =>
  defineStage({
    is: ref("centralStore"),
    account: "B",
    featureGroups: store.featureGroups,
    watched: (place, { onlineKeyArn, offlineKeyArn, bucketArn, roleArn, featureGroups }) => [
      ...watchedKeys(place, store.keys, { online: onlineKeyArn, offline: offlineKeyArn }),
      watchedBucket(place, store.bucketName, bucketArn),
      watchedRole(place, CENTRAL_STORE_ROLE, roleArn),
      ...watchedGroups(place, store.featureGroups, featureGroups),
    ],
    program: ({ settings, place, options }) =>
      new CentralStore(CENTRAL_STORE, { ...settings, store, place }, options()).outputs,
  });

const consumerSide = (consumer: ConsumerSettings) =>
  defineStage({
    is: ref("consumer", consumer.name),
    account: consumer.account,
    watched: (place, { executionRoleArn, resultsBucketArn }) => [
      watchedRole(place, consumer.executionRoleArn ?? executionRoleName(consumer.name), executionRoleArn),
      watchedBucket(place, consumer.resultsBucket.name, resultsBucketArn),
    ],
    program({ settings, place, options }) {
      // Only the results bucket has a region, and it has to be the store's.
      const { region } = accountOf(settings, "B");
      const args = { ...settings, consumer, place, region };
      return new Consumer(consumerName(consumer.name), args, options(region)).outputs;
    },
  });

const crossAccountRole = (store: CentralStoreSettings, consumer: ConsumerSettings) =>
  defineStage({
    is: ref("crossAccountRole", consumer.name),
    account: "B",
    needs: { centralStore: ref("centralStore"), consumerSide: ref("consumer", consumer.name) },
    watched: (place, { roleArn }) => [watchedRole(place, crossAccountRoleName(consumer.name), roleArn)],
    program({ settings, options }, given) {
      const plan = planAccess(plannedAccess(settings, store, consumer));
      const args = { ...given, settings, store, consumer, plan };
      return new CrossAccountRole(crossAccountName(consumer.name), args, options()).outputs;
    },
  });

const consumerGrants = (store: CentralStoreSettings, consumer: ConsumerSettings) =>
  defineStage({
    is: ref("consumerGrants", consumer.name),
    account: consumer.account,
    needs: {
      centralStore: ref("centralStore"),
      consumerSide: ref("consumer", consumer.name),
      crossAccountRole: ref("crossAccountRole", consumer.name),
    },
    program({ settings, place, options }, given) {
      const { roleArn, workgroup, resultsLocation } = given.crossAccountRole;
      const { name, externalId } = consumer;
      const storePlace = accountOf(settings, "B");
      const { region } = storePlace;
      // Includes access by tags: the consumer gets results of every query.
      const access = effectiveAccess({ ...settings, centralStore: store }, consumer);
      const queries = Object.values(access).some((permissions) => permissions.includes("readOffline"));
      const args = { ...settings, ...given, consumer, queries, place, storePlace };
      const { requiredBucketPolicy } = new ConsumerGrants(`consumer-grants-${name}`, args, options(region));
      return {
        executionRoleArn: given.consumerSide.executionRoleArn,
        ...{ roleArn, workgroup, resultsLocation },
        ...(externalId === undefined ? {} : { externalId: pulumi.output(externalId) }),
        region: pulumi.output(region),
        featureGroups: given.centralStore.featureGroups.apply((groups) => groupsOf(access, groups)),
        ...(requiredBucketPolicy === undefined ? {} : { requiredBucketPolicy }),
      };
    },
  });

/** The feature groups that the consumer has permissions on. */
function groupsOf(access: ReturnType<typeof effectiveAccess>, groups: CentralStoreContract["featureGroups"]) {
  return Object.fromEntries(
    Object.entries(access).flatMap(([name, permissions]) => {
      const group = groups[name];
      if (!group) return [];
      const { arn, table } = group;
      return [[name, { arn, ...(table ? { table } : {}), access: [...permissions] }]];
    }),
  );
}

/** The stages of topology assumed-role: the central store, and for each consumer its side, account B's role, and the permissions. */
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
    watched(settings, { onlineKeyArn, offlineKeyArn, bucketArn, roleArn, featureGroups }) {
      const place = accountOf(settings, "B");
      return [
        ...watchedKeys(place, store.keys, { online: onlineKeyArn, offline: offlineKeyArn }),
        watchedBucket(place, store.bucketName, bucketArn),
        watchedRole(place, CENTRAL_STORE_ROLE, roleArn),
        ...watchedGroups(place, store.featureGroups, featureGroups),
      ];
    },
    program({ settings, accounts }) {
      const { policyMode, protectData } = settings;
      const component = new CentralStore(
        CENTRAL_STORE,
        { store, place: accountOf(settings, "B"), policyMode, protectData },
        { providers: [accounts.provider("B")] },
      );
      return component.contract();
    },
  });

const consumerSide = (consumer: ConsumerSettings) =>
  defineStage({
    is: ref("consumer", consumer.name),
    account: consumer.account,
    watched(settings, { executionRoleArn, resultsBucketArn }) {
      const place = accountOf(settings, consumer.account);
      const role = consumer.executionRoleArn ?? executionRoleName(consumer.name);
      return [
        watchedRole(place, role, executionRoleArn),
        watchedBucket(place, consumer.resultsBucket.name, resultsBucketArn),
      ];
    },
    program({ settings, accounts }) {
      const { partition, deployerRoleArn } = accountOf(settings, consumer.account);
      const { region } = accountOf(settings, "B");
      const { policyMode, protectData, verification } = settings;
      const verifierRoleArn = verification.trustDeployer ? deployerRoleArn : undefined;
      const component = new Consumer(
        consumerName(consumer.name),
        { partition, region, consumer, verifierRoleArn, policyMode, protectData },
        // Only the results bucket is of a region, and it has to be in the store's.
        { providers: [accounts.provider(consumer.account, region)] },
      );
      return component.contract();
    },
  });

const crossAccountRole = (store: CentralStoreSettings, consumer: ConsumerSettings) =>
  defineStage({
    is: ref("crossAccountRole", consumer.name),
    account: "B",
    needs: { centralStore: ref("centralStore"), consumerSide: ref("consumer", consumer.name) },
    watched: (settings, { roleArn }) => [
      watchedRole(accountOf(settings, "B"), crossAccountRoleName(consumer.name), roleArn),
    ],
    program({ settings, accounts }, given) {
      const plan = planAccess(plannedAccess(settings, store, consumer));
      const component = new CrossAccountRole(
        crossAccountName(consumer.name),
        { settings, store, consumer, plan, ...given },
        { providers: [accounts.provider("B")] },
      );
      return component.contract();
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
    program(
      { settings, accounts },
      { centralStore: { featureGroups }, consumerSide: side, crossAccountRole: role },
    ) {
      const { name, account, externalId } = consumer;
      const { id: accountId, partition } = accountOf(settings, account);
      const { id: storeAccountId, region } = accountOf(settings, "B");
      // By tags too: the consumer gets results of whatever it queries.
      const access = effectiveAccess({ ...settings, centralStore: store }, consumer);
      const { policyMode } = settings;
      const { requiredBucketPolicy } = new ConsumerGrants(
        `consumer-grants-${name}`,
        {
          ...{ partition, accountId, storeAccountId, region, policyMode },
          consumer: { ...consumer, access },
          consumerSide: side,
          crossAccountRole: role,
        },
        { providers: [accounts.provider(account, region)] },
      );
      return {
        executionRoleArn: side.executionRoleArn,
        roleArn: role.roleArn,
        ...(externalId === undefined ? {} : { externalId: pulumi.output(externalId) }),
        region: pulumi.output(region),
        workgroup: role.workgroup,
        resultsLocation: role.resultsLocation,
        featureGroups: featureGroups.apply((groups) => groupsOf(access, groups)),
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

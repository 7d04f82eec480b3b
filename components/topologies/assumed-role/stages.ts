/** Topology assumed-role as stages: account B's central store, and for each consumer its side, B's role, and the grants. */
import * as pulumi from "@pulumi/pulumi";
import {
  contracts,
  decodeContract,
  type CentralStoreContract,
  type ConsumerContract,
  type CrossAccountRoleContract,
  type Wired,
} from "../../contracts";
import {
  accountOf,
  effectiveAccess,
  type CentralStoreSettings,
  type ConsumerSettings,
  type Settings,
} from "../../settings";
import type { Stage } from "../../stage";
import { CentralStore } from "./centralStore";
import { Consumer } from "./consumer";
import { ConsumerGrants } from "./consumerGrants";
import { CrossAccountRole } from "./crossAccountRole";

export function assumedRoleStages(
  store: CentralStoreSettings,
  consumers: readonly ConsumerSettings[],
): readonly Stage[] {
  return [
    centralStore(store),
    ...consumers.flatMap((each) => [consumer(each), crossAccountRole(each), consumerGrants(each)]),
  ];
}

const centralStore = (store: CentralStoreSettings): Stage => ({
  name: "centralStore",
  account: "B",
  needs: [],
  featureGroups: store.featureGroups,
  program({ settings, accounts }) {
    const { partition, region, id: accountId } = accountOf(settings, "B");
    const { policyMode, protectData } = settings;
    const component = new CentralStore(
      "central-store",
      { ...store, partition, region, accountId, policyMode, protectData },
      { providers: [accounts.provider("B")] },
    );
    return component.contract();
  },
  decode: (raw) => decodeContract("centralStore", contracts.centralStore, raw),
});

/** The names of a consumer's three stages. */
const stageNames = ({ name }: Pick<ConsumerSettings, "name">) => ({
  side: `consumer:${name}`,
  role: `crossAccountRole:${name}`,
  grants: `consumerGrants:${name}`,
});

const consumer = (each: ConsumerSettings): Stage => ({
  name: stageNames(each).side,
  account: each.account,
  consumer: each.name,
  needs: [],
  program({ settings, accounts }) {
    const { partition, deployerRoleArn } = accountOf(settings, each.account);
    const { region } = accountOf(settings, "B");
    const { policyMode, protectData, verification } = settings;
    const verifierRoleArn = verification.trustDeployer ? deployerRoleArn : undefined;
    const component = new Consumer(
      `consumer-${each.name}`,
      { partition, region, consumer: each, verifierRoleArn, policyMode, protectData },
      // Only the results bucket is of a region, and it has to be in the store's.
      { providers: [accounts.provider(each.account, region)] },
    );
    return component.contract();
  },
  decode: (raw) => decodeContract(stageNames(each).side, contracts.consumer, raw),
});

const crossAccountRole = (each: ConsumerSettings): Stage => ({
  name: stageNames(each).role,
  account: "B",
  consumer: each.name,
  needs: ["centralStore", stageNames(each).side],
  program({ settings, accounts }, inputs) {
    const component = new CrossAccountRole(
      `cross-account-${each.name}`,
      {
        settings,
        consumer: each,
        centralStore: inputs["centralStore"] as Wired<CentralStoreContract>,
        consumerSide: inputs[stageNames(each).side] as Wired<ConsumerContract>,
      },
      { providers: [accounts.provider("B")] },
    );
    return component.contract();
  },
  decode: (raw) => decodeContract(stageNames(each).role, contracts.crossAccountRole, raw),
});

const consumerGrants = (each: ConsumerSettings): Stage => ({
  name: stageNames(each).grants,
  account: each.account,
  consumer: each.name,
  needs: ["centralStore", stageNames(each).side, stageNames(each).role],
  program({ settings, accounts }, inputs) {
    const store = inputs["centralStore"] as Wired<CentralStoreContract>;
    const consumerSide = inputs[stageNames(each).side] as Wired<ConsumerContract>;
    const role = inputs[stageNames(each).role] as Wired<CrossAccountRoleContract>;
    const { id: accountId, partition } = accountOf(settings, each.account);
    const { id: storeAccountId, region } = accountOf(settings, "B");
    const { policyMode } = settings;
    const { requiredBucketPolicy } = new ConsumerGrants(
      `consumer-grants-${each.name}`,
      {
        partition,
        // By tags too: what it queries, it gets results of.
        consumer: { ...each, access: effectiveAccess(settings, each) },
        accountId,
        storeAccountId,
        region,
        consumerSide,
        crossAccountRole: role,
        policyMode,
      },
      { providers: [accounts.provider(each.account, region)] },
    );
    return {
      executionRoleArn: consumerSide.executionRoleArn,
      roleArn: role.roleArn,
      ...(each.externalId === undefined ? {} : { externalId: pulumi.output(each.externalId) }),
      region: pulumi.output(region),
      workgroup: role.workgroup,
      resultsLocation: role.resultsLocation,
      featureGroups: store.featureGroups.apply((groups) => grantedGroups(settings, each, groups)),
      ...(requiredBucketPolicy === undefined ? {} : { requiredBucketPolicy }),
    };
  },
  decode: (raw) => decodeContract(stageNames(each).grants, contracts.consumerGrants, raw),
});

function grantedGroups(
  settings: Settings,
  consumer: ConsumerSettings,
  groups: CentralStoreContract["featureGroups"],
) {
  return Object.fromEntries(
    Object.entries(effectiveAccess(settings, consumer)).flatMap(([name, permissions]) => {
      const group = groups[name];
      if (!group) return [];
      return [
        [name, { arn: group.arn, ...(group.table ? { table: group.table } : {}), access: [...permissions] }],
      ];
    }),
  );
}

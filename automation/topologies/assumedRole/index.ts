/** Topology assumed-role for the driver: account B's central store, which consumers access through a role of account B. */
import { isMap, type Document } from "yaml";
import type { KeyNeed } from "../../../access/keyUse";
import { accountOf, NAMESPACE, type Settings } from "../../../components/settings";
import {
  crossAccountRoleName,
  effectiveAccess,
  ref,
  type ConsumerGrantsContract,
} from "../../../components/topologies/assumed-role";
import { roleToBe } from "../keyUsers";
import { storeFacts } from "../modelFacts";
import type { ExistingBucket, ExistingRole, KnownRoles, Topology } from "../topology";
import { catalogReaders } from "./catalog";
import { consumerFacts, consumersAsDeployed } from "./facts";
import { summary } from "./summary";

export const assumedRole: Topology<"assumed-role"> = {
  name: "assumed-role",
  setting: "centralStore",

  facts(settings, model) {
    const store = storeFacts(settings, model, "centralStore");
    if (!store) return undefined;
    const consumers = settings.consumers.flatMap((each) => consumerFacts(settings, model, each) ?? []);
    return { store, consumers };
  },
  asDeployed: consumersAsDeployed,

  existingRoles: ({ consumers }) =>
    consumers.flatMap(({ name, executionRoleArn: arn }): ExistingRole[] => {
      if (arn === undefined) return [];
      return [{ setting: `consumers.${name}.executionRoleArn`, arn, isUsed: true, consumer: name }];
    }),
  existingBuckets(settings) {
    const region = settings.accounts["B"]?.region ?? "";
    return settings.consumers.flatMap(({ name: consumer, account, resultsBucket }): ExistingBucket[] => {
      const { existing, name } = resultsBucket;
      const setting = `consumers.${consumer}.resultsBucket.name`;
      return existing ? [{ setting, name, account, region, consumer }] : [];
    });
  },

  keyNeeds: (settings, half, roles) =>
    half === "online"
      ? consumerNeeds(settings, roles, ["readOnline", "write"], "sagemaker")
      : consumerNeeds(settings, roles, ["readOffline"], "s3"),

  catalogReaders,
  resultsStage: (consumer) => ref("crossAccountRole", consumer).name,

  consumers: {
    of: ({ consumers }) => consumers,
    credentials: (contracts, consumer) =>
      contracts[ref("consumerGrants", consumer).name] as ConsumerGrantsContract | undefined,
  },

  shareAccess,
  summary,

  async *attempts(verification) {
    if (!verification.settings.centralStore) return;
    // AWS's clients take a while to load, and only the verification needs them.
    const { attempts } = await import("./verification.js");
    yield* attempts(verification, verification.settings.centralStore);
  },
};

function consumerNeeds(
  settings: Settings,
  roles: KnownRoles,
  permissions: readonly string[],
  through: "sagemaker" | "s3",
): KeyNeed[] {
  const place = accountOf(settings, "B");
  return settings.consumers.flatMap((consumer): KeyNeed[] => {
    const given = [
      ...Object.values(effectiveAccess(settings, consumer)),
      ...consumer.accessByTags.map((tagged) => tagged.permissions),
    ];
    if (!given.some((access) => access.some((each) => permissions.includes(each)))) return [];
    const { name } = consumer;
    const principal =
      roles[ref("crossAccountRole", name).name] ?? roleToBe(place, crossAccountRoleName(name));
    return [{ who: `consumer ${name}'s role`, principal, actions: ["kms:Decrypt"], through }];
  });
}

function shareAccess(document: Document, group: string, version: string): string[] {
  const consumers = document.getIn(["config", `${NAMESPACE}:consumers`]);
  if (!isMap(consumers)) return [];
  return consumers.items.flatMap(({ key, value }) => {
    const access = isMap(value) ? value.get("access") : undefined;
    const permissions = isMap(access) ? access.get(group, true) : undefined;
    if (!isMap(access) || !permissions) return [];
    access.set(document.createNode(version), (permissions as { clone(): unknown }).clone());
    return [String(key)];
  });
}

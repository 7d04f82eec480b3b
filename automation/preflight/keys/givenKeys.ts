/** The keys that the settings name, and what each is to be used for. Pure. */
import { CREATOR_ACTIONS, type KeyNeed, type KeyUse } from "../../../access/keyUse";
import { accountOf, givenKey, type Settings } from "../../../components/settings";
import { effectiveAccess, type CentralStoreSettings } from "../../../components/topologies/assumed-role";
import type { OfflineStoreSettings } from "../../../components/topologies/offline-store";

export interface GivenKey {
  readonly arn: string;
  /** Name of the account in the settings. */
  readonly account: string;
  /** Where the settings name it: `centralStore.keys.online`. */
  readonly settings: readonly string[];
  readonly use: KeyUse;
}

/** ARNs of roles by the stage that makes them; those that do not exist yet are left out. */
export type KnownRoles = Readonly<Record<string, string | undefined>>;

/** Each given key once, with all its uses. */
export function givenKeys(settings: Settings, roles: KnownRoles = {}): GivenKey[] {
  const { offlineStore, centralStore } = settings;
  return [
    ...(offlineStore ? ofStore(settings, "offlineStore", "A", offlineStore, roles) : []),
    ...(centralStore ? ofStore(settings, "centralStore", "B", centralStore, roles) : []),
  ];
}

function ofStore(
  settings: Settings,
  name: "offlineStore" | "centralStore",
  account: string,
  store: OfflineStoreSettings | CentralStoreSettings,
  roles: KnownRoles,
): GivenKey[] {
  const { keys } = store;
  const { id, region } = accountOf(settings, account);
  const online = keys.online === "shared" ? givenKey(keys.offline) : givenKey(keys.online);
  const offline = givenKey(keys.offline);
  const arns = [...new Set([online, offline])].filter((arn) => arn !== undefined);
  return arns.map((arn) => {
    const stores = [
      ...(arn === online ? (["online"] as const) : []),
      ...(arn === offline ? (["offline"] as const) : []),
    ];
    const needs = [
      ...(arn === online ? onlineNeeds(settings, name, account, roles) : []),
      ...(arn === offline ? offlineNeeds(settings, name, account, roles) : []),
    ];
    const named = stores.filter((half) => givenKey(keys[half]) !== undefined);
    return {
      arn,
      account,
      settings: named.map((half) => `${name}.keys.${half}`),
      use: { stores, account: id, region, needs },
    };
  });
}

/** Who makes feature groups (the deployer), and who reads and writes their records. */
function onlineNeeds(settings: Settings, name: string, account: string, roles: KnownRoles): KeyNeed[] {
  return [
    {
      who: "the deployer, who makes the feature groups,",
      principal: accountOf(settings, account).deployerRoleArn,
      actions: CREATOR_ACTIONS,
      through: "sagemaker",
    },
    ...consumerNeeds(settings, name, roles, ["readOnline", "write"], "sagemaker"),
  ];
}

function offlineNeeds(
  settings: Settings,
  name: "offlineStore" | "centralStore",
  account: string,
  roles: KnownRoles,
): KeyNeed[] {
  const { id, partition, deployerRoleArn } = accountOf(settings, account);
  const writer = name === "offlineStore" ? "writer" : "centralStore";
  const logicalName = name === "offlineStore" ? "writer-role" : "central-store-role";
  const writers = [
    roles[writer] ?? toBeMade(partition, id, logicalName),
    ...(name === "offlineStore" ? (settings.offlineStore?.additionalWriterRoleArns ?? []) : []),
  ];
  // An Iceberg table's metadata is read back by whoever writes it.
  const iceberg = settings[name]?.featureGroups.some(({ tableFormat }) => tableFormat === "Iceberg") ?? false;
  const actions = ["kms:GenerateDataKey", ...(iceberg ? ["kms:Decrypt"] : [])];
  return [
    {
      who: "the deployer, who makes the feature groups,",
      principal: deployerRoleArn,
      actions: ["kms:DescribeKey"],
      through: "sagemaker",
    },
    ...writers.map((principal, index): KeyNeed => {
      const who = index === 0 ? "the feature groups' role" : "a further writer";
      return { who, principal, actions, through: "s3" };
    }),
    ...(name === "offlineStore" ? [readers(settings)] : []),
    ...consumerNeeds(settings, name, roles, ["readOffline"], "s3"),
  ];
}

/** Account B's IAM says who of it reads the offline store: the key has to let the account in. */
function readers(settings: Settings): KeyNeed {
  const { id, partition } = accountOf(settings, "B");
  return {
    who: "account B's readers",
    principal: `arn:${partition}:iam::${id}:role/reader`,
    actions: ["kms:Decrypt"],
    through: "s3",
  };
}

function consumerNeeds(
  settings: Settings,
  name: string,
  roles: KnownRoles,
  permissions: readonly string[],
  through: "sagemaker" | "s3",
): KeyNeed[] {
  if (name !== "centralStore") return [];
  const { id, partition } = accountOf(settings, "B");
  return settings.consumers.flatMap((consumer): KeyNeed[] => {
    const granted = [
      ...Object.values(effectiveAccess(settings, consumer)),
      ...consumer.accessByTags.map((tagged) => tagged.permissions),
    ];
    if (!granted.some((access) => access.some((each) => permissions.includes(each)))) return [];
    const made = roles[`crossAccountRole:${consumer.name}`];
    const principal = made ?? toBeMade(partition, id, `cross-account-${consumer.name}-role`);
    return [{ who: `consumer ${consumer.name}'s role`, principal, actions: ["kms:Decrypt"], through }];
  });
}

/** A role's ARN as the engine will make it up: the logical name and seven more characters. */
function toBeMade(partition: string, account: string, logicalName: string): string {
  return `arn:${partition}:iam::${account}:role/${logicalName}-0000000`;
}

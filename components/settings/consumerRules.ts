/** The rules of consumers: whom they are, what they bring, and what of the central store they name. */
import type { SettingsFault } from "./errors";
import { parseRoleArn, partitionOf } from "./names";
import type { RawSettings } from "./schema";

type Consumer = RawSettings["consumers"][string];

export function* consumerFaults(settings: RawSettings): Iterable<SettingsFault> {
  const { centralStore, consumers } = settings;
  const names = Object.keys(consumers);
  if (!centralStore && names.length > 0)
    yield {
      path: "consumers",
      message: `${names.join(", ")}: there is nothing to consume, as centralStore is missing`,
    };
  for (const [name, consumer] of Object.entries(consumers)) {
    yield* ownThings(`consumers.${name}`, consumer, settings);
    yield* accessFaults(`consumers.${name}.access`, consumer, settings);
  }
  yield* sharedRoles(consumers);
}

/** What a consumer brings is its own account's, and where Athena can use it. */
function* ownThings(
  path: string,
  { account, executionRoleArn, resultsBucket }: Consumer,
  { accountA, accountB }: RawSettings,
): Iterable<SettingsFault> {
  const own = account ?? accountA;
  if (own === undefined) return;
  const partition = partitionOf(accountB.region);
  if (partitionOf(own.region) !== partition)
    yield {
      path: account === undefined ? "accountA.region" : `${path}.account.region`,
      message: `is in partition ${partitionOf(own.region)}, but the central store is in ${partition}: no role is assumed across partitions`,
    };
  const role = executionRoleArn === undefined ? undefined : parseRoleArn(executionRoleArn);
  if (role && role.account !== own.id)
    yield {
      path: `${path}.executionRoleArn`,
      message: `${executionRoleArn} is a role of account ${role.account}, not of the consumer's account (${own.id})`,
    };
  if (role && role.partition !== partitionOf(own.region))
    yield {
      path: `${path}.executionRoleArn`,
      message: `${executionRoleArn} is in partition ${role.partition}, but ${own.region} is in ${partitionOf(own.region)}`,
    };
  yield* resultsKey(path, resultsBucket, accountB);
  if (resultsBucket.existing && resultsBucket.retentionDays !== undefined)
    yield {
      path: `${path}.resultsBucket.retentionDays`,
      message:
        "is for a bucket that is made here: the lifecycle of one that exists is its owner's, and stays as it is",
    };
}

function* resultsKey(
  path: string,
  { keyArn, existing }: Consumer["resultsBucket"],
  accountB: RawSettings["accountB"],
): Iterable<SettingsFault> {
  if (keyArn === undefined) return;
  if (!existing)
    yield {
      path: `${path}.resultsBucket.keyArn`,
      message:
        "is for a bucket that exists already (existing: true): one that is made here is encrypted by Amazon S3",
    };
  const [, partition, , region] = keyArn.split(":");
  if (region !== accountB.region)
    yield {
      path: `${path}.resultsBucket.keyArn`,
      message: `is in ${region}, but results are written in account B's region, ${accountB.region}`,
    };
  else if (partition !== partitionOf(accountB.region))
    yield {
      path: `${path}.resultsBucket.keyArn`,
      message: `is in partition ${partition}, but ${accountB.region} is in ${partitionOf(accountB.region)}`,
    };
}

function* accessFaults(
  path: string,
  { access, accessByTags }: Consumer,
  { centralStore }: RawSettings,
): Iterable<SettingsFault> {
  const groups = centralStore?.featureGroups ?? [];
  if (Object.keys(access).length === 0 && accessByTags.length === 0)
    yield { path, message: "name at least one feature group, here or by its tags in accessByTags" };
  for (const [name, permissions] of Object.entries(access)) {
    const group = groups.find((each) => each.name === name);
    if (!group)
      yield {
        path: `${path}.${name}`,
        message: `is no feature group of the central store${groups.length > 0 ? ` (there are: ${groups.map((each) => each.name).join(", ")})` : ""}`,
      };
    else if (!group.onlineStore && permissions.includes("readOnline"))
      yield {
        path: `${path}.${name}`,
        message: "readOnline: the feature group has no online store (onlineStore: false)",
      };
    if (group?.offlineStore === false && permissions.includes("readOffline"))
      yield {
        path: `${path}.${name}`,
        message: "readOffline: the feature group has no offline store (offlineStore: false)",
      };
    for (const [index, permission] of permissions.entries())
      if (permissions.indexOf(permission) !== index)
        yield { path: `${path}.${name}[${index}]`, message: `${permission} stands twice` };
  }
}

/** One execution role for two consumers would give each what the other may. */
function* sharedRoles(consumers: RawSettings["consumers"]): Iterable<SettingsFault> {
  const seen = new Map<string, string>();
  for (const [name, { executionRoleArn }] of Object.entries(consumers)) {
    if (executionRoleArn === undefined) continue;
    const twin = seen.get(executionRoleArn);
    if (twin !== undefined)
      yield {
        path: `consumers.${name}.executionRoleArn`,
        message: `${executionRoleArn} is ${twin}'s too: each consumer has a role of its own, or they are one consumer`,
      };
    seen.set(executionRoleArn, name);
  }
}

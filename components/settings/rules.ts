/** The rules that hold between settings. Each finds all its faults; none assumes that another found none. */
import type { SettingsFault } from "./errors";
import { parseRoleArn, partitionOf } from "./names";
import type { RawSettings } from "./schema";

type Account = RawSettings["accountA"];
type FeatureGroup = RawSettings["offlineStore"]["featureGroups"][number];
type Rule = (settings: RawSettings) => Iterable<SettingsFault>;

const RULES: readonly Rule[] = [
  distinctAccounts,
  rolesOfTheirAccounts,
  oneRegion,
  bucketForDocumentedPolicy,
  groups,
];

export function ruleFaults(settings: RawSettings): SettingsFault[] {
  return RULES.flatMap((rule) => [...rule(settings)]);
}

function* distinctAccounts({ accountA, accountB }: RawSettings): Iterable<SettingsFault> {
  if (accountA.id === accountB.id)
    yield {
      path: "accountB.id",
      message: `is accountA's too (${accountA.id}): the two sides are two accounts`,
    };
}

function* rolesOfTheirAccounts({ accountA, accountB, offlineStore }: RawSettings): Iterable<SettingsFault> {
  yield* deployer("accountA", accountA);
  yield* deployer("accountB", accountB);
  for (const list of ["keyAdministrators", "additionalWriterRoleArns"] as const)
    for (const [index, arn] of offlineStore[list].entries()) {
      const account = parseRoleArn(arn)?.account;
      if (account !== accountA.id)
        yield {
          path: `offlineStore.${list}[${index}]`,
          message: `${arn} is a role of account ${account}, not of account A (${accountA.id})`,
        };
    }
}

function* deployer(path: string, { id, region, deployerRoleArn }: Account): Iterable<SettingsFault> {
  const role = parseRoleArn(deployerRoleArn);
  if (role && role.account !== id)
    yield {
      path: `${path}.deployerRoleArn`,
      message: `${deployerRoleArn} is a role of account ${role.account}, but ${path}.id is ${id}`,
    };
  if (role && role.partition !== partitionOf(region))
    yield {
      path: `${path}.deployerRoleArn`,
      message: `${deployerRoleArn} is in partition ${role.partition}, but ${region} is in ${partitionOf(region)}`,
    };
}

/** Feature Store writes to a bucket of the feature group's own region (CreateFeatureGroup, S3StorageConfig). */
function* oneRegion({ accountA, accountB }: RawSettings): Iterable<SettingsFault> {
  if (accountA.region !== accountB.region)
    yield {
      path: "accountB.region",
      message: `is ${accountB.region}, but the offline store's bucket has to be in the feature groups' region, ${accountA.region}`,
    };
}

/** AmazonSageMakerFeatureStoreAccess names buckets by *sagemaker*; buckets' names are lower case (seed 000). */
function* bucketForDocumentedPolicy({ policyMode, offlineStore }: RawSettings): Iterable<SettingsFault> {
  if (policyMode === "documented" && !offlineStore.bucketName.includes("sagemaker"))
    yield {
      path: "offlineStore.bucketName",
      message: `"${offlineStore.bucketName}" must contain "sagemaker": the documented policy AmazonSageMakerFeatureStoreAccess reaches no other bucket (or set policyMode: leastPrivilege)`,
    };
}

function* groups({ offlineStore }: RawSettings): Iterable<SettingsFault> {
  const seen = new Map<string, number>();
  for (const [index, group] of offlineStore.featureGroups.entries()) {
    const path = `offlineStore.featureGroups[${index}]`;
    // The resource part of a feature group's ARN is in lower case: names that differ in case alone are one to IAM.
    const twin = seen.get(group.name.toLowerCase());
    if (twin !== undefined)
      yield {
        path: `${path}.name`,
        message: `"${group.name}" is the name of featureGroups[${twin}] too (upper and lower case count as the same)`,
      };
    seen.set(group.name.toLowerCase(), index);
    yield* oneGroup(path, group);
  }
}

function* oneGroup(path: string, group: FeatureGroup): Iterable<SettingsFault> {
  const types = new Map<string, string>();
  for (const [index, { name, type }] of group.features.entries()) {
    const twin = [...types.keys()].find((known) => known.toLowerCase() === name.toLowerCase());
    if (twin !== undefined)
      yield {
        path: `${path}.features[${index}].name`,
        message: `"${name}" stands twice (columns of the offline store do not differ by case)`,
      };
    types.set(name, type);
  }
  if (!types.has(group.recordIdentifier))
    yield {
      path: `${path}.recordIdentifier`,
      message: `"${group.recordIdentifier}" is not one of the group's features`,
    };
  const eventType = types.get(group.eventTime);
  if (eventType === undefined)
    yield { path: `${path}.eventTime`, message: `"${group.eventTime}" is not one of the group's features` };
  else if (eventType === "Integral")
    yield {
      path: `${path}.eventTime`,
      message: `"${group.eventTime}" is Integral: an event time is String (ISO-8601) or Fractional (Unix seconds)`,
    };
  if (group.recordIdentifier === group.eventTime)
    yield {
      path: `${path}.eventTime`,
      message: `"${group.eventTime}" is the record identifier too: they are two features`,
    };
  if (group.ttl && !group.onlineStore)
    yield {
      path: `${path}.ttl`,
      message: "is of the online store, which onlineStore: false turns off: leave one of them out",
    };
}

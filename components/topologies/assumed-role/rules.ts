/** The rules of consumers: their accounts, roles and buckets, and the feature groups that they name. */
import { notTwice, roleOf, samePartition } from "../../settings/arnRules";
import type { ValidationError } from "../../settings/errors";
import { partitionOf } from "../../settings/names";
import { prefixTooLong } from "../../settings/prefixLength";
import { accountsOf, type RawSettings } from "./settings";

type Consumer = RawSettings["consumers"][string];

/** The longest name that Athena gives an object of a result: `<query's ID>-manifest.csv`. */
const RESULT_OBJECT = "12345678-1234-1234-1234-123456789012-manifest.csv";

export const rules = {
  *presence({ accountA, consumers }: RawSettings): Iterable<ValidationError> {
    const inA = Object.entries(consumers).find(([, { account }]) => !account)?.[0];
    if (!accountA && inA !== undefined)
      yield {
        path: `consumers.${inA}.account`,
        message: "is missing: a consumer is in account A, which is not set, or in an account of its own",
      };
  },
  *accounts(settings: RawSettings): Iterable<ValidationError> {
    const { id } = settings.accountB;
    for (const { setting, account } of accountsOf(settings))
      if (account.id === id)
        yield {
          path: `${setting}.id`,
          message: `is account B (${id}), which has the central store: its own IAM gives access there, without a role to assume`,
        };
  },
  *prefixes({ consumers }: RawSettings): Iterable<ValidationError> {
    for (const [name, { resultsBucket }] of Object.entries(consumers)) {
      const path = `consumers.${name}.resultsBucket.prefix`;
      yield* prefixTooLong(path, resultsBucket.prefix, `/${RESULT_OBJECT}`.length, "Athena");
    }
  },
  *last(settings: RawSettings): Iterable<ValidationError> {
    const { centralStore, consumers } = settings;
    const names = Object.keys(consumers);
    if (!centralStore && names.length > 0)
      yield {
        path: "consumers",
        message: `${names.join(", ")}: there is nothing to consume, because centralStore is missing`,
      };
    for (const [name, consumer] of Object.entries(consumers)) {
      yield* existingResources(`consumers.${name}`, consumer, settings);
      yield* permissionErrors(`consumers.${name}.access`, consumer, settings);
    }
    yield* sharedRoles(consumers);
  },
};

/** A consumer's role and bucket are in its own account, and where Athena can use them. */
function* existingResources(
  path: string,
  { account, executionRoleArn, resultsBucket }: Consumer,
  { accountA, accountB }: RawSettings,
): Iterable<ValidationError> {
  const own = account ?? accountA;
  if (own === undefined) return;
  const partition = partitionOf(accountB.region);
  if (partitionOf(own.region) !== partition)
    yield {
      path: account === undefined ? "accountA.region" : `${path}.account.region`,
      message: `is in partition ${partitionOf(own.region)}, but the central store is in ${partition}: roles cannot be assumed across partitions`,
    };
  if (executionRoleArn !== undefined)
    yield* roleOf(
      `${path}.executionRoleArn`,
      executionRoleArn,
      own,
      `not of the consumer's account (${own.id})`,
    );
  yield* resultsKey(path, resultsBucket, accountB);
  if (resultsBucket.existing && resultsBucket.retentionDays !== undefined)
    yield {
      path: `${path}.resultsBucket.retentionDays`,
      message: "is for an own bucket (existing: false): an existing bucket keeps its owner's lifecycle",
    };
}

function* resultsKey(
  path: string,
  { keyArn, existing }: Consumer["resultsBucket"],
  accountB: RawSettings["accountB"],
): Iterable<ValidationError> {
  if (keyArn === undefined) return;
  const at = `${path}.resultsBucket.keyArn`;
  if (!existing)
    yield {
      path: at,
      message: "is for an existing bucket (existing: true): Amazon S3 encrypts an own bucket",
    };
  const [, , , region] = keyArn.split(":");
  if (region !== accountB.region)
    yield {
      path: at,
      message: `is in ${region}, but results are written in account B's region, ${accountB.region}`,
    };
  else yield* samePartition(at, keyArn, accountB.region);
}

function* permissionErrors(
  path: string,
  { access, accessByTags }: Consumer,
  { centralStore }: RawSettings,
): Iterable<ValidationError> {
  const groups = centralStore?.featureGroups ?? [];
  if (Object.keys(access).length === 0 && accessByTags.length === 0)
    yield { path, message: "name at least one feature group, here or by its tags in accessByTags" };
  for (const [name, permissions] of Object.entries(access)) {
    const group = groups.find((each) => each.name === name);
    if (!group)
      yield {
        path: `${path}.${name}`,
        message: `is not a feature group of the central store${groups.length > 0 ? ` (there are: ${groups.map((each) => each.name).join(", ")})` : ""}`,
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
    for (const index of permissions.keys()) yield* notTwice(`${path}.${name}`, permissions, index);
  }
}

/** If two consumers shared an execution role, each would have the other's access. */
function* sharedRoles(consumers: RawSettings["consumers"]): Iterable<ValidationError> {
  const seen = new Map<string, string>();
  for (const [name, { executionRoleArn }] of Object.entries(consumers)) {
    if (executionRoleArn === undefined) continue;
    const twin = seen.get(executionRoleArn);
    if (twin !== undefined)
      yield {
        path: `consumers.${name}.executionRoleArn`,
        message: `${executionRoleArn} is ${twin}'s, too: each consumer needs its own role, or the two have to be one consumer`,
      };
    seen.set(executionRoleArn, name);
  }
}

/** The rules that hold between settings. Each finds all its faults; none assumes that another found none. */
import { consumerFaults } from "./consumerRules";
import type { SettingsFault } from "./errors";
import { featureGroupFaults } from "./featureGroupRules";
import { keyFaults } from "./keyRules";
import { formatFaults } from "./formatRules";
import { monitoringFaults } from "./monitoringRules";
import { parseRoleArn, partitionOf } from "./names";
import { prefixFaults } from "./prefixRules";
import { profileFaults } from "./profileRules";
import type { RawSettings } from "./schema";

type Account = RawSettings["accountB"];
type Rule = (settings: RawSettings) => Iterable<SettingsFault>;

const RULES: readonly Rule[] = [
  topologies,
  distinctAccounts,
  deployers,
  rolesOfTheirAccounts,
  oneRegion,
  bucketsForDocumentedPolicy,
  distinctBuckets,
  keyFaults,
  featureGroupFaults,
  formatFaults,
  prefixFaults,
  consumerFaults,
  profileFaults,
  monitoringFaults,
];

export function ruleFaults(settings: RawSettings): SettingsFault[] {
  return RULES.flatMap((rule) => [...rule(settings)]);
}

function* topologies({
  accountA,
  offlineStore,
  centralStore,
  consumers,
}: RawSettings): Iterable<SettingsFault> {
  if (!offlineStore && !centralStore)
    yield {
      path: "offlineStore",
      message: "is missing, and centralStore too: set one of them, or both",
    };
  if (offlineStore && !accountA)
    yield { path: "accountA", message: "is missing: the account that owns offlineStore's feature groups" };
  const inA = Object.entries(consumers).find(([, { account }]) => !account)?.[0];
  if (!accountA && inA !== undefined)
    yield {
      path: `consumers.${inA}.account`,
      message: "is missing: a consumer is in account A, which is not set, or in an account of its own",
    };
}

function* distinctAccounts({ accountA, accountB, consumers }: RawSettings): Iterable<SettingsFault> {
  if (accountA?.id === accountB.id)
    yield {
      path: "accountB.id",
      message: `is accountA's too (${accountA.id}): the two sides are two accounts`,
    };
  for (const [name, { account }] of Object.entries(consumers))
    if (account?.id === accountB.id)
      yield {
        path: `consumers.${name}.account.id`,
        message: `is account B (${accountB.id}), which has the central store: its own IAM gives access there, without a role to assume`,
      };
}

function* deployers({ accountA, accountB, consumers }: RawSettings): Iterable<SettingsFault> {
  if (accountA) yield* deployer("accountA", accountA);
  yield* deployer("accountB", accountB);
  for (const [name, { account }] of Object.entries(consumers))
    if (account) yield* deployer(`consumers.${name}.account`, account);
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

function* rolesOfTheirAccounts(settings: RawSettings): Iterable<SettingsFault> {
  const { accountA, accountB, offlineStore, centralStore } = settings;
  if (offlineStore && accountA)
    for (const list of ["keyAdministrators", "additionalWriterRoleArns"] as const)
      yield* rolesOf(`offlineStore.${list}`, offlineStore[list], "A", accountA);
  if (centralStore)
    yield* rolesOf("centralStore.keyAdministrators", centralStore.keyAdministrators, "B", accountB);
}

function* rolesOf(
  path: string,
  arns: readonly string[],
  name: string,
  { id, region }: Account,
): Iterable<SettingsFault> {
  for (const [index, arn] of arns.entries()) {
    const role = parseRoleArn(arn);
    const at = `${path}[${index}]`;
    if (role?.account !== id)
      yield {
        path: at,
        message: `${arn} is a role of account ${role?.account}, not of account ${name} (${id})`,
      };
    if (role && role.partition !== partitionOf(region))
      yield {
        path: at,
        message: `${arn} is in partition ${role.partition}, but ${region} is in ${partitionOf(region)}`,
      };
    if (arns.indexOf(arn) !== index) yield { path: at, message: `${arn} stands twice` };
  }
}

/** A feature group and the bucket of its offline store are in one region: another is an "Invalid S3Uri provided". */
function* oneRegion({ accountA, accountB, offlineStore }: RawSettings): Iterable<SettingsFault> {
  if (offlineStore && accountA && accountA.region !== accountB.region)
    yield {
      path: "accountB.region",
      message: `is ${accountB.region}, but the offline store's bucket has to be in the feature groups' region, ${accountA.region}`,
    };
}

/** AmazonSageMakerFeatureStoreAccess names buckets by *sagemaker*; buckets' names are lower case (seed 000). */
function* bucketsForDocumentedPolicy({ policyMode, ...settings }: RawSettings): Iterable<SettingsFault> {
  for (const store of ["offlineStore", "centralStore"] as const) {
    const bucketName = settings[store]?.bucketName;
    if (policyMode === "documented" && bucketName !== undefined && !bucketName.includes("sagemaker"))
      yield {
        path: `${store}.bucketName`,
        message: `"${bucketName}" must contain "sagemaker": the documented policy AmazonSageMakerFeatureStoreAccess reaches no other bucket (or set policyMode: leastPrivilege)`,
      };
  }
}

/** Buckets' names are unique in all of AWS. */
function* distinctBuckets({
  offlineStore,
  centralStore,
  consumers,
  monitoring,
}: RawSettings): Iterable<SettingsFault> {
  const all = [
    ["offlineStore.bucketName", offlineStore?.bucketName],
    ["centralStore.bucketName", centralStore?.bucketName],
    ...Object.entries(consumers).map(([name, { resultsBucket }]) => [
      `consumers.${name}.resultsBucket.name`,
      resultsBucket.name,
    ]),
    ...(["A", "B"] as const).map((name) => {
      const trail = monitoring?.accounts[name]?.trail;
      const made = trail && "bucketName" in trail ? trail.bucketName : undefined;
      return [`monitoring.accounts.${name}.trail.bucketName`, made];
    }),
  ] as const;
  const seen = new Map<string, string>();
  for (const [path, bucket] of all) {
    if (path === undefined || bucket === undefined) continue;
    const twin = seen.get(bucket);
    if (twin !== undefined)
      yield { path, message: `"${bucket}" is the bucket of ${twin} too: each has its own` };
    seen.set(bucket, path);
  }
}

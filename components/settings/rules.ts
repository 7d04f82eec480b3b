/** The rules between settings. Each rule reports all its errors; none assumes that another passed. */
import { monitoringRules } from "../monitoring/rules";
import { profileRules } from "../profiles/rules";
import { TOPOLOGIES } from "../topologies";
import type { RuleStep } from "../topology";
import { notTwice, roleOf } from "./arnRules";
import type { ValidationError } from "./errors";
import { featureGroupRules } from "./featureGroupRules";
import { formatRules } from "./formatRules";
import { keyRules } from "./keyRules";
import { storePrefixes } from "./prefixRules";
import { namedAccounts, rawStores, type RawSettings } from "./schema";
import type { RawAccount } from "./sharedSchema";

type Errors = Iterable<ValidationError>;

/** The rules that each topology has for that step. */
const ofTopologies = (step: RuleStep) => (settings: RawSettings) =>
  TOPOLOGIES.flatMap(({ rules }) => [...(rules[step]?.(settings) ?? [])]);

const RULES: readonly ((settings: RawSettings) => Errors)[] = [
  oneTopology,
  ofTopologies("presence"),
  distinctAccounts,
  ofTopologies("accounts"),
  deployers,
  rolesOfTheirAccounts,
  ofTopologies("regions"),
  bucketsForDocumentedPolicy,
  distinctBuckets,
  keyRules,
  featureGroupRules,
  formatRules,
  storePrefixes,
  ofTopologies("prefixes"),
  ofTopologies("last"),
  profileRules,
  monitoringRules,
];

export function ruleErrors(settings: RawSettings): ValidationError[] {
  return RULES.flatMap((rule) => [...rule(settings)]);
}

function* oneTopology(settings: RawSettings): Errors {
  const [first = "", ...others] = TOPOLOGIES.map(({ setting }) => setting);
  if (TOPOLOGIES.every(({ setting }) => settings[setting] === undefined))
    yield { path: first, message: `is missing, and ${others.join(" and ")} too: set at least one of them` };
}

function* distinctAccounts({ accountA, accountB }: RawSettings): Errors {
  if (accountA?.id === accountB.id)
    yield {
      path: "accountB.id",
      message: `is accountA's, too (${accountA.id}): the two must be different accounts`,
    };
}

function* deployers(settings: RawSettings): Errors {
  const { accountA, accountB } = settings;
  if (accountA) yield* deployer("accountA", accountA);
  yield* deployer("accountB", accountB);
  for (const { setting, account } of namedAccounts(settings)) yield* deployer(setting, account);
}

function deployer(path: string, account: RawAccount): Errors {
  const at = `${path}.deployerRoleArn`;
  return roleOf(at, account.deployerRoleArn, account, `but ${path}.id is ${account.id}`);
}

function* rolesOfTheirAccounts(settings: RawSettings): Errors {
  for (const { setting, arns, account: name } of TOPOLOGIES.flatMap(({ roles }) => roles?.(settings) ?? [])) {
    const account: RawAccount | undefined = settings[`account${name}`];
    if (!account) continue;
    for (const [index, arn] of arns.entries()) {
      yield* roleOf(`${setting}[${index}]`, arn, account, `not of account ${name} (${account.id})`);
      yield* notTwice(setting, arns, index);
    }
  }
}

/** The managed policy AmazonSageMakerFeatureStoreAccess names buckets by *sagemaker*; buckets' names are lower case. */
function* bucketsForDocumentedPolicy(settings: RawSettings): Errors {
  for (const { setting, store } of rawStores(settings))
    if (settings.policyMode === "documented" && !store.bucketName.includes("sagemaker"))
      yield {
        path: `${setting}.bucketName`,
        message: `"${store.bucketName}" must contain "sagemaker": the documented policy AmazonSageMakerFeatureStoreAccess reaches no other bucket (or set policyMode: leastPrivilege)`,
      };
}

/** Buckets' names are unique in all of AWS. */
function* distinctBuckets(settings: RawSettings): Errors {
  const trails = Object.entries(settings.monitoring?.accounts ?? {}).flatMap(([name, { trail }]) =>
    "bucketName" in trail
      ? [[`monitoring.accounts.${name}.trail.bucketName`, trail.bucketName] as const]
      : [],
  );
  const seen = new Map<string, string>();
  for (const [path, bucket] of [...TOPOLOGIES.flatMap(({ buckets }) => buckets(settings)), ...trails]) {
    const twin = seen.get(bucket);
    if (twin !== undefined)
      yield { path, message: `"${bucket}" is the bucket of ${twin}, too: each needs its own` };
    seen.set(bucket, path);
  }
}

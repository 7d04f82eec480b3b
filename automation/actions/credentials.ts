/**
 * Settings with which a consumer's workloads reach the central store; never credentials. From them, SDKs assume the role and
 * renew the session by themselves, because a chained session ends after an hour.
 */
import { accountOf, type Settings } from "../../components/settings";
import { ExitCode, UserError } from "../model/errors";
import { topologies } from "../topologies";
import type { Contracts } from "../topologies/contracts";
import type { Consumer, ConsumerCredentials } from "../topologies/topology";

/** Sources of the execution role's own credentials: `credential_source` of the SDKs' shared config file. */
export const CREDENTIAL_SOURCES = ["EcsContainer", "Ec2InstanceMetadata", "Environment"] as const;

export interface ProfileOptions {
  /** Name of the profile, and the start of the names of the profiles that it is chained from. */
  readonly name: string;
  /** `EcsContainer` in SageMaker Studio, jobs and endpoints; `Ec2InstanceMetadata` on notebook instances. */
  readonly source: { readonly credentialSource: string } | { readonly sourceProfile: string };
  /** The role through which a caller outside SageMaker assumes the execution role. */
  readonly deployer?: { readonly roleArn: string; readonly externalId?: string };
}

/**
 * The consumer of that name, with what its code needs.
 * @throws UserError (usage) if there is none; UserError (failed) if it is not deployed
 */
export function credentialsOf(
  settings: Settings,
  deployed: Contracts,
  name: string,
): { readonly consumer: Consumer; readonly grants: ConsumerCredentials } {
  const all = topologies.flatMap(({ consumers }) =>
    (consumers?.of(settings) ?? []).map((consumer) => ({
      consumer,
      grants: consumers?.credentials(deployed, consumer.name),
    })),
  );
  const { consumer, grants } = all.find((each) => each.consumer.name === name) ?? {};
  if (!consumer) {
    const names = all.map((each) => each.consumer.name).join(", ") || "none";
    throw new UserError(ExitCode.usage, `there is no consumer "${name}"`, `The settings have: ${names}.`);
  }
  if (!grants)
    throw new UserError(
      ExitCode.failed,
      `consumer "${name}" is not deployed`,
      "Deploy it first: npm run up.",
    );
  return { consumer, grants };
}

/**
 * The deployer role of the consumer's account, from which profiles are chained.
 * @throws UserError if the execution role is a stage's own and does not trust it
 */
export function deployerOf(settings: Settings, consumer: Consumer): NonNullable<ProfileOptions["deployer"]> {
  if (consumer.executionRoleArn === undefined && !settings.verification.trustDeployer)
    throw new UserError(
      ExitCode.usage,
      `the execution role of "${consumer.name}" does not trust its account's deployer`,
      "Set verification.trustDeployer and deploy, or omit --via-deployer.",
    );
  const { deployerRoleArn: roleArn, externalId } = accountOf(settings, consumer.account);
  return { roleArn, externalId };
}

/**
 * Profiles for the shared config file (`~/.aws/config`).
 * Source: AWS SDKs and Tools Reference Guide, "Assume role credential provider".
 * @throws UserError if the profile would be its own source
 */
export function profileText(grants: ConsumerCredentials, options: ProfileOptions): string {
  const { name, deployer } = options;
  const made = deployer ? [name, `${name}-deployer`, `${name}-execution`] : [name];
  if ("sourceProfile" in options.source && made.includes(options.source.sourceProfile))
    throw new UserError(
      ExitCode.usage,
      `profile "${options.source.sourceProfile}" cannot be its own source`,
      "Choose another name with --profile or --source-profile.",
    );
  const { executionRoleArn, roleArn, externalId, region } = grants;
  const source =
    "sourceProfile" in options.source
      ? { source_profile: options.source.sourceProfile }
      : { credential_source: options.source.credentialSource };
  const store = { role_arn: roleArn, external_id: externalId, role_session_name: name, region };
  if (!deployer) return profile(name, { ...store, ...source });
  return [
    profile(`${name}-deployer`, {
      role_arn: deployer.roleArn,
      external_id: deployer.externalId,
      region,
      ...source,
    }),
    profile(`${name}-execution`, { role_arn: executionRoleArn, region, source_profile: `${name}-deployer` }),
    profile(name, { ...store, source_profile: `${name}-execution` }),
  ].join("\n");
}

/**
 * Variables for the workload's environment, by name: the profile, and where to query. SDKs read none of them by themselves:
 * AWS_PROFILE would make the workload act as account B's role in its own account too, and AWS_REGION would move it to the
 * store's region.
 */
export function environmentOf(grants: ConsumerCredentials, profileName: string): Record<string, string> {
  const { roleArn, externalId, region, workgroup, resultsLocation, featureGroups } = grants;
  const database = Object.values(featureGroups).find(({ table }) => table)?.table?.database;
  return {
    FEATURE_STORE_PROFILE: profileName,
    FEATURE_STORE_REGION: region,
    FEATURE_STORE_ROLE_ARN: roleArn,
    ...(externalId === undefined ? {} : { FEATURE_STORE_EXTERNAL_ID: externalId }),
    FEATURE_STORE_WORKGROUP: workgroup,
    FEATURE_STORE_RESULTS: resultsLocation,
    ...(database === undefined ? {} : { FEATURE_STORE_DATABASE: database }),
  };
}

/** Lines for a shell to evaluate. Values are quoted, because an external ID may hold special characters. */
export function exportText(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replace(/'/g, `'\\''`)}'`)
    .join("\n");
}

function profile(name: string, settings: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries(settings).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} = ${value}`],
  );
  return [`[profile ${name}]`, ...lines, ""].join("\n");
}

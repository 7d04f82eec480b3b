/** The existing roles and buckets in the settings. Pure. */
import type { Settings } from "../../../components/settings";
import { storesOf } from "../../../components/topologies";
import { topologies } from "../../topologies";
import type { ExistingBucket, ExistingRole } from "../../topologies/topology";

export interface NamedRole extends ExistingRole {
  /** Name of the account in the settings whose deployer reads the role. */
  readonly account: string;
}

/**
 * @param consumers names of the consumers whose stages are part of the run
 * @returns the roles in accounts of the settings
 */
export function namedRoles(settings: Settings, consumers: ReadonlySet<string>): NamedRole[] {
  const listed = (setting: string, arns: readonly string[]) =>
    arns.map((arn, index): ExistingRole => ({ setting: `${setting}[${index}]`, arn, isUsed: false }));
  const roles = [
    ...topologies.flatMap((topology) => topology.existingRoles?.(settings) ?? []),
    ...storesOf(settings).flatMap(({ setting, settings: { keyAdministrators } }) =>
      listed(`${setting}.keyAdministrators`, keyAdministrators),
    ),
    ...settings.profiles.flatMap(({ name, trustedRoleArns }) =>
      listed(`profiles.${name}.trustedRoleArns`, trustedRoleArns),
    ),
  ];
  return roles.filter(isOf(consumers)).flatMap((role) => {
    const id = role.arn.split(":")[4];
    const account = Object.entries(settings.accounts).find(([, each]) => each.id === id)?.[0];
    return account === undefined ? [] : [{ ...role, account }];
  });
}

/** @param consumers as in `namedRoles` */
export function namedBuckets(settings: Settings, consumers: ReadonlySet<string>): ExistingBucket[] {
  return topologies.flatMap((topology) => topology.existingBuckets?.(settings) ?? []).filter(isOf(consumers));
}

const isOf =
  (consumers: ReadonlySet<string>) =>
  ({ consumer }: { readonly consumer?: string }) =>
    consumer === undefined || consumers.has(consumer);

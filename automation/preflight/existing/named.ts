/** The roles and buckets that the settings name and no stage makes. Pure. */
import type { Settings } from "../../../components/settings";

export interface NamedRole {
  /** Where the settings name it: `consumers.ads.executionRoleArn`. */
  readonly setting: string;
  readonly arn: string;
  /** Name of the account in the settings whose deployer can be asked. */
  readonly account: string;
  /** True: the stages read it and give it a policy. Otherwise policies name it. */
  readonly isUsed: boolean;
}

export interface NamedBucket {
  readonly setting: string;
  readonly name: string;
  readonly account: string;
  /** Where Athena writes: the central store's. */
  readonly region: string;
}

/** @param consumers names of those whose stages are part of the run */
export function namedRoles(settings: Settings, consumers: ReadonlySet<string>): NamedRole[] {
  const { offlineStore, centralStore, profiles } = settings;
  const listed = (setting: string, arns: readonly string[]) =>
    arns.flatMap((arn, index): NamedRole[] => {
      const account = accountOfRole(settings, arn);
      return account === undefined ? [] : [{ setting: `${setting}[${index}]`, arn, account, isUsed: false }];
    });
  return [
    ...settings.consumers.flatMap(({ name, account, executionRoleArn: arn }): NamedRole[] => {
      if (arn === undefined || !consumers.has(name)) return [];
      return [{ setting: `consumers.${name}.executionRoleArn`, arn, account, isUsed: true }];
    }),
    ...listed("offlineStore.additionalWriterRoleArns", offlineStore?.additionalWriterRoleArns ?? []),
    ...listed("offlineStore.keyAdministrators", offlineStore?.keyAdministrators ?? []),
    ...listed("centralStore.keyAdministrators", centralStore?.keyAdministrators ?? []),
    ...profiles.flatMap(({ name, trustedRoleArns }) =>
      listed(`profiles.${name}.trustedRoleArns`, trustedRoleArns),
    ),
  ];
}

export function namedBuckets(settings: Settings, consumers: ReadonlySet<string>): NamedBucket[] {
  const region = settings.accounts["B"]?.region ?? "";
  return settings.consumers.flatMap(({ name, account, resultsBucket }) =>
    resultsBucket.existing && consumers.has(name)
      ? [
          {
            setting: `consumers.${name}.resultsBucket.name`,
            name: resultsBucket.name,
            account,
            region,
          },
        ]
      : [],
  );
}

function accountOfRole({ accounts }: Settings, arn: string): string | undefined {
  const id = arn.split(":")[4];
  return Object.entries(accounts).find(([, account]) => account.id === id)?.[0];
}

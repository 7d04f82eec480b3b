/** Turns settings into the facts of policies: with outputs in the stages, with stand-ins for checking sizes. */
import * as pulumi from "@pulumi/pulumi";
import type { StoreValues } from "../../contract";
import { accountOf, type AccountSettings, type SharedSettings } from "../../settings/types";
import { keyOwnerFacts } from "../../storeFacts";
import { accessByGroup } from "./access";
import type { CrossAccountTrustFacts } from "./policies/crossAccountRole";
import type { CrossAccountAccessFacts, ResultsFacts } from "./policies/facts";
import type { CentralStoreSettings, ConsumerSettings } from "./settings";

/** Facts of the policy of the central offline store's key. @param place account B */
export function offlineKeyFacts(
  store: CentralStoreSettings,
  place: AccountSettings,
  { roleArn: writerRoleArn, roleId: writerRoleId }: { readonly roleArn: string; readonly roleId: string },
) {
  return { ...keyOwnerFacts(store, place), writerRoleArn, writerRoleId };
}

/** Facts of the trust policy of the role that the consumer assumes. */
export function trustFacts(
  { externalId, organizationId, trustSageMaker }: ConsumerSettings,
  executionRole: Pick<CrossAccountTrustFacts, "executionRoleArn" | "executionRoleId">,
): CrossAccountTrustFacts {
  return { ...executionRole, externalId, organizationId, trustSageMaker };
}

/** Facts about where Athena writes the consumer's results. @param place the consumer's account */
export function resultsFacts(
  { resultsBucket: { prefix, keyArn } }: ConsumerSettings,
  place: AccountSettings,
  bucketArn: string,
): ResultsFacts {
  return { bucketArn, prefix, account: place.id, keyArn };
}

/** The values that a consumer's permissions in account B refer to. */
export interface AccessValues extends Omit<StoreValues, "roleArn"> {
  readonly workgroupArn: string;
  readonly resultsBucketArn: string;
}

/**
 * Facts about what the role that the consumer assumes may do.
 * @throws RunError if the store lacks a feature group that the settings give the consumer access to
 */
export function accessFacts(
  settings: SharedSettings,
  store: CentralStoreSettings,
  consumer: ConsumerSettings,
  { featureGroups, resultsBucketArn, ...known }: AccessValues,
): CrossAccountAccessFacts {
  const { partition, region, id: account } = accountOf(settings, "B");
  const permitted = accessByGroup({ ...settings, centralStore: store }, consumer);
  return {
    ...known,
    partition,
    region,
    account,
    results: resultsFacts(consumer, accountOf(settings, consumer.account), resultsBucketArn),
    byTags: consumer.accessByTags.map(({ tags, permissions }) => ({ tags, access: permissions })),
    groups: store.featureGroups.flatMap(({ name, onlineStore, tableFormat }) => {
      const access = ownValue(permitted, name);
      if (!access) return [];
      const made = ownValue(featureGroups, name);
      if (made) return [{ ...made, onlineStore, iceberg: tableFormat === "Iceberg", access }];
      throw new pulumi.RunError(
        `the central store has no feature group ${name} yet, which consumer ${consumer.name} needs: update stage centralStore first`,
      );
    }),
  };
}

/** A feature group may have a name such as `constructor`, which every object has as a property. */
function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

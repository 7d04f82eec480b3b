/** The sizes of profiles' policies before anything is made. */
import { QUOTAS } from "../policies/fitting";
import { profilePolicy, profileTrustPolicy } from "../policies/profiles";
import type { SettingsFault } from "../settings/errors";
import { tagsOfGroup } from "../settings/taggedAccess";
import { accountOf, type ProfileSettings, type Settings } from "../settings/types";
import { EPOCH, keyArn, ROLE_ID, roleArn, storeKeyArns, tooLarge } from "../standIns";

export function profileQuotaFaults(settings: Settings): SettingsFault[] {
  return settings.profiles.flatMap((profile) => [...faultsOf(settings, profile)]);
}

function* faultsOf(settings: Settings, profile: ProfileSettings): Iterable<SettingsFault> {
  const path = `profiles.${profile.name}`;
  yield* tooLarge(
    `${path}.trustedRoleArns`,
    "the trust policy of its role",
    profileTrustPolicy(profile),
    QUOTAS.trustPolicy,
    "name fewer roles",
  );
  const groups =
    profile.scope.kind === "names" ? "name fewer feature groups" : "choose tags of fewer feature groups";
  yield* tooLarge(
    path,
    "the policy of its role",
    plannedPolicy(settings, profile),
    QUOTAS.inlinePolicies,
    `${groups}, or make two profiles of it`,
  );
}

function plannedPolicy(settings: Settings, { profile, store, account, scope }: ProfileSettings) {
  const { bucketName = "", prefix = "", featureGroups = [], keys } = settings[store] ?? {};
  const { partition, region, id } = accountOf(settings, store === "offlineStore" ? "A" : "B");
  const made = keyArn(partition, region, id);
  const root = `s3://${bucketName}${prefix === "" ? "" : `/${prefix}`}/${id}/sagemaker/${region}/offline-store`;
  return profilePolicy({
    profile,
    roleId: ROLE_ID,
    partition,
    region,
    account: accountOf(settings, account).id,
    groupAccount: id,
    bucketAccount: accountOf(settings, "B").id,
    scope,
    groups: featureGroups.map((group) => ({
      name: group.name,
      arn: `arn:${partition}:sagemaker:${region}:${id}:feature-group/${group.name}`,
      tags: tagsOfGroup(settings, group),
      onlineStore: group.onlineStore,
      ...(group.offlineStore === false
        ? {}
        : {
            s3Uri: `${root}/${group.name}-${EPOCH}/data`,
            iceberg: group.tableFormat === "Iceberg",
            table: group.dataCatalog
              ? { database: group.dataCatalog.database, name: group.dataCatalog.table }
              : { database: "sagemaker_featurestore", name: `${group.name}_${EPOCH}` },
          }),
    })),
    bucketArn: `arn:${partition}:s3:::${bucketName}`,
    prefix,
    storeRoleArn: roleArn(partition, id, store === "offlineStore" ? "writer-role" : "central-store-role"),
    ...storeKeyArns(keys, { online: made.replace(/.$/, "3"), offline: made }),
  });
}

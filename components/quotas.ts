/**
 * The policies' sizes before anything is made. What AWS will name (a table's epoch, a role's suffix, a key's ID) has a
 * known length: a stand-in of that length gives the size that the document will have.
 */
import { centralOfflineKeyPolicy } from "./topologies/assumed-role/policies/centralStoreKeys";
import {
  crossAccountTrustPolicy,
  type CrossAccountAccessFacts,
} from "./topologies/assumed-role/policies/crossAccountRole";
import { icebergTables } from "./policies/iceberg";
import { accessDocuments, planAccess, QUOTAS } from "./policies/fitting";
import {
  documentedOfflineBucketPolicy,
  offlineBucketPolicy,
} from "./topologies/offline-store/policies/offlineBucket";
import { documentedOfflineStoreKeyPolicy, offlineStoreKeyPolicy } from "./policies/offlineStoreKey";
import { documentedOnlineStoreKeyPolicy, onlineStoreKeyPolicy } from "./policies/onlineStoreKey";
import { writerAccessPolicy } from "./policies/writerRole";
import { profileQuotaFaults } from "./profiles/quotas";
import { givenKey, makesKey, type KeySettings } from "./settings/keySettings";
import type { SettingsFault } from "./settings/errors";
import { accessByGroup } from "./settings/taggedAccess";
import { accountOf, type ConsumerSettings, type Settings } from "./settings/types";
import { EPOCH, keyArn, ROLE_ID, roleArn, storeKeyArns, SUFFIX, tooLarge } from "./standIns";

/** Every document that would be larger than AWS takes: which, how large, and what to change. */
export function quotaFaults(settings: Settings): SettingsFault[] {
  return [
    ...offlineStoreFaults(settings),
    ...centralStoreFaults(settings),
    ...writerFaults(settings, "offlineStore"),
    ...writerFaults(settings, "centralStore"),
    ...settings.consumers.flatMap((consumer) => [...consumerFaults(settings, consumer)]),
    ...profileQuotaFaults(settings),
  ];
}

function* offlineStoreFaults(settings: Settings): Iterable<SettingsFault> {
  const { offlineStore, policyMode } = settings;
  if (!offlineStore) return;
  const { partition, region, id } = accountOf(settings, "A");
  const { additionalWriterRoleArns, keyAdministrators, bucketName, prefix } = offlineStore;
  const writerRoleArns = [roleArn(partition, id, "writer-role"), ...additionalWriterRoleArns];
  const documented = policyMode === "documented";
  const bucket = (documented ? documentedOfflineBucketPolicy : offlineBucketPolicy)({
    bucketArn: `arn:${partition}:s3:::${bucketName}`,
    prefix,
    writerRoleArns,
    writerRoleId: ROLE_ID,
    keyArn: givenKey(offlineStore.keys.offline) ?? keyArn(partition, region, id),
    iceberg: icebergTables(offlineStore.featureGroups).length > 0,
  });
  yield* tooLarge(
    "offlineStore.additionalWriterRoleArns",
    "account B's bucket policy",
    bucket,
    QUOTAS.bucketPolicy,
    "name fewer roles: one role can write for many feature groups",
  );
  yield* onlineKeyFaults(settings, "offlineStore", offlineStore);
  if (!makesKey(offlineStore.keys, "offline")) return;
  const key = (documented ? documentedOfflineStoreKeyPolicy : offlineStoreKeyPolicy)({
    partition,
    region,
    keyAccount: id,
    readerAccount: accountOf(settings, "B").id,
    writerRoleArns,
    writerRoleId: ROLE_ID,
    administratorRoleArns: keyAdministrators,
  });
  yield* tooLarge(
    "offlineStore.keyAdministrators",
    "account A's key policy",
    key,
    QUOTAS.keyPolicy,
    "name fewer administrators and writers",
  );
}

function* centralStoreFaults(settings: Settings): Iterable<SettingsFault> {
  const { centralStore } = settings;
  if (!centralStore) return;
  const { partition, id } = accountOf(settings, "B");
  yield* onlineKeyFaults(settings, "centralStore", centralStore);
  if (!makesKey(centralStore.keys, "offline")) return;
  const key = centralOfflineKeyPolicy({
    partition,
    keyAccount: id,
    administratorRoleArns: centralStore.keyAdministrators,
    writerRoleArn: roleArn(partition, id, "central-store-role"),
    writerRoleId: ROLE_ID,
  });
  yield* tooLarge(
    "centralStore.keyAdministrators",
    "the policy of account B's key",
    key,
    QUOTAS.keyPolicy,
    "name fewer administrators",
  );
}

/** Each Iceberg table stands in the policy of the role that writes it. The documents' own does not grow with them. */
function* writerFaults(settings: Settings, name: "offlineStore" | "centralStore"): Iterable<SettingsFault> {
  const store = settings[name];
  if (!store || settings.policyMode === "documented") return;
  const { partition, region, id } = accountOf(settings, name === "offlineStore" ? "A" : "B");
  const facts = {
    roleId: ROLE_ID,
    bucketArn: `arn:${partition}:s3:::${store.bucketName}`,
    bucketAccount: accountOf(settings, "B").id,
    prefix: store.prefix,
    keyArn: givenKey(store.keys.offline) ?? keyArn(partition, region, id),
    iceberg: { glueArn: `arn:${partition}:glue:${region}:${id}`, tables: icebergTables(store.featureGroups) },
  };
  yield* tooLarge(
    `${name}.featureGroups`,
    "the policy of the role that writes the Iceberg tables",
    writerAccessPolicy(facts),
    QUOTAS.inlinePolicies,
    "give fewer groups tableFormat: Iceberg, or set policyMode: documented",
  );
}

function* onlineKeyFaults(
  settings: Settings,
  name: "offlineStore" | "centralStore",
  { keys, keyAdministrators }: { readonly keys: KeySettings; readonly keyAdministrators: readonly string[] },
): Iterable<SettingsFault> {
  if (!makesKey(keys, "online")) return;
  const { partition, id } = accountOf(settings, name === "offlineStore" ? "A" : "B");
  const document =
    settings.policyMode === "documented" ? documentedOnlineStoreKeyPolicy : onlineStoreKeyPolicy;
  const { sageMakerReads, viaService } = keys;
  yield* tooLarge(
    `${name}.keyAdministrators`,
    "the policy of the online store's key",
    document({
      partition,
      keyAccount: id,
      administratorRoleArns: keyAdministrators,
      sageMakerReads,
      viaService,
    }),
    QUOTAS.keyPolicy,
    "name fewer administrators",
  );
}

function* consumerFaults(settings: Settings, consumer: ConsumerSettings): Iterable<SettingsFault> {
  const { id, partition } = accountOf(settings, consumer.account);
  const { name, externalId, organizationId, trustSageMaker } = consumer;
  const trust = crossAccountTrustPolicy({
    executionRoleArn: consumer.executionRoleArn ?? roleArn(partition, id, `consumer-${name}-execution-role`),
    executionRoleId: ROLE_ID,
    externalId,
    organizationId,
    trustSageMaker,
  });
  yield* tooLarge(
    `consumers.${name}.externalId`,
    "the trust policy of account B's role",
    trust,
    QUOTAS.trustPolicy,
    "choose a shorter external ID",
  );
  // The document's own policies do not grow with the feature groups.
  if (settings.policyMode === "documented") return;
  const facts = plannedAccessFacts(settings, consumer);
  const plan = planAccess(facts);
  if (plan.kind === "inline") return;
  const documents = accessDocuments(facts, plan);
  // The first has what does not grow with the feature groups: of that, only what is granted by tags has no bound.
  const [shared, ...rest] = documents;
  const byTags = consumer.accessByTags.length > 0;
  if (shared)
    yield* tooLarge(
      `consumers.${name}.${byTags ? "accessByTags" : "access"}`,
      byTags
        ? "what account B's role may do by tags, a managed policy,"
        : "a managed policy of account B's role",
      shared,
      QUOTAS.managedPolicy,
      byTags
        ? "name fewer or shorter tags: one tag can be on many feature groups"
        : "choose shorter prefixes and names",
    );
  for (const document of rest)
    yield* tooLarge(
      `consumers.${name}.access`,
      "a managed policy of account B's role",
      document,
      QUOTAS.managedPolicy,
      "choose shorter prefixes and names",
    );
  if (documents.length > QUOTAS.managedPolicies)
    yield {
      path: `consumers.${name}.access`,
      message:
        `what the role may do fills ${documents.length} managed policies of ${QUOTAS.managedPolicy} characters, and AWS takes ` +
        `${QUOTAS.managedPolicies} a role: name fewer feature groups, or make two consumers of it, each with an execution role of its own`,
    };
}

/** The facts of a consumer's access with stand-ins, each as long as what will stand there. */
export function plannedAccessFacts(settings: Settings, consumer: ConsumerSettings): CrossAccountAccessFacts {
  const { partition, region, id: account } = accountOf(settings, "B");
  const { bucketName = "", prefix = "", featureGroups = [], keys } = settings.centralStore ?? {};
  const made = keyArn(partition, region, account);
  const { resultsBucket, name } = consumer;
  const access = accessByGroup(settings, consumer);
  const s3Uri = `s3://${bucketName}${prefix === "" ? "" : `/${prefix}`}/${account}/sagemaker/${region}/offline-store`;
  return {
    partition,
    region,
    account,
    bucketArn: `arn:${partition}:s3:::${bucketName}`,
    // One for both where it is shared: two stand-ins of the same name would count as one.
    ...storeKeyArns(keys, { online: made.replace(/.$/, "3"), offline: made }),
    workgroupArn: `arn:${partition}:athena:${region}:${account}:workgroup/cross-account-${name}-workgroup${SUFFIX}`,
    results: {
      bucketArn: `arn:${partition}:s3:::${resultsBucket.name}`,
      prefix: resultsBucket.prefix,
      account: accountOf(settings, consumer.account).id,
      keyArn: resultsBucket.keyArn,
    },
    byTags: consumer.accessByTags.map(({ tags, permissions }) => ({ tags, access: permissions })),
    groups: featureGroups.flatMap((settingsOf) => {
      const { name: group, onlineStore, tableFormat, dataCatalog, offlineStore } = settingsOf;
      const granted = Object.hasOwn(access, group) ? access[group] : undefined;
      if (!granted) return [];
      return [
        {
          name: group,
          arn: `arn:${partition}:sagemaker:${region}:${account}:feature-group/${group}`,
          onlineStore,
          ...(offlineStore === false
            ? {}
            : {
                s3Uri: `${s3Uri}/${group}-${EPOCH}/data`,
                iceberg: tableFormat === "Iceberg",
                table: dataCatalog
                  ? { database: dataCatalog.database, name: dataCatalog.table }
                  : { database: "sagemaker_featurestore", name: `${group}_${EPOCH}` },
              }),
          access: granted,
        },
      ];
    }),
  };
}

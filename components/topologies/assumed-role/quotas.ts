/** Checks the sizes of the topology's policies before anything is made, with stand-ins as long as AWS's names will be. */
import { QUOTAS } from "../../policies/quotas";
import type { ValidationError } from "../../settings/errors";
import { makesKey } from "../../settings/keySettings";
import { accountOf, type SharedSettings } from "../../settings/types";
import { ROLE_ID, roleArn, standInStore, SUFFIX, tooLarge } from "../../standIns";
import { onlineKeyQuota, storeRoleQuota } from "../../storeQuotas";
import { executionRoleName } from "./consumer";
import { workgroupName } from "./crossAccountRole";
import { accessFacts, offlineKeyFacts, trustFacts } from "./facts";
import { accessDocuments, planAccess } from "./policies/accessPlan";
import { centralOfflineKeyPolicy } from "./policies/centralStoreKeys";
import { crossAccountTrustPolicy } from "./policies/crossAccountRole";
import type { CrossAccountAccessFacts } from "./policies/facts";
import type { CentralStoreSettings, ConsumerSettings, OwnSettings } from "./settings";
import { store } from "./store";

export function* quotas(settings: SharedSettings & OwnSettings): Iterable<ValidationError> {
  const { centralStore, consumers } = settings;
  if (!centralStore) return;
  const place = accountOf(settings, "B");
  yield* onlineKeyQuota(settings, store, centralStore);
  if (makesKey(centralStore.keys, "offline"))
    yield* tooLarge(
      "centralStore.keyAdministrators",
      "the policy of account B's key",
      centralOfflineKeyPolicy(
        offlineKeyFacts(centralStore, place, { roleArn: roleArn(place, store.roleName), roleId: ROLE_ID }),
      ),
      QUOTAS.keyPolicy,
      "name fewer administrators",
    );
  yield* storeRoleQuota(settings, store, centralStore);
  for (const consumer of consumers) {
    yield* trustQuota(settings, consumer);
    // The document's own policies do not grow with the feature groups.
    if (settings.policyMode !== "documented")
      yield* accessQuotas(consumer, plannedAccess(settings, centralStore, consumer));
  }
}

function trustQuota(settings: SharedSettings, consumer: ConsumerSettings): Iterable<ValidationError> {
  const { name, account, executionRoleArn } = consumer;
  const made = roleArn(accountOf(settings, account), executionRoleName(name));
  const executionRole = { executionRoleArn: executionRoleArn ?? made, executionRoleId: ROLE_ID };
  return tooLarge(
    `consumers.${name}.externalId`,
    "the trust policy of account B's role",
    crossAccountTrustPolicy(trustFacts(consumer, executionRole)),
    QUOTAS.trustPolicy,
    "choose a shorter external ID",
  );
}

function* accessQuotas(
  consumer: ConsumerSettings,
  facts: CrossAccountAccessFacts,
): Iterable<ValidationError> {
  const plan = planAccess(facts);
  if (plan.kind === "inline") return;
  const documents = accessDocuments(facts, plan);
  const path = `consumers.${consumer.name}.access`;
  // The first has the statements that do not grow with the feature groups; of these, only the permissions by tags are unbounded.
  const byTags = consumer.accessByTags.length > 0;
  for (const [index, document] of documents.entries())
    yield* byTags && index === 0
      ? tooLarge(
          `${path}ByTags`,
          "the managed policy of account B's role for access by tags",
          document,
          QUOTAS.managedPolicy,
          "name fewer or shorter tags: one tag can be on many feature groups",
        )
      : tooLarge(
          path,
          "a managed policy of account B's role",
          document,
          QUOTAS.managedPolicy,
          "choose shorter prefixes and names",
        );
  if (documents.length > QUOTAS.managedPolicies)
    yield {
      path,
      message:
        `the role's permissions fill ${documents.length} managed policies of ${QUOTAS.managedPolicy} characters, and AWS allows ` +
        `${QUOTAS.managedPolicies} per role: name fewer feature groups, or split it into two consumers, each with its own execution role`,
    };
}

/** The facts of a consumer's permissions, with stand-ins for values that AWS will name. */
export function plannedAccess(
  settings: SharedSettings,
  centralStore: CentralStoreSettings,
  consumer: ConsumerSettings,
): CrossAccountAccessFacts {
  const place = accountOf(settings, "B");
  const { partition, region, id } = place;
  const { roleArn: _, ...known } = standInStore(centralStore, place, store.roleName);
  return accessFacts(settings, centralStore, consumer, {
    ...known,
    workgroupArn: `arn:${partition}:athena:${region}:${id}:workgroup/${workgroupName(consumer.name)}${SUFFIX}`,
    resultsBucketArn: `arn:${partition}:s3:::${consumer.resultsBucket.name}`,
  });
}

/** From settings and an access model to the facts that intents are made of: which ARN is whose. */
import type { GroupFacts, Intent, StoreFacts } from "../../access/intents/types";
import { topologyIntents } from "../../access/topologies";
import type { ConsumerFacts } from "../../access/topologies/assumedRole/consumer";
import { monitoringIntents, type MonitoringFacts } from "../../access/intents/monitoring";
import { profileIntents, type ProfileFacts } from "../../access/intents/profiles";
import type { AccessModel, ModelResource, ModelRole, ResourceKind } from "../../access/model";
import type { PolicyStatement } from "@feature-store-access/iam";
import { accountOf, givenKey, type ProfileSettings, type Settings } from "../../components/settings";
import {
  effectiveAccess,
  type CentralStoreSettings,
  type ConsumerSettings,
} from "../../components/topologies/assumed-role";
import type { OfflineStoreSettings } from "../../components/topologies/offline-store";

/** An account of nobody: no settings may name it, and what it may do is what any stranger may. */
const STRANGER = "000000000000";

/** What the settings mean, for the resources that the model has. */
export function intentsOf(settings: Settings, model: AccessModel): Intent[] {
  const { offlineStore, centralStore, policyMode } = settings;
  const exact = policyMode === "leastPrivilege";
  const { partition } = accountOf(settings, "B");
  const strangers = { partition, account: STRANGER };
  const central = centralStore && storeFacts(settings, model, "centralStore", centralStore);
  const own = offlineStore && storeFacts(settings, model, "offlineStore", offlineStore);
  const consumers = settings.consumers.flatMap((consumer) => consumerFacts(settings, model, consumer) ?? []);
  const intents = [
    ...topologyIntents(
      {
        ...(own ? { "offline-store": { store: own } } : {}),
        ...(central ? { "assumed-role": { store: central, consumers } } : {}),
      },
      { strangers, exact },
    ),
    ...monitoringFacts(settings, model).flatMap((facts) => monitoringIntents(facts, strangers)),
    ...settings.profiles.flatMap((profile) => {
      const store = profile.store === "offlineStore" ? own : central;
      const facts = profileFacts(settings, model, profile);
      return store && facts ? profileIntents(store, facts, strangers) : [];
    }),
  ];
  const given = new Set(givenKeys(settings));
  return intents.map((intent) => {
    if (intent.expect === "denied") return intent;
    // The policy of a key that was there before is its owner's: what it lets do, the driver's preflight asks of the key itself.
    const steps = intent.steps.map((step) =>
      given.has(step.scope) ? { ...step, resourceAssumed: true } : step,
    );
    return { ...intent, steps };
  });
}

/** The ARNs of keys that the settings name. */
function givenKeys({ offlineStore, centralStore }: Settings): string[] {
  return [offlineStore, centralStore].flatMap((store) =>
    store
      ? [givenKey(store.keys.online), givenKey(store.keys.offline)].filter((arn) => arn !== undefined)
      : [],
  );
}

/** ARNs of the roles that the settings name and no stage makes. */
export function broughtRoles({ consumers }: Settings): string[] {
  return consumers.flatMap(({ executionRoleArn }) =>
    executionRoleArn === undefined ? [] : [executionRoleArn],
  );
}

const STAGES = {
  offlineStore: { role: "writer", bucket: "offlineBucket", groups: "featureGroups", account: "A" },
  centralStore: { role: "centralStore", bucket: "centralStore", groups: "centralStore", account: "B" },
} as const;

function storeFacts(
  settings: Settings,
  model: AccessModel,
  setting: "offlineStore" | "centralStore",
  store: OfflineStoreSettings | CentralStoreSettings,
): StoreFacts | undefined {
  const at = STAGES[setting];
  const role = roleIn(model, at.role);
  const bucket = resourceIn(model, "bucket", at.bucket);
  if (!role || !bucket) return undefined;
  const { id: account, partition, region, deployerRoleArn } = accountOf(settings, at.account);
  const groups = model.resources
    .filter(({ kind, stage }) => kind === "featureGroup" && stage === at.groups)
    .map((group) => ({ ...groupFacts(group), tags: { ...settings.tags, ...group.tags } }));
  const keyArns = groups.flatMap(({ onlineKeyArn, offlineKeyArn }) => [onlineKeyArn, offlineKeyArn]);
  const own = model.resources
    .filter(({ kind, stage }) => kind === "key" && stage === at.role)
    .map(({ arn }) => arn);
  const verifiable = setting === "offlineStore" && settings.verification.trustDeployer;
  return {
    setting,
    partition,
    region,
    account,
    bucketAccount: bucket.account,
    roleArn: role.arn,
    bucketArn: bucket.arn,
    prefix: store.prefix,
    groups,
    keyArns: [...new Set([...own, ...keyArns])].filter((arn) => arn !== undefined),
    viaSageMakerKeyArns: store.keys.viaService
      ? groups.flatMap(({ onlineKeyArn }) => onlineKeyArn ?? [])
      : [],
    serviceReadsKeys: store.keys.sageMakerReads,
    keyAdministrators: store.keyAdministrators,
    additionalWriterRoleArns: "additionalWriterRoleArns" in store ? store.additionalWriterRoleArns : [],
    ...(verifiable ? { verifierArn: deployerRoleArn } : {}),
  };
}

interface GroupProperties {
  readonly featureGroupName?: string;
  readonly roleArn?: string;
  readonly onlineStoreConfig?: {
    readonly enableOnlineStore?: boolean;
    readonly securityConfig?: { readonly kmsKeyId?: string };
  };
  readonly offlineStoreConfig?: {
    readonly tableFormat?: string;
    readonly s3StorageConfig: { readonly kmsKeyId?: string; readonly resolvedOutputS3Uri?: string };
    readonly dataCatalogConfig?: { readonly database?: string; readonly tableName?: string };
  };
}

function groupFacts({ arn, account, region, properties, label }: ModelResource): GroupFacts {
  const {
    featureGroupName = label,
    roleArn,
    onlineStoreConfig: online,
    offlineStoreConfig: offline,
  } = properties as GroupProperties;
  const [, bucket, dataPrefix] =
    /^s3:\/\/([^/]+)\/(.+)$/.exec(offline?.s3StorageConfig.resolvedOutputS3Uri ?? "") ?? [];
  const { database, tableName } = offline?.dataCatalogConfig ?? {};
  const onlineKeyArn = online?.securityConfig?.kmsKeyId;
  const offlineKeyArn = offline?.s3StorageConfig.kmsKeyId;
  const [, partition = "aws"] = arn.split(":");
  return {
    name: featureGroupName,
    arn,
    account,
    region,
    online: online?.enableOnlineStore ?? false,
    iceberg: offline?.tableFormat === "Iceberg",
    ...(onlineKeyArn ? { onlineKeyArn } : {}),
    ...(offlineKeyArn ? { offlineKeyArn } : {}),
    ...(bucket === undefined ? {} : { bucketArn: `arn:${partition}:s3:::${bucket}` }),
    ...(dataPrefix === undefined ? {} : { dataPrefix }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(database && tableName ? { table: { database, name: tableName } } : {}),
  };
}

function consumerFacts(
  settings: Settings,
  model: AccessModel,
  consumer: ConsumerSettings,
): ConsumerFacts | undefined {
  const { name, externalId, organizationId, trustSageMaker, executionRoleArn, accessByTags } = consumer;
  const { id: account, partition, deployerRoleArn } = accountOf(settings, consumer.account);
  const execution = roleIn(model, `consumer:${name}`);
  const role = roleIn(model, `crossAccountRole:${name}`);
  const workgroup = resourceIn(model, "workgroup", `crossAccountRole:${name}`);
  const executionArn = execution?.arn ?? executionRoleArn;
  if (executionArn === undefined || !role || !workgroup) return undefined;
  const { prefix, keyArn, existing, name: bucketName } = consumer.resultsBucket;
  return {
    name,
    account,
    executionRoleArn: executionArn,
    executionRoleMade: execution !== undefined,
    roleArn: role.arn,
    trustSageMaker,
    workgroupArn: workgroup.arn,
    ...outputOf(workgroup),
    results: {
      bucketArn: `arn:${partition}:s3:::${bucketName}`,
      prefix,
      existing,
      ...(keyArn ? { keyArn } : {}),
    },
    access: effectiveAccess(settings, consumer),
    byTags: accessByTags,
    ...(externalId === undefined ? {} : { externalId }),
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(settings.verification.trustDeployer ? { verifierArn: deployerRoleArn } : {}),
  };
}

function outputOf({ arn, properties }: ModelResource): Pick<ConsumerFacts, "workgroupWrites"> {
  const { configuration } = properties as {
    configuration?: { resultConfiguration?: { outputLocation?: string } };
  };
  const [, place] = /^s3:\/\/(.+?)\/?$/.exec(configuration?.resultConfiguration?.outputLocation ?? "") ?? [];
  const [, partition = "aws"] = arn.split(":");
  return place === undefined ? {} : { workgroupWrites: `arn:${partition}:s3:::${place}/*` };
}

function monitoringFacts(settings: Settings, { resources }: AccessModel): MonitoringFacts[] {
  return (["A", "B"] as const).flatMap((name): MonitoringFacts[] => {
    const own = settings.monitoring?.accounts[name];
    if (!own) return [];
    const stage = `monitoring:${name}`;
    const { id: account, partition, region } = accountOf(settings, name);
    const topics = resources.filter((each) => each.kind === "topic" && each.stage === stage);
    const bucket = resources.find((each) => each.kind === "bucket" && each.stage === stage);
    const trailArn = (bucket?.policy?.document.Statement as readonly PolicyStatement[] | undefined)
      ?.map(({ Condition }) => Condition?.["StringEquals"]?.["aws:SourceArn"])
      .find(
        (arn) =>
          typeof arn === "string" && arn.startsWith(`arn:${partition}:cloudtrail:${region}:${account}:`),
      );
    return [
      {
        stage,
        partition,
        account,
        topics: topics.map(({ arn, region: of }) => ({ arn, region: of })),
        ...(bucket && typeof trailArn === "string"
          ? { trail: { arn: trailArn, bucketArn: bucket.arn } }
          : {}),
      },
    ];
  });
}

function profileFacts(
  settings: Settings,
  { roles }: AccessModel,
  { name, profile, account, trustedRoleArns, scope }: ProfileSettings,
): ProfileFacts | undefined {
  const label = `profiles:${account}.profile-${name}-role`;
  const role = roles.find((each) => each.label === label);
  if (!role) return undefined;
  return {
    name,
    profile,
    roleArn: role.arn,
    account: accountOf(settings, account).id,
    trustedRoleArns,
    scope,
  };
}

function roleIn({ roles }: AccessModel, stage: string): ModelRole | undefined {
  return roles.find((role) => role.stage === stage);
}

function resourceIn(
  { resources }: AccessModel,
  kind: ResourceKind,
  stage: string,
): ModelResource | undefined {
  return resources.find((resource) => resource.kind === kind && resource.stage === stage);
}

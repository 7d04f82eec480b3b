/** Facts of a store and its feature groups from an access model. */
import type { GroupFacts, StoreFacts } from "../../access/intents/types";
import type { AccessModel, ModelResource, ModelRole, ResourceKind } from "../../access/model";
import { accountOf, type Settings } from "../../components/settings";
import { STORES } from "../../components/topologies";

/** @returns the role that the stage makes */
export function roleIn({ roles }: AccessModel, stage: string): ModelRole | undefined {
  return roles.find((role) => role.stage === stage);
}

/** @returns the resource of the kind that the stage makes */
export function resourceIn(
  { resources }: AccessModel,
  kind: ResourceKind,
  stage: string,
): ModelResource | undefined {
  return resources.find((resource) => resource.kind === kind && resource.stage === stage);
}

/**
 * @param setting name of the store's setting
 * @param more facts that only its topology knows
 * @returns undefined if the settings do not have the store, or the model lacks its role or bucket
 */
export function storeFacts(
  settings: Settings,
  model: AccessModel,
  setting: string,
  more: Partial<StoreFacts> = {},
): StoreFacts | undefined {
  const { of, stages, account: name } = STORES.find((store) => store.setting === setting) ?? {};
  const store = of?.(settings);
  if (!store || !stages || !name) return undefined;
  const role = roleIn(model, stages.role);
  const bucket = resourceIn(model, "bucket", stages.bucket);
  if (!role || !bucket) return undefined;
  const { id: account, partition, region } = accountOf(settings, name);
  const groups = model.resources
    .filter(({ kind, stage }) => kind === "featureGroup" && stage === stages.groups)
    .map((group) => ({ ...groupFacts(group), tags: { ...settings.tags, ...group.tags } }));
  const keyArns = groups.flatMap(({ onlineKeyArn, offlineKeyArn }) => [onlineKeyArn, offlineKeyArn]);
  const own = model.resources.filter(({ kind, stage }) => kind === "key" && stage === stages.role);
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
    keyArns: [...new Set([...own.map(({ arn }) => arn), ...keyArns])].filter((arn) => arn !== undefined),
    viaSageMakerKeyArns: store.keys.viaService
      ? groups.flatMap(({ onlineKeyArn }) => onlineKeyArn ?? [])
      : [],
    serviceReadsKeys: store.keys.sageMakerReads,
    keyAdministrators: store.keyAdministrators,
    additionalWriterRoleArns: [],
    ...more,
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

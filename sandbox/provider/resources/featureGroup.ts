/** SageMaker: feature groups. Adding features replaces the group, as the real provider does (hashicorp/terraform-provider-aws#36784). */
import type {
  CreateFeatureGroupCommandInput,
  DescribeFeatureGroupCommandOutput,
} from "@aws-sdk/client-sagemaker";
import type { Clients } from "../clients";
import { same } from "../equal";
import { NEW_ROLE, orGone, retrying, until } from "../retry";
import { must, PartlyMade, text, UNKNOWN, type Properties, type ResourceType } from "../resourceType";
import { allTags, shownTags } from "../tags";

const sdk = () => import("@aws-sdk/client-sagemaker");
/** Milliseconds that a group may take to be made, or to go. */
const PATIENCE = 20 * 60_000;

interface Feature {
  readonly featureName?: string;
  readonly featureType?: string;
  readonly collectionType?: string;
  readonly collectionConfig?: { readonly vectorConfig?: { readonly dimension?: number } };
}
interface Online {
  readonly enableOnlineStore?: boolean;
  readonly storageType?: string;
  readonly securityConfig?: { readonly kmsKeyId?: string };
  readonly ttlDuration?: { readonly unit?: string; readonly value?: number };
}
interface Offline {
  readonly disableGlueTableCreation?: boolean;
  readonly tableFormat?: string;
  readonly dataCatalogConfig?: {
    readonly catalog?: string;
    readonly database?: string;
    readonly tableName?: string;
  };
  readonly s3StorageConfig: {
    readonly s3Uri: string;
    readonly kmsKeyId?: string;
    readonly resolvedOutputS3Uri?: string;
  };
}
interface Throughput {
  readonly throughputMode?: string;
  readonly provisionedReadCapacityUnits?: number;
  readonly provisionedWriteCapacityUnits?: number;
}

export const featureGroup: ResourceType = {
  token: "aws:sagemaker/featureGroup:FeatureGroup",
  title: "SageMaker AI Feature Group",
  inputs: [
    "featureGroupName",
    "description",
    "eventTimeFeatureName",
    "recordIdentifierFeatureName",
    "featureDefinitions",
    "offlineStoreConfig",
    "onlineStoreConfig",
    "roleArn",
    "tags",
    "throughputConfig",
  ],
  required: [
    "featureGroupName",
    "eventTimeFeatureName",
    "recordIdentifierFeatureName",
    "featureDefinitions",
    "roleArn",
  ],
  computed: ["arn"],
  replaceOn: [
    "featureGroupName",
    "description",
    "eventTimeFeatureName",
    "recordIdentifierFeatureName",
    "featureDefinitions",
    "offlineStoreConfig",
    "roleArn",
  ],
  tagged: true,
  check(inputs) {
    const name = text(inputs, "featureGroupName");
    return name !== undefined && !/^[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}$/.test(name)
      ? [
          {
            property: "featureGroupName",
            reason:
              "invalid value for feature_group_name (Must start with an alphanumeric character and Can only contain alphanumeric characters, hyphens and underscores. Spaces are not allowed.)",
          },
        ]
      : [];
  },
  preview({ offlineStoreConfig, onlineStoreConfig, throughputConfig }) {
    const offline = offlineStoreConfig as Offline | undefined;
    const known = typeof offline === "object" ? offline : undefined;
    return {
      ...(known
        ? {
            offlineStoreConfig: {
              ...known,
              dataCatalogConfig: known.dataCatalogConfig ?? UNKNOWN,
              s3StorageConfig: { ...known.s3StorageConfig, resolvedOutputS3Uri: UNKNOWN },
            },
          }
        : {}),
      ...(onlineStoreConfig === undefined ? {} : { throughputConfig: throughputConfig ?? UNKNOWN }),
    };
  },
  async create(clients, inputs) {
    const { CreateFeatureGroupCommand } = await sdk();
    const client = await clients.sagemaker();
    const name = must(inputs, "featureGroupName");
    const command = new CreateFeatureGroupCommand(request(clients, inputs));
    await retrying(() => client.send(command), NEW_ROLE);
    const made = await until(
      () => describe(clients, name),
      (group) => group?.FeatureGroupStatus !== "Creating",
      `feature group ${name} to be created`,
      PATIENCE,
    );
    if (made?.FeatureGroupStatus !== "Created")
      throw new PartlyMade(
        name,
        `waiting for SageMaker AI Feature Group (${name}) create: unexpected state '${made?.FeatureGroupStatus ?? "gone"}', wanted target 'Created': ${made?.FailureReason ?? "no reason given"}`,
      );
    return name;
  },
  async update(clients, FeatureGroupName, olds, news) {
    const { UpdateFeatureGroupCommand, AddTagsCommand, DeleteTagsCommand } = await sdk();
    const client = await clients.sagemaker();
    const before = olds["onlineStoreConfig"] as Online | undefined;
    const after = news["onlineStoreConfig"] as Online | undefined;
    const ttl = after?.ttlDuration;
    if (ttl && !same(before?.ttlDuration, ttl)) {
      await client.send(
        new UpdateFeatureGroupCommand({
          FeatureGroupName,
          OnlineStoreConfig: { TtlDuration: { Unit: ttl.unit as "Days", Value: ttl.value } },
        }),
      );
      await updated(clients, FeatureGroupName);
    }
    const throughput = news["throughputConfig"] as Throughput | undefined;
    if (throughput && !same(olds["throughputConfig"], throughput)) {
      await client.send(
        new UpdateFeatureGroupCommand({ FeatureGroupName, ThroughputConfig: throughputOf(throughput) }),
      );
      await updated(clients, FeatureGroupName);
    }
    const ResourceArn = (await describe(clients, FeatureGroupName))?.FeatureGroupArn;
    const [tagsBefore, tagsAfter] = [allTags(clients, olds), allTags(clients, news)];
    const gone = Object.keys(tagsBefore).filter((key) => !(key in tagsAfter));
    if (gone.length > 0) await client.send(new DeleteTagsCommand({ ResourceArn, TagKeys: gone }));
    if (Object.keys(tagsAfter).length > 0)
      await client.send(new AddTagsCommand({ ResourceArn, Tags: toTags(tagsAfter) }));
  },
  async remove(clients, FeatureGroupName) {
    const { DeleteFeatureGroupCommand } = await sdk();
    const client = await clients.sagemaker();
    const there = await orGone(
      () => client.send(new DeleteFeatureGroupCommand({ FeatureGroupName })),
      "ResourceNotFound",
    );
    if (there)
      await until(
        () => describe(clients, FeatureGroupName),
        (group) => group === undefined,
        `feature group ${FeatureGroupName} to be deleted`,
        PATIENCE,
      );
  },
  async observe(clients, FeatureGroupName) {
    const { paginateListTags } = await sdk();
    const client = await clients.sagemaker();
    const group = await describe(clients, FeatureGroupName);
    if (!group) return undefined;
    const tags: Record<string, string> = {};
    for await (const page of paginateListTags({ client }, { ResourceArn: group.FeatureGroupArn }))
      for (const { Key = "", Value = "" } of page.Tags ?? []) tags[Key] = Value;
    return { ...shown(group), ...shownTags(clients, tags) };
  },
};

/** The group, or undefined if there is none. */
async function describe(
  clients: Clients,
  FeatureGroupName: string,
): Promise<DescribeFeatureGroupCommandOutput | undefined> {
  const { DescribeFeatureGroupCommand } = await sdk();
  const client = await clients.sagemaker();
  return orGone(() => client.send(new DescribeFeatureGroupCommand({ FeatureGroupName })), "ResourceNotFound");
}

async function updated(clients: Clients, name: string): Promise<void> {
  const group = await until(
    () => describe(clients, name),
    (each) => each?.LastUpdateStatus?.Status !== "InProgress",
    `feature group ${name} to be updated`,
    PATIENCE,
  );
  if (group?.LastUpdateStatus?.Status === "Failed")
    throw new Error(`updating ${name} failed: ${group.LastUpdateStatus.FailureReason ?? "no reason given"}`);
}

function request(clients: Clients, inputs: Properties): CreateFeatureGroupCommandInput {
  const online = inputs["onlineStoreConfig"] as Online | undefined;
  const offline = inputs["offlineStoreConfig"] as Offline | undefined;
  const throughput = inputs["throughputConfig"] as Throughput | undefined;
  return {
    FeatureGroupName: must(inputs, "featureGroupName"),
    RecordIdentifierFeatureName: must(inputs, "recordIdentifierFeatureName"),
    EventTimeFeatureName: must(inputs, "eventTimeFeatureName"),
    RoleArn: must(inputs, "roleArn"),
    Description: text(inputs, "description"),
    FeatureDefinitions: (inputs["featureDefinitions"] as Feature[]).map(
      ({ featureName, featureType, collectionType, collectionConfig }) => ({
        FeatureName: featureName,
        FeatureType: featureType as "String",
        ...(collectionType ? { CollectionType: collectionType as "List" } : {}),
        ...(collectionConfig?.vectorConfig
          ? { CollectionConfig: { VectorConfig: { Dimension: collectionConfig.vectorConfig.dimension } } }
          : {}),
      }),
    ),
    ...(online ? { OnlineStoreConfig: onlineOf(online) } : {}),
    ...(offline ? { OfflineStoreConfig: offlineOf(offline) } : {}),
    ...(throughput ? { ThroughputConfig: throughputOf(throughput) } : {}),
    Tags: toTags(allTags(clients, inputs)),
  };
}

function onlineOf({
  enableOnlineStore,
  storageType,
  securityConfig,
  ttlDuration,
}: Online): CreateFeatureGroupCommandInput["OnlineStoreConfig"] {
  return {
    EnableOnlineStore: enableOnlineStore ?? false,
    ...(storageType ? { StorageType: storageType as "Standard" } : {}),
    ...(securityConfig?.kmsKeyId ? { SecurityConfig: { KmsKeyId: securityConfig.kmsKeyId } } : {}),
    ...(ttlDuration ? { TtlDuration: { Unit: ttlDuration.unit as "Days", Value: ttlDuration.value } } : {}),
  };
}

function offlineOf({
  disableGlueTableCreation,
  tableFormat,
  dataCatalogConfig: catalog,
  s3StorageConfig,
}: Offline): CreateFeatureGroupCommandInput["OfflineStoreConfig"] {
  return {
    S3StorageConfig: {
      S3Uri: s3StorageConfig.s3Uri,
      ...(s3StorageConfig.kmsKeyId ? { KmsKeyId: s3StorageConfig.kmsKeyId } : {}),
    },
    DisableGlueTableCreation: disableGlueTableCreation ?? false,
    ...(tableFormat ? { TableFormat: tableFormat as "Glue" } : {}),
    ...(catalog
      ? {
          DataCatalogConfig: {
            Catalog: catalog.catalog,
            Database: catalog.database,
            TableName: catalog.tableName,
          },
        }
      : {}),
  };
}

function throughputOf({
  throughputMode,
  provisionedReadCapacityUnits,
  provisionedWriteCapacityUnits,
}: Throughput) {
  return {
    ThroughputMode: throughputMode as "OnDemand",
    ProvisionedReadCapacityUnits: provisionedReadCapacityUnits,
    ProvisionedWriteCapacityUnits: provisionedWriteCapacityUnits,
  };
}

/** As the real provider shows it: what AWS does not say is left out. */
function shown(group: DescribeFeatureGroupCommandOutput): Properties {
  const { OnlineStoreConfig: online, OfflineStoreConfig: offline, ThroughputConfig: throughput } = group;
  return given({
    featureGroupName: group.FeatureGroupName,
    arn: group.FeatureGroupArn,
    roleArn: group.RoleArn,
    description: group.Description,
    recordIdentifierFeatureName: group.RecordIdentifierFeatureName,
    eventTimeFeatureName: group.EventTimeFeatureName,
    featureDefinitions: (group.FeatureDefinitions ?? []).map(
      ({ FeatureName, FeatureType, CollectionType, CollectionConfig }) =>
        given({
          featureName: FeatureName,
          featureType: FeatureType,
          collectionType: CollectionType,
          collectionConfig: CollectionConfig?.VectorConfig && {
            vectorConfig: { dimension: CollectionConfig.VectorConfig.Dimension },
          },
        }),
    ),
    onlineStoreConfig:
      online &&
      given({
        enableOnlineStore: online.EnableOnlineStore,
        storageType: online.StorageType,
        securityConfig: online.SecurityConfig?.KmsKeyId && { kmsKeyId: online.SecurityConfig.KmsKeyId },
        ttlDuration: online.TtlDuration && { unit: online.TtlDuration.Unit, value: online.TtlDuration.Value },
      }),
    offlineStoreConfig:
      offline &&
      given({
        disableGlueTableCreation: offline.DisableGlueTableCreation,
        tableFormat: offline.TableFormat,
        dataCatalogConfig: offline.DataCatalogConfig && {
          catalog: offline.DataCatalogConfig.Catalog,
          database: offline.DataCatalogConfig.Database,
          tableName: offline.DataCatalogConfig.TableName,
        },
        s3StorageConfig: given({
          s3Uri: offline.S3StorageConfig?.S3Uri,
          kmsKeyId: offline.S3StorageConfig?.KmsKeyId,
          resolvedOutputS3Uri: offline.S3StorageConfig?.ResolvedOutputS3Uri,
        }),
      }),
    throughputConfig:
      throughput &&
      given({
        throughputMode: throughput.ThroughputMode,
        provisionedReadCapacityUnits: throughput.ProvisionedReadCapacityUnits,
        provisionedWriteCapacityUnits: throughput.ProvisionedWriteCapacityUnits,
      }),
  });
}

function given(value: Properties): Properties {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined && each !== ""));
}

function toTags(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

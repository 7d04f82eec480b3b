/** Authorizes and validates a CreateFeatureGroup request. */
import type { RequestContext } from "@feature-store-access/iam";
import type { Call, Tag, World } from "../../core";
import { checkFeatures, checkKeyFeatures, checkThroughput } from "./definitions";
import { defaultCatalog } from "./offlineLocation";
import type {
  FeatureDefinition,
  OfflineStore,
  OnlineStore,
  ThroughputConfig,
} from "../../core/featureGroups";
import { invalid } from "./state";

export interface CreateRequest {
  readonly FeatureGroupName: string;
  readonly RecordIdentifierFeatureName: string;
  readonly EventTimeFeatureName: string;
  readonly FeatureDefinitions: FeatureDefinition[];
  readonly OnlineStoreConfig?: Partial<OnlineStore> | null;
  readonly OfflineStoreConfig?: OfflineRequest | null;
  readonly ThroughputConfig?: ThroughputConfig | null;
  readonly RoleArn?: string | null;
  readonly Description?: string | null;
  readonly Tags?: Tag[] | null;
}

export interface OfflineRequest {
  readonly S3StorageConfig: { readonly S3Uri: string; readonly KmsKeyId?: string };
  readonly DisableGlueTableCreation?: boolean;
  readonly DataCatalogConfig?: OfflineStore["DataCatalogConfig"];
  readonly TableFormat?: OfflineStore["TableFormat"];
}

/** The permission to create, with the condition keys of the Service Authorization Reference; AddTags, too, if the request has tags. */
export function authorizeCreation(world: World, call: Call, arn: string, request: CreateRequest): void {
  const tags: RequestContext = request.Tags?.length
    ? {
        ...Object.fromEntries(request.Tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
        "aws:TagKeys": request.Tags.map(({ Key }) => Key),
      }
    : {};
  const { OnlineStoreConfig: online, OfflineStoreConfig: offline } = request;
  const onlineKeyId = online?.SecurityConfig?.KmsKeyId;
  const offlineKeyId = offline?.S3StorageConfig.KmsKeyId;
  const check = (action: string, context: RequestContext) =>
    world.authorize(call, {
      action,
      resource: arn,
      resourceAccount: call.caller.account,
      context: { ...tags, ...context },
      code: "AccessDeniedException",
    });
  check("sagemaker:CreateFeatureGroup", {
    "sagemaker:FeatureGroupEnableOnlineStore": String(online?.EnableOnlineStore ?? false),
    ...(onlineKeyId ? { "sagemaker:FeatureGroupOnlineStoreKmsKeyArn": onlineKeyId } : {}),
    ...(offline
      ? {
          // The condition key is present if the store is: policies can only test its presence (Null).
          "sagemaker:FeatureGroupOfflineStoreConfig": "true",
          "sagemaker:FeatureGroupOfflineStoreS3Uri": offline.S3StorageConfig.S3Uri,
          "sagemaker:FeatureGroupDisableGlueTableCreation": String(offline.DisableGlueTableCreation ?? false),
        }
      : {}),
    ...(offlineKeyId ? { "sagemaker:FeatureGroupOfflineStoreKmsKeyArn": offlineKeyId } : {}),
  });
  if (request.Tags?.length) check("sagemaker:AddTags", { "sagemaker:TaggingAction": "CreateFeatureGroup" });
}

/** Checks the request on its own. @throws AwsError `ValidationException` */
export function checkRequest(request: CreateRequest): void {
  const { OnlineStoreConfig: online, OfflineStoreConfig: offline } = request;
  if (!offline && !online?.EnableOnlineStore)
    throw invalid("At least one of OnlineStoreConfig and OfflineStoreConfig must be provided and enabled.");
  if (offline && !request.RoleArn) throw invalid("RoleArn is required when OfflineStoreConfig is provided.");
  if (offline && online?.StorageType === "InMemory")
    throw invalid("OfflineStoreConfig is not supported with the InMemory online store StorageType.");
  if (
    online?.TtlDuration &&
    (online.TtlDuration.Unit === undefined || online.TtlDuration.Value === undefined)
  )
    throw invalid("TtlDuration must have both Unit and Value.");
  checkFeatures(request.FeatureDefinitions, online?.StorageType);
  checkKeyFeatures(
    request.FeatureDefinitions,
    request.RecordIdentifierFeatureName,
    request.EventTimeFeatureName,
  );
  if (request.ThroughputConfig) checkThroughput(request.ThroughputConfig, online?.StorageType);
  if (offline) checkCatalog(offline);
}

function checkCatalog(offline: OfflineRequest): void {
  const { DataCatalogConfig: catalog } = offline;
  if (offline.TableFormat === "Iceberg" && offline.DisableGlueTableCreation)
    throw invalid(
      "The Iceberg table format is only supported when DisableGlueTableCreation is set to False.",
    );
  if (!catalog) return;
  if (catalog.Catalog !== defaultCatalog)
    throw invalid(
      `Invalid Catalog ${catalog.Catalog} in DataCatalogConfig. Catalog must be ${defaultCatalog}.`,
    );
  for (const name of [catalog.Database, catalog.TableName])
    if (!offline.DisableGlueTableCreation && !/^[a-z0-9_]+$/.test(name))
      throw invalid(
        `Invalid name ${name} in DataCatalogConfig. Names may contain lower case letters, digits and underscores only.`,
      );
}

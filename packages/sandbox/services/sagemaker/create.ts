/** CreateFeatureGroup: AWS's immediate checks, and the group in status Creating. Source: SageMaker API Reference, "CreateFeatureGroup". */
import { randomUUID } from "node:crypto";
import { AwsError, type Call, type World } from "../../core";
import { checkBucket, checkWritable } from "./bucket";
import { authorizeCreation, checkRequest, type CreateRequest, type OfflineRequest } from "./createRequest";
import { checkKey, checkOfflineKey, checkOnlineKey, grantOnlineKey } from "./keys";
import { scheduleCreation } from "./lifecycle";
import { defaultCatalog, defaultDatabase, resolvedUri, tableName } from "./offlineLocation";
import { callAsRole, checkPassRole, invalidRole } from "./role";
import type { FeatureGroup, OfflineStore, OnlineStore } from "../../core/featureGroups";
import { featureGroups, groupArn, groupKey } from "./state";
import { checkTags } from "./tags";

export function createFeatureGroup(world: World, call: Call, request: CreateRequest) {
  const { account } = call.caller;
  const arn = groupArn(account, call.region, request.FeatureGroupName);
  authorizeCreation(world, call, arn, request);
  if (request.RoleArn) checkPassRole(world, call, request.RoleArn, arn);
  checkRequest(request);
  checkTags(request.Tags ?? []);
  const groups = featureGroups(world.store);
  const key = groupKey(account, call.region, request.FeatureGroupName);
  if (groups.has(key))
    throw new AwsError(
      "ResourceInUse",
      `Resource Already Exists: FeatureGroup with name ${request.FeatureGroupName} already exists. Choose a different name.`,
    );
  const created = world.now().toISOString();
  const place = { account, region: call.region, name: request.FeatureGroupName, created, arn };
  const offline = request.OfflineStoreConfig
    ? offlineStore(world, call, request.RoleArn ?? "", request.OfflineStoreConfig, place)
    : undefined;
  if (!offline && request.RoleArn && !callAsRole(world, call, request.RoleArn, place)) throw invalidRole();
  const online = onlineStore(request.OnlineStoreConfig);
  const group: FeatureGroup = {
    id: randomUUID(),
    ...place,
    recordIdentifier: request.RecordIdentifierFeatureName,
    eventTime: request.EventTimeFeatureName,
    features: request.FeatureDefinitions,
    metadata: {},
    modified: created,
    online,
    offline,
    throughput: request.ThroughputConfig ?? { ThroughputMode: "OnDemand" },
    roleArn: request.RoleArn ?? undefined,
    description: request.Description ?? undefined,
    tags: request.Tags ?? [],
    status: "Creating",
    onlineKey: onlineKey(world, call, online, arn),
    creator: call.caller,
  };
  groups.set(key, group);
  scheduleCreation(world, group);
  return { FeatureGroupArn: arn };
}

function onlineStore(config: Partial<OnlineStore> | null | undefined): OnlineStore | undefined {
  return config ? { ...config, EnableOnlineStore: config.EnableOnlineStore ?? false } : undefined;
}

function onlineKey(
  world: World,
  call: Call,
  online: OnlineStore | undefined,
  arn: string,
): FeatureGroup["onlineKey"] {
  const keyId = online?.EnableOnlineStore ? online.SecurityConfig?.KmsKeyId : undefined;
  if (!keyId) return undefined;
  const keyArn = checkKey(world, call, keyId, "online");
  checkOnlineKey(world, call, keyArn);
  return { arn: keyArn, grantId: grantOnlineKey(world, call, keyArn, arn) };
}

function offlineStore(
  world: World,
  call: Call,
  roleArn: string,
  config: OfflineRequest,
  place: { account: string; region: string; name: string; created: string; arn: string },
): OfflineStore {
  const role = callAsRole(world, call, roleArn, place);
  if (!role) throw invalidRole();
  const { S3Uri, KmsKeyId } = config.S3StorageConfig;
  const location = checkBucket(world, call, role, S3Uri);
  const uri = resolvedUri(location, place);
  const path = uri.slice(`s3://${location.bucket}/`.length);
  checkWritable(world, role, S3Uri, location.bucket, path, KmsKeyId);
  if (KmsKeyId) {
    const keyArn = checkKey(world, call, KmsKeyId, "offline");
    checkOfflineKey(world, role, keyArn, location.bucket, path);
  }
  const disabled = config.DisableGlueTableCreation ?? false;
  return {
    S3StorageConfig: { S3Uri, ...(KmsKeyId ? { KmsKeyId } : {}), ResolvedOutputS3Uri: uri },
    DisableGlueTableCreation: disabled,
    ...(config.DataCatalogConfig
      ? { DataCatalogConfig: config.DataCatalogConfig }
      : disabled
        ? {}
        : {
            DataCatalogConfig: {
              TableName: tableName(place),
              Catalog: defaultCatalog,
              Database: defaultDatabase,
            },
          }),
    ...(config.TableFormat ? { TableFormat: config.TableFormat } : {}),
  };
}

/** Creation, update and deletion of a feature group, which end a little after the answer, as on AWS. */
import { AwsError, type Call, type Caller, type World } from "../../core";
import { asService, callAsRole, invalidRole, serviceCall } from "./role";
import type { FeatureGroup } from "../../core/featureGroups";
import { featureGroups, groupKey } from "./state";

/** Milliseconds: AWS takes seconds to minutes; this is long enough for a client to see each status. */
const delay = { create: 400, update: 300, delete: 400 };

/** Runs the task later, unless the group has been deleted or replaced by then. */
function later(
  world: World,
  group: FeatureGroup,
  milliseconds: number,
  task: (g: FeatureGroup) => void | Promise<void>,
) {
  const key = groupKey(group.account, group.region, group.name);
  world.later(milliseconds, async () => {
    const current = featureGroups(world.store).get(key);
    if (current?.id === group.id) await task(current);
  });
}

export function scheduleCreation(world: World, group: FeatureGroup): void {
  later(world, group, delay.create, async (current) => {
    if (current.status === "Creating") await finishCreation(world, current);
  });
}

async function finishCreation(world: World, group: FeatureGroup): Promise<void> {
  try {
    await createTable(world, group);
    group.status = "Created";
    if (group.offline) group.offlineStatus = "Active";
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    group.status = "CreateFailed";
    group.failureReason = glueFailure(error);
  }
  featureGroups(world.store).touch();
}

/** Creates the Glue database and table with the creator's permissions. */
async function createTable(world: World, group: FeatureGroup): Promise<void> {
  const { featurestore, glue } = world.services;
  const table = glueTable(group);
  if (group.offline?.TableFormat === "Iceberg")
    await featurestore.createTable(
      group,
      icebergRole(world, group),
      forwarded(group, "iceberg", group.creator),
    );
  else if (table) glue.createOfflineTable(forwarded(group, "create", group.creator), table);
}

/** A call as the group's role, which writes the files of its Iceberg table. */
function icebergRole(world: World, group: FeatureGroup): Call {
  const call = serviceCall(group.region, `iceberg-${group.id}`);
  const role = callAsRole(world, call, group.roleArn ?? "", group);
  if (!role) throw invalidRole();
  return role;
}

function forwarded(group: FeatureGroup, step: string, caller: Caller): Call {
  return { ...serviceCall(group.region, `${step}-${group.id}`), caller };
}

/** The table that Feature Store maintains for the group, if any. */
function glueTable(group: FeatureGroup) {
  const catalog = group.offline?.DataCatalogConfig;
  if (!group.offline || !catalog || group.offline.DisableGlueTableCreation) return undefined;
  return {
    account: group.account,
    database: catalog.Database,
    name: catalog.TableName,
    location: group.offline.S3StorageConfig.ResolvedOutputS3Uri,
    columns: tableColumns(group),
  };
}

const glueTypes = { Integral: "bigint", Fractional: "double", String: "string" } as const;

/** The table's columns: the features, and the columns that Feature Store adds. */
export function tableColumns(group: Pick<FeatureGroup, "features">): { name: string; type: string }[] {
  return [
    ...group.features.map(({ FeatureName, FeatureType }) => ({
      name: FeatureName.toLowerCase(),
      type: glueTypes[FeatureType],
    })),
    { name: "write_time", type: "timestamp" },
    { name: "api_invocation_time", type: "timestamp" },
    { name: "is_deleted", type: "boolean" },
  ];
}

export function scheduleUpdate(world: World, group: FeatureGroup): void {
  later(world, group, delay.update, async (current) => {
    if (current.lastUpdate?.Status !== "InProgress") return;
    current.lastUpdate = await updateTable(world, current);
    delete current.updater;
    featureGroups(world.store).touch();
  });
}

/** New features become columns of the table. */
async function updateTable(
  world: World,
  group: FeatureGroup,
): Promise<NonNullable<FeatureGroup["lastUpdate"]>> {
  const { updater } = group;
  const table = updater && glueTable(group);
  if (!updater || !table) return { Status: "Successful" };
  try {
    const { featurestore, glue } = world.services;
    if (group.offline?.TableFormat === "Iceberg")
      await featurestore.updateTable(group, icebergRole(world, group), forwarded(group, "iceberg", updater));
    else glue.updateOfflineTable(forwarded(group, "update", updater), table);
    return { Status: "Successful" };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { Status: "Failed", FailureReason: glueFailure(error) };
  }
}

/** Errors of an Iceberg table's files come from S3, whose codes do not end in `Exception`. */
const glueFailure = (error: AwsError) =>
  `${error.message} (Service: ${error.code.endsWith("Exception") ? "AWSGlue" : "Amazon S3"}; Status Code: ${error.status}; Error Code: ${error.code}; Proxy: null)`;

export function scheduleDeletion(world: World, group: FeatureGroup): void {
  later(world, group, delay.delete, async (current) => {
    if (current.status !== "Deleting") return;
    await world.services.featurestore.end(current);
    try {
      retireGrant(world, current);
      featureGroups(world.store).delete(groupKey(current.account, current.region, current.name));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      current.status = "DeleteFailed";
      current.failureReason = `${error.message} (Service: AWSKMS; Error Code: ${error.code})`;
      featureGroups(world.store).touch();
    }
  });
}

function retireGrant(world: World, group: FeatureGroup): void {
  if (!group.onlineKey) return;
  const call = asService(serviceCall(group.region, `delete-${group.id}`));
  try {
    world.services.kms.retireGrant(call, group.onlineKey.arn, group.onlineKey.grantId);
  } catch (error) {
    // The key's owner has revoked the grant, or the key was deleted.
    if (!(error instanceof AwsError && error.code === "NotFoundException")) throw error;
  }
}

/** Resumes creations, updates and deletions that were in progress when the sandbox ended. */
export function resumeGroups(world: World): void {
  for (const group of featureGroups(world.store).values()) {
    if (group.status === "Creating") scheduleCreation(world, group);
    if (group.status === "Deleting") scheduleDeletion(world, group);
    if (group.lastUpdate?.Status === "InProgress") scheduleUpdate(world, group);
  }
}

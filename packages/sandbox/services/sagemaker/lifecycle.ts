/** What happens to a feature group after a request was answered: creation, update and deletion end a little later, as on AWS. */
import { AwsError, type Call, type Caller, type World } from "../../core";
import { changeOf } from "../featurestore/icebergFiles";
import { discardGroup, flushGroup } from "../featurestore/offline";
import { discardRecords } from "../featurestore/online";
import { changeIcebergTable, createIcebergTable } from "../iceberg/table";
import { asService, callAsRole, invalidRole, serviceCall } from "./role";
import { featureGroups, groupKey, type FeatureGroup } from "./state";

/** Milliseconds: AWS takes seconds to minutes; this is long enough for a client to see each status. */
const delay = { create: 400, update: 300, delete: 400 };

/** Finds the group again when its time has come: it may have been deleted, and made anew, since. */
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

/** The Glue database and table: made for the creator, with the creator's permissions. */
async function createTable(world: World, group: FeatureGroup): Promise<void> {
  const table = glueTable(group);
  const change = icebergChange(world, group, (step) => forwarded(group, step, group.creator));
  if (change) await createIcebergTable(world, change);
  else if (table) world.services.glue.createOfflineTable(forwarded(group, "create", group.creator), table);
}

/** For a group with an Iceberg table: the group's role writes its files, and whoever asked changes the Data Catalog. */
function icebergChange(world: World, group: FeatureGroup, caller: (step: string) => Call) {
  if (group.offline?.TableFormat !== "Iceberg") return undefined;
  const call = serviceCall(group.region, `iceberg-${group.id}`);
  const role = callAsRole(world, call, group.roleArn ?? "", group);
  if (!role) throw invalidRole();
  return changeOf(group, role, caller("iceberg"));
}

function forwarded(group: FeatureGroup, step: string, caller: Caller): Call {
  return { ...serviceCall(group.region, `${step}-${group.id}`), caller };
}

/** The table that Feature Store keeps for the group, if it keeps one. */
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

/** The table's columns: the features, and what Feature Store adds to each offline record. */
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
    const change = icebergChange(world, group, (step) => forwarded(group, step, updater));
    if (change) await changeIcebergTable(world, change, []);
    else world.services.glue.updateOfflineTable(forwarded(group, "update", updater), table);
    return { Status: "Successful" };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { Status: "Failed", FailureReason: glueFailure(error) };
  }
}

/** Amazon S3's codes, which an Iceberg table's files meet, do not end as AWS Glue's do. */
const glueFailure = (error: AwsError) =>
  `${error.message} (Service: ${error.code.endsWith("Exception") ? "AWSGlue" : "Amazon S3"}; Status Code: ${error.status}; Error Code: ${error.code}; Proxy: null)`;

export function scheduleDeletion(world: World, group: FeatureGroup): void {
  later(world, group, delay.delete, async (current) => {
    if (current.status !== "Deleting") return;
    // What was acknowledged belongs into the offline store, which outlives its group.
    await flushGroup(world, current);
    discardGroup(world, current);
    discardRecords(world, current);
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
    // Revoked by the key's owner, or gone with the key: nothing is left to retire.
    if (!(error instanceof AwsError && error.code === "NotFoundException")) throw error;
  }
}

/** Goes on with what was under way when the sandbox ended. */
export function resumeGroups(world: World): void {
  for (const group of featureGroups(world.store).values()) {
    if (group.status === "Creating") scheduleCreation(world, group);
    if (group.status === "Deleting") scheduleDeletion(world, group);
    if (group.lastUpdate?.Status === "InProgress") scheduleUpdate(world, group);
  }
}

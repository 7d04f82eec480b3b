/** UpdateFeatureGroup and DeleteFeatureGroup. Source: SageMaker API Reference. */
import { AwsError, type Call, type World } from "../../core";
import { checkFeatures, checkThroughput } from "./definitions";
import { scheduleDeletion, scheduleUpdate } from "./lifecycle";
import type {
  FeatureDefinition,
  FeatureGroup,
  ThroughputConfig,
  TtlDuration,
} from "../../core/featureGroups";
import { authorizedGroup, featureGroups, invalid } from "./state";

interface UpdateRequest {
  readonly FeatureGroupName: string;
  readonly FeatureAdditions?: FeatureDefinition[] | null;
  readonly OnlineStoreConfig?: { readonly TtlDuration?: TtlDuration | null } | null;
  readonly ThroughputConfig?: Partial<ThroughputConfig> | null;
}

export function updateFeatureGroup(world: World, call: Call, request: UpdateRequest) {
  const group = authorizedGroup(world, call, "UpdateFeatureGroup", request.FeatureGroupName);
  const { FeatureAdditions: additions, OnlineStoreConfig: online, ThroughputConfig: throughput } = request;
  if ([additions, online, throughput].filter(Boolean).length !== 1)
    throw invalid(
      "Exactly one of FeatureAdditions, OnlineStoreConfig and ThroughputConfig must be provided in an UpdateFeatureGroup request.",
    );
  if (group.status !== "Created")
    throw invalid(
      `FeatureGroup ${group.name} is in ${group.status} status. It can be updated when it is in Created status.`,
    );
  if (group.lastUpdate?.Status === "InProgress")
    throw invalid(
      `An update of FeatureGroup ${group.name} is in progress. Wait until LastUpdateStatus is Successful or Failed.`,
    );
  if (additions) addFeatures(world, call, group, additions);
  if (online) setTtl(group, online.TtlDuration);
  if (throughput) setThroughput(group, throughput, world.now());
  group.modified = world.now().toISOString();
  group.lastUpdate = { Status: "InProgress" };
  featureGroups(world.store).touch();
  scheduleUpdate(world, group);
  return { FeatureGroupArn: group.arn };
}

function addFeatures(world: World, call: Call, group: FeatureGroup, additions: FeatureDefinition[]): void {
  checkFeatures(additions, group.online?.StorageType, group.features);
  group.features = [...group.features, ...additions];
  const time = world.now().toISOString();
  for (const { FeatureName } of additions)
    group.metadata[FeatureName] = { created: time, modified: time, parameters: {} };
  group.updater = call.caller;
}

/** A time to live without unit and value removes the default. */
function setTtl(group: FeatureGroup, ttl: TtlDuration | null | undefined): void {
  if (!group.online?.EnableOnlineStore)
    throw invalid(`FeatureGroup ${group.name} has no OnlineStore: OnlineStoreConfig cannot be updated.`);
  const given = [ttl?.Unit, ttl?.Value].filter((part) => part !== undefined && part !== null).length;
  if (given === 1) throw invalid("TtlDuration must have both Unit and Value, or neither to remove it.");
  group.online.TtlDuration = given === 2 && ttl ? ttl : undefined;
}

const day = 24 * 60 * 60 * 1000;

/** Allows a change to OnDemand once in 24 hours. Source: Feature Store developer guide, "Throughput modes". */
function setThroughput(group: FeatureGroup, update: Partial<ThroughputConfig>, now: Date): void {
  // Groups in an earlier version's state have none.
  const before = group.throughput ?? { ThroughputMode: "OnDemand" };
  const mode = update.ThroughputMode ?? before.ThroughputMode;
  const changed: ThroughputConfig =
    mode === "OnDemand" && update.ThroughputMode
      ? { ...update, ThroughputMode: mode }
      : { ...before, ...update, ThroughputMode: mode };
  checkThroughput(changed, group.online?.StorageType);
  if (mode === "OnDemand" && before.ThroughputMode === "Provisioned") {
    if (group.onDemandSince && now.getTime() - Date.parse(group.onDemandSince) < day)
      throw invalid(
        `The ThroughputMode of FeatureGroup ${group.name} was updated to OnDemand at ${group.onDemandSince}. It can be updated to OnDemand once in a 24 hour period.`,
      );
    group.onDemandSince = now.toISOString();
  }
  group.throughput = mode === "OnDemand" ? { ThroughputMode: mode } : changed;
}

export function deleteFeatureGroup(world: World, call: Call, request: { FeatureGroupName: string }) {
  const group = authorizedGroup(world, call, "DeleteFeatureGroup", request.FeatureGroupName);
  if (group.status === "Deleting") return {};
  if (group.status === "Creating")
    throw new AwsError(
      "ResourceInUse",
      `Resource In Use: FeatureGroup with name ${group.name} is in Creating status and cannot be deleted. Try again later.`,
    );
  group.status = "Deleting";
  featureGroups(world.store).touch();
  scheduleDeletion(world, group);
  return {};
}

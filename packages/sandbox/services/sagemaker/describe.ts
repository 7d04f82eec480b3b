/** DescribeFeatureGroup and ListFeatureGroups. Source: SageMaker API Reference. */
import type { Call, World } from "../../core";
import { jsonDate } from "../../protocol/json";
import { pageOf } from "../../protocol/pages";
import type { FeatureGroup } from "../../core/featureGroups";
import { authorizedGroup, featureGroups } from "./state";

export function describeFeatureGroup(
  world: World,
  call: Call,
  request: { FeatureGroupName: string; NextToken?: string },
) {
  const group = authorizedGroup(world, call, "DescribeFeatureGroup", request.FeatureGroupName);
  const page = pageOf(group.features, request.NextToken, 2500);
  return {
    ...describedGroup(group),
    FeatureDefinitions: page.items,
    ThroughputConfig: group.throughput,
    NextToken: page.next,
    OnlineStoreTotalSizeBytes: group.online?.EnableOnlineStore
      ? world.services.featurestore.onlineSize(group)
      : undefined,
  };
}

/** A group as DescribeFeatureGroup and Search return it. */
export function describedGroup(group: FeatureGroup) {
  return {
    FeatureGroupArn: group.arn,
    FeatureGroupName: group.name,
    RecordIdentifierFeatureName: group.recordIdentifier,
    EventTimeFeatureName: group.eventTime,
    FeatureDefinitions: group.features,
    CreationTime: jsonDate(new Date(group.created)),
    LastModifiedTime: jsonDate(new Date(group.modified)),
    OnlineStoreConfig: group.online,
    OfflineStoreConfig: group.offline,
    RoleArn: group.roleArn,
    FeatureGroupStatus: group.status,
    OfflineStoreStatus: offlineStatus(group),
    LastUpdateStatus: group.lastUpdate,
    FailureReason: group.failureReason,
    Description: group.description,
  };
}

/** Disabled for a group without an offline store; undefined until the group's creation has ended. */
function offlineStatus(group: FeatureGroup): { Status: string; BlockedReason?: string } | undefined {
  if (!group.offline) return { Status: "Disabled" };
  if (!group.offlineStatus) return undefined;
  return {
    Status: group.offlineStatus,
    ...(group.blockedReason ? { BlockedReason: group.blockedReason } : {}),
  };
}

interface ListRequest {
  readonly NameContains?: string;
  readonly FeatureGroupStatusEquals?: string;
  readonly OfflineStoreStatusEquals?: string;
  readonly CreationTimeAfter?: number;
  readonly CreationTimeBefore?: number;
  readonly SortOrder?: "Ascending" | "Descending";
  readonly SortBy?: "Name" | "FeatureGroupStatus" | "OfflineStoreStatus" | "CreationTime";
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export function listFeatureGroups(world: World, call: Call, request: ListRequest) {
  const { account } = call.caller;
  world.authorize(call, {
    action: "sagemaker:ListFeatureGroups",
    resource: "*",
    resourceAccount: account,
    code: "AccessDeniedException",
  });
  const found = [...featureGroups(world.store).values()].filter(
    (group) => group.account === account && group.region === call.region && matches(group, request),
  );
  const key = sortKeys[request.SortBy ?? "CreationTime"];
  const direction = request.SortOrder === "Ascending" ? 1 : -1;
  found.sort((a, b) => direction * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  const page = pageOf(found, request.NextToken, request.MaxResults ?? 10);
  return {
    FeatureGroupSummaries: page.items.map((group) => ({
      FeatureGroupName: group.name,
      FeatureGroupArn: group.arn,
      CreationTime: jsonDate(new Date(group.created)),
      FeatureGroupStatus: group.status,
      OfflineStoreStatus: offlineStatus(group),
    })),
    NextToken: page.next,
  };
}

const sortKeys: Record<NonNullable<ListRequest["SortBy"]>, (group: FeatureGroup) => string> = {
  Name: (group) => group.name.toLowerCase(),
  FeatureGroupStatus: (group) => group.status,
  OfflineStoreStatus: (group) => offlineStatus(group)?.Status ?? "",
  CreationTime: (group) => group.created,
};

function matches(group: FeatureGroup, request: ListRequest): boolean {
  const created = Date.parse(group.created) / 1000;
  const { NameContains, FeatureGroupStatusEquals, OfflineStoreStatusEquals } = request;
  return (
    (!NameContains || group.name.toLowerCase().includes(NameContains.toLowerCase())) &&
    (!FeatureGroupStatusEquals || group.status === FeatureGroupStatusEquals) &&
    (!OfflineStoreStatusEquals || offlineStatus(group)?.Status === OfflineStoreStatusEquals) &&
    (request.CreationTimeAfter == null || created > request.CreationTimeAfter) &&
    (request.CreationTimeBefore == null || created < request.CreationTimeBefore)
  );
}

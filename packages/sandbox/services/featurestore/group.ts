/** The feature group of a runtime request: authorized, existing and usable. */
import type { RequestContext } from "@feature-store-access/iam";
import { AwsError, type Call, type World } from "../../core";
import { notFoundMessage, type FeatureGroup } from "../../core/featureGroups";
import { invalid } from "./values";

export type TargetStore = "OnlineStore" | "OfflineStore";

/** The operations' actions: UpdateRecord is `sagemaker:PutRecord` with its own condition keys. */
export type RecordAction =
  "PutRecord" | "GetRecord" | "DeleteRecord" | "ListRecords" | "BatchGetRecord" | "BatchWriteRecord";

/** Condition keys of PutRecord, and of UpdateRecord with its features. Source: Service Authorization Reference, "Amazon SageMaker". */
export const isUpdate = (features?: readonly string[]): RequestContext => ({
  "sagemaker:IsUpdateRecord": String(features !== undefined),
  ...(features ? { "sagemaker:UpdatableFeatures": [...features] } : {}),
});

/**
 * @throws AwsError `AccessDeniedException` (403); `ValidationError` (400) for groups that are not Created; for absent groups
 * `ResourceNotFound` (404) if the operation has that error, else `ValidationError`
 */
export function usableGroup(
  world: World,
  call: Call,
  action: RecordAction,
  nameOrArn: string,
  context?: RequestContext,
): FeatureGroup {
  const hasNotFound = !["PutRecord", "DeleteRecord", "BatchGetRecord"].includes(action);
  const absent = (name: string) =>
    hasNotFound || context?.["sagemaker:IsUpdateRecord"] === "true"
      ? new AwsError("ResourceNotFound", notFoundMessage(name), 404)
      : new AwsError("ValidationError", notFoundMessage(name));
  const group = withStatus403(() =>
    world.services.sagemaker.featureGroup(call, action, nameOrArn, { notFound: absent, context }),
  );
  if (group.status === "Deleting") throw absent(group.name);
  if (group.status !== "Created")
    throw invalid(
      `The FeatureGroup ${group.name} is in ${group.status} status. Records can be accessed when it is in Created status.`,
    );
  return group;
}

/** The runtime is a REST service: it denies with 403, JSON services with 400. */
function withStatus403<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof AwsError && error.code === "AccessDeniedException")
      throw new AwsError(error.code, error.message, 403);
    throw error;
  }
}

/** @throws AwsError `ValidationError` if the group has no online store */
export function requireOnline(group: FeatureGroup): void {
  if (!group.online?.EnableOnlineStore)
    throw invalid(`The FeatureGroup ${group.name} does not have an OnlineStore.`);
}

/** The stores of a write: those that the request names, or all that the group has. */
export function targets(group: FeatureGroup, asked: readonly TargetStore[] | null | undefined) {
  const online = group.online?.EnableOnlineStore ?? false;
  const offline = group.offline !== undefined;
  if (!asked) return { online, offline };
  if (asked.includes("OnlineStore")) requireOnline(group);
  if (asked.includes("OfflineStore") && !offline)
    throw invalid(`The FeatureGroup ${group.name} does not have an OfflineStore.`);
  return { online: asked.includes("OnlineStore"), offline: asked.includes("OfflineStore") };
}

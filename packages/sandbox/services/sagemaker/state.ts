/** Feature groups in the store, found by name or ARN. */
import type { RequestContext } from "@feature-store-access/iam";
import {
  AwsError,
  type Call,
  type Collection,
  type FeatureGroup,
  type Store,
  type Tag,
  type World,
} from "../../core";
import { notFoundMessage } from "../../core/featureGroups";

export const featureGroups = (store: Store): Collection<FeatureGroup> =>
  store.collection("sagemaker.featureGroups");

export const groupKey = (account: string, region: string, name: string) =>
  `${account}/${region}/${name.toLowerCase()}`;

/** SageMaker writes names in lower case in its ARNs. */
export const groupArn = (account: string, region: string, name: string) =>
  `arn:aws:sagemaker:${region}:${account}:feature-group/${name.toLowerCase()}`;

/** Account, region and name of a name or ARN; the group need not exist. */
export function locate(call: Call, nameOrArn: string): { account: string; region: string; name: string } {
  const arn = /^arn:aws[a-z-]*:sagemaker:([a-z0-9-]*):(\d{12}):feature-group\/(.+)$/.exec(nameOrArn);
  return arn
    ? { region: arn[1] ?? "", account: arn[2] ?? "", name: arn[3] ?? "" }
    : { region: call.region, account: call.caller.account, name: nameOrArn };
}

/** `aws:ResourceTag/KEY` and SageMaker's own `sagemaker:ResourceTag/KEY`. */
export function resourceTags(tags: readonly Tag[]): RequestContext {
  return Object.fromEntries(
    tags.flatMap(({ Key, Value }) => [
      [`aws:ResourceTag/${Key}`, Value],
      [`sagemaker:ResourceTag/${Key}`, Value],
    ]),
  );
}

/**
 * The group that a request names, if its caller may do `action` on it.
 * @throws AwsError `AccessDeniedException` first, so that a denial does not reveal whether the group exists; then `notFound`
 */
export function authorizedGroup(
  world: World,
  call: Call,
  action: string,
  nameOrArn: string,
  options: { readonly context?: RequestContext; readonly notFound?: (name: string) => AwsError } = {},
): FeatureGroup {
  const place = locate(call, nameOrArn);
  const group = featureGroups(world.store).get(groupKey(place.account, place.region, place.name));
  world.authorize(call, {
    action: `sagemaker:${action}`,
    resource: groupArn(place.account, place.region, place.name),
    resourceAccount: place.account,
    context: { ...resourceTags(group?.tags ?? []), ...options.context },
    code: "AccessDeniedException",
  });
  // A region knows only its own groups, whatever region an ARN names.
  if (!group || place.region !== call.region) throw (options.notFound ?? groupNotFound)(place.name);
  return group;
}

export function groupNotFound(name: string): AwsError {
  return new AwsError("ResourceNotFound", notFoundMessage(name), 400, { Message: notFoundMessage(name) });
}

/** Feature Store's own validation errors, in the control plane's words. */
export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", `Validation Error: ${message}`);
}

/** Sets the offline store's status: Blocked with the reason, or Active without one. */
export function setOfflineStatus({ store }: World, group: FeatureGroup, blocked?: string): void {
  const status = blocked === undefined ? "Active" : "Blocked";
  if (group.offlineStatus === status && group.blockedReason === blocked) return;
  group.offlineStatus = status;
  group.blockedReason = blocked;
  featureGroups(store).touch();
}

/** What SageMaker keeps of feature groups: plain data in the store, found by name or ARN. */
import type { RequestContext } from "@feature-store-access/iam";
import {
  AwsError,
  type Call,
  type Caller,
  type Collection,
  type Store,
  type Tag,
  type World,
} from "../../core";

export interface FeatureDefinition {
  readonly FeatureName: string;
  readonly FeatureType: "Integral" | "Fractional" | "String";
  readonly CollectionType?: "List" | "Set" | "Vector";
  readonly CollectionConfig?: { readonly VectorConfig?: { readonly Dimension: number } };
}

export interface TtlDuration {
  readonly Unit?: "Seconds" | "Minutes" | "Hours" | "Days" | "Weeks";
  readonly Value?: number;
}

export interface OnlineStore {
  readonly EnableOnlineStore: boolean;
  readonly SecurityConfig?: { readonly KmsKeyId?: string };
  readonly StorageType?: "Standard" | "Standard_V2" | "InMemory";
  TtlDuration?: TtlDuration;
}

export interface OfflineStore {
  readonly S3StorageConfig: {
    readonly S3Uri: string;
    readonly KmsKeyId?: string;
    readonly ResolvedOutputS3Uri: string;
  };
  readonly DisableGlueTableCreation: boolean;
  readonly DataCatalogConfig?: {
    readonly TableName: string;
    readonly Catalog: string;
    readonly Database: string;
  };
  readonly TableFormat?: "Default" | "Glue" | "Iceberg";
}

export interface ThroughputConfig {
  readonly ThroughputMode: "OnDemand" | "Provisioned";
  readonly ProvisionedReadCapacityUnits?: number;
  readonly ProvisionedWriteCapacityUnits?: number;
}

export interface FeatureMetadata {
  /** ISO 8601. */
  readonly created: string;
  modified: string;
  description?: string;
  parameters: Record<string, string>;
}

export interface FeatureGroup {
  /** Unlike the name never used again: a group made anew under the same name has other records. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly recordIdentifier: string;
  readonly eventTime: string;
  features: FeatureDefinition[];
  metadata: Record<string, FeatureMetadata>;
  /** ISO 8601. */
  readonly created: string;
  modified: string;
  readonly online?: OnlineStore;
  readonly offline?: OfflineStore;
  throughput?: ThroughputConfig;
  /** ISO 8601: when the throughput was last changed to OnDemand. */
  onDemandSince?: string;
  readonly roleArn?: string;
  readonly description?: string;
  tags: Tag[];
  status: "Creating" | "Created" | "CreateFailed" | "Deleting" | "DeleteFailed";
  failureReason?: string;
  offlineStatus?: "Active" | "Blocked";
  blockedReason?: string;
  lastUpdate?: { readonly Status: "Successful" | "Failed" | "InProgress"; readonly FailureReason?: string };
  /** The online store's customer managed key, and the grant by which the service uses it. */
  onlineKey?: { readonly arn: string; readonly grantId: string };
  /** Who asked for the group: what Feature Store makes in AWS Glue, it makes with the creator's permissions. */
  readonly creator: Caller;
  /** Who added features last, while the update is under way. */
  updater?: Caller;
}

export const featureGroups = (store: Store): Collection<FeatureGroup> =>
  store.collection("sagemaker.featureGroups");

export const groupKey = (account: string, region: string, name: string) =>
  `${account}/${region}/${name.toLowerCase()}`;

/** SageMaker writes names in lower case in its ARNs. */
export const groupArn = (account: string, region: string, name: string) =>
  `arn:aws:sagemaker:${region}:${account}:feature-group/${name.toLowerCase()}`;

/** Where a name or ARN points to, whether a group is there or not. */
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
 * The group that a request names, once its caller may do `action` on it. Throws `AccessDeniedException`; `notFound` is thrown
 * after the access check, so that a denial does not tell which groups exist.
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
  // A region knows its own groups only, whatever region an ARN names.
  if (!group || place.region !== call.region) throw (options.notFound ?? groupNotFound)(place.name);
  return group;
}

export function groupNotFound(name: string): AwsError {
  return new AwsError("ResourceNotFound", notFoundMessage(name), 400, { Message: notFoundMessage(name) });
}

export function notFoundMessage(name: string): string {
  return `Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name ${name}`;
}

/** Feature Store's own validation errors, as the control plane words them. */
export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", `Validation Error: ${message}`);
}

/** Feature groups as SageMaker keeps them, and as Feature Store's runtime and the formats of offline stores read them. */
import type { AwsError, Call, Caller, Tag } from "./call";
import type { RequestContext } from "@feature-store-access/iam";

/** SageMaker as a principal: in trust policies, key policies and KMS grants. */
export const SAGEMAKER = "sagemaker.amazonaws.com";

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
  /** Unlike the name, never reused: a recreated group of the same name has other records. */
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
  /** The caller that created the group: Feature Store uses its permissions for what it creates in AWS Glue. */
  readonly creator: Caller;
  /** The caller that last added features, while the update is in progress. */
  updater?: Caller;
}

/** The encryption context of a group's online records: CloudTrail shows by it whose data was read. */
export const onlineContext = (groupArn: string) => ({ "aws:sagemaker:featureGroupArn": groupArn });

export function notFoundMessage(name: string): string {
  return `Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name ${name}`;
}

export interface SagemakerPort {
  /**
   * The group that a request names, if its caller may do `action` on it: sagemaker:ACTION.
   * @throws AwsError `AccessDeniedException`; for an absent group what `notFound` returns for its name
   */
  featureGroup(
    call: Call,
    action: string,
    nameOrArn: string,
    options: { readonly context?: RequestContext; readonly notFound: (name: string) => AwsError },
  ): FeatureGroup;
  /** The group with this ID, without an access check; undefined if it was deleted. */
  featureGroupOf(id: string): FeatureGroup | undefined;
  /** A call as the group's role outside any request, with `step` as its ID; undefined if SageMaker cannot assume the role. */
  asRole(group: FeatureGroup, step: string): Call | undefined;
  /** Sets the offline store's status: Blocked with the reason, or Active without one. */
  setOfflineStatus(group: FeatureGroup, blocked?: string): void;
}

export interface FeatureStorePort {
  /** Size of the group's records in the online store, in bytes. */
  onlineSize(group: FeatureGroup): number;
  /** Creates the group's Iceberg table: writes its files as `role`, the Data Catalog's table as `catalog`. */
  createTable(group: FeatureGroup, role: Call, catalog: Call): Promise<void>;
  /** Adds the group's new features to its Iceberg table, in the same way. */
  updateTable(group: FeatureGroup, role: Call, catalog: Call): Promise<void>;
  /** Writes pending rows of a group that is being deleted into its offline store, and discards its records. */
  end(group: FeatureGroup): Promise<void>;
}

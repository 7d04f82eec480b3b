/** Workgroups and queries in the store, by account and region. */
import { AwsError, type Call, type Collection, type Place, type Store, type World } from "../../core";
import type { RequestContext } from "@feature-store-access/iam";
import { pageOf } from "../../protocol/pages";

export interface EncryptionConfiguration {
  readonly EncryptionOption: "SSE_S3" | "SSE_KMS";
  readonly KmsKey?: string;
}

/** The location and form of results. */
export interface ResultConfiguration {
  readonly OutputLocation?: string;
  readonly EncryptionConfiguration?: EncryptionConfiguration;
  /** 12 digits. */
  readonly ExpectedBucketOwner?: string;
  readonly AclConfiguration?: { readonly S3AclOption: string };
}

export interface WorkGroupConfiguration {
  readonly ResultConfiguration?: ResultConfiguration;
  readonly EnforceWorkGroupConfiguration: boolean;
  readonly PublishCloudWatchMetricsEnabled: boolean;
  readonly BytesScannedCutoffPerQuery?: number;
  readonly RequesterPaysEnabled: boolean;
  readonly EngineVersion: { readonly SelectedEngineVersion: string; readonly EffectiveEngineVersion: string };
  readonly [member: string]: unknown;
}

export interface WorkGroup {
  readonly Name: string;
  readonly State: "ENABLED" | "DISABLED";
  readonly Description?: string;
  readonly Configuration: WorkGroupConfiguration;
  /** Seconds since 1970. */
  readonly CreationTime: number;
}

export interface Column {
  readonly name: string;
  /** Athena's type: `varchar`, `bigint`... */
  readonly type: string;
  readonly precision: number;
  readonly scale: number;
}

export interface Query extends Place {
  readonly id: string;
  readonly sql: string;
  readonly workGroup: string;
  readonly catalog: string;
  readonly database?: string;
  readonly parameters?: readonly string[];
  readonly token?: string;
  readonly result: ResultConfiguration;
  readonly submitted: number;
  state: "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
  reason?: string;
  completed?: number;
  /** Milliseconds. */
  engineTime?: number;
  scannedBytes?: number;
  columns?: readonly Column[];
  written?: Written;
}

/** The result of a statement other than a query. */
export interface Written {
  readonly kind: "CREATE_TABLE_AS_SELECT" | "UNLOAD" | "DROP_TABLE";
  /** Key in the results' bucket, which the status shows as the output. */
  readonly file: string;
  /** `s3://...`: lists the files of the data. */
  readonly manifest?: string;
  readonly rows?: number;
}

export const workGroups = (store: Store): Collection<WorkGroup> => store.collection("athena.workgroups");
export const queries = (store: Store): Collection<Query> => store.collection("athena.queries");
/** Tags by ARN. */
export const athenaTags = (store: Store): Collection<Record<string, string>> =>
  store.collection("athena.tags");

export const placeOf = (call: Call): Place => ({ account: call.caller.account, region: call.region });
export const entityKey = ({ account, region }: Place, name: string) => `${account}/${region}/${name}`;
export const workGroupArn = ({ account, region }: Place, name: string) =>
  `arn:aws:athena:${region}:${account}:workgroup/${name}`;

export const invalid = (message: string) => new AwsError("InvalidRequestException", message);

/** One page of a list, of `size` if the request does not say. */
export function page<T>(
  items: readonly T[],
  { NextToken, MaxResults }: { readonly NextToken?: string; readonly MaxResults?: number },
  size: number,
) {
  const { items: listed, next } = pageOf(items, NextToken, MaxResults || size, "InvalidRequestException");
  return { listed, NextToken: next };
}

export const DEFAULTS: WorkGroupConfiguration = {
  EnforceWorkGroupConfiguration: true,
  PublishCloudWatchMetricsEnabled: true,
  RequesterPaysEnabled: false,
  EngineVersion: { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: "Athena engine version 3" },
};

/** The workgroup that every account has. Queries in it choose their result location. */
const PRIMARY: WorkGroup = {
  Name: "primary",
  State: "ENABLED",
  Configuration: { ...DEFAULTS, EnforceWorkGroupConfiguration: false },
  CreationTime: 0,
};

/** @throws AwsError `AccessDeniedException` unless the caller may do `action` on the workgroup, which need not exist */
export function authorizeWorkGroup(
  world: World,
  call: Call,
  action: string,
  name: string,
  context: RequestContext = {},
): void {
  const resource = workGroupArn(placeOf(call), name);
  const tags = Object.entries(athenaTags(world.store).get(resource) ?? {});
  world.authorize(call, {
    action: `athena:${action}`,
    resource,
    resourceAccount: call.caller.account,
    context: {
      ...Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value])),
      ...context,
    },
    code: "AccessDeniedException",
  });
}

/** @throws AwsError `InvalidRequestException` if there is no such workgroup */
export function findWorkGroup(world: World, place: Place, name: string): WorkGroup {
  const found = workGroups(world.store).get(entityKey(place, name));
  if (found) return found;
  if (name === PRIMARY.Name) return PRIMARY;
  throw invalid(`WorkGroup ${name} is not found.`);
}

/** All workgroups of the place, by name. */
export function workGroupsOf(world: World, place: Place): WorkGroup[] {
  const prefix = entityKey(place, "");
  const own = [...workGroups(world.store).entries()].flatMap(([key, group]) =>
    key.startsWith(prefix) ? [group] : [],
  );
  const all = own.some(({ Name }) => Name === PRIMARY.Name) ? own : [...own, PRIMARY];
  return all.sort((a, b) => (a.Name < b.Name ? -1 : 1));
}

/** The caller's call as Athena makes it to Glue, S3 and KMS (a forward access session). */
export function forwarded(call: Call): Call {
  const service = "athena.amazonaws.com";
  return {
    ...call,
    context: {
      ...call.context,
      "aws:ViaAWSService": "true",
      "aws:CalledVia": [service],
      "aws:CalledViaFirst": service,
      "aws:CalledViaLast": service,
    },
  };
}

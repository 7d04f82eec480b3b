/** The requests of each profile: on one feature group, and around its store. */
import type { RequestContext } from "@feature-store-access/iam";
import { CREATOR_ACTIONS } from "../keyUse";
import {
  catalogArns,
  decrypting,
  each,
  groupKeys,
  metadataPrefix,
  OBJECT_ACTIONS,
  viaS3,
  viaSageMaker,
} from "./steps";
import type { GroupFacts, Step, StoreFacts } from "./types";

export interface ProfileFacts {
  readonly name: string;
  readonly profile: "producer" | "consumer" | "auditor" | "administrator";
  readonly roleArn: string;
  /** 12 digits: the role's account. */
  readonly account: string;
  readonly trustedRoleArns: readonly string[];
  readonly scope:
    | { readonly kind: "names"; readonly names: readonly string[] }
    | { readonly kind: "tags"; readonly tags: Readonly<Record<string, string>> }
    | { readonly kind: "principalTags"; readonly keys: readonly string[] };
}

const PRODUCING = ["PutRecord", "BatchWriteRecord", "DeleteRecord"];
const CONSUMING = ["GetRecord", "BatchGetRecord", "ListRecords"];
const LOOKS = ["DescribeFeatureGroup", "DescribeFeatureMetadata"];
const CHANGES = ["UpdateFeatureGroup", "UpdateFeatureMetadata", "DeleteFeatureGroup"];
const KEYS = "DescribeKey GetKeyPolicy GetKeyRotationStatus ListGrants ListResourceTags";
const BUCKET =
  "GetBucketLocation GetBucketPolicy GetBucketAcl GetBucketPublicAccessBlock GetBucketOwnershipControls GetBucketVersioning GetEncryptionConfiguration GetLifecycleConfiguration GetBucketTagging";
const ROLE = "GetRole ListRolePolicies GetRolePolicy ListAttachedRolePolicies";

/** The actions that no profile may take on a group outside its scope. */
export const EVERYTHING = [...LOOKS, ...PRODUCING, ...CONSUMING, ...CHANGES];

/** The actions that other profiles may take on a group in its scope, and this one may not. */
export function othersActions({ profile }: ProfileFacts): string[] {
  return [
    ...(profile === "producer" ? [] : PRODUCING),
    ...(profile === "consumer" ? [] : CONSUMING),
    ...(profile === "administrator" ? [] : [...CHANGES, "AddTags"]),
  ];
}

export function onGroup(store: StoreFacts, profile: ProfileFacts, group: GroupFacts): Step[] {
  const tags = tagContext(profile, group);
  const at = (names: readonly string[], context = tags) =>
    each(profile.roleArn, prefixed("sagemaker", names), groupScope(store, profile, group), { context });
  if (profile.account !== store.account)
    return profile.profile === "consumer" ? reading(store, profile, group) : [];
  const usingKey = decrypting(profile.roleArn, group.onlineKeyArn, viaSageMaker(group.region));
  const requested = asRequested(tags);
  switch (profile.profile) {
    case "producer":
      return [...at(["DescribeFeatureGroup", ...PRODUCING]), ...usingKey];
    case "consumer":
      return [...at([...LOOKS, ...CONSUMING]), ...usingKey, ...reading(store, profile, group)];
    case "auditor":
      return [...at([...LOOKS, "ListTags"]), ...tables(store, profile, group, ["GetDatabase", "GetTable"])];
    case "administrator":
      return [
        ...at([...LOOKS, "ListTags", ...CHANGES]),
        ...at(["AddTags", "DeleteTags"], { ...tags, "aws:TagKeys": ["note"] }),
        ...at(["CreateFeatureGroup"], { ...tags, ...requested, ...creating(store, group) }),
        ...at(["AddTags"], { ...tags, ...requested, "sagemaker:TaggingAction": "CreateFeatureGroup" }),
        ...tables(store, profile, group, ["GetDatabase", "GetTable", "UpdateTable"]),
      ];
  }
}

/** The requests on the store as a whole: its keys, role and bucket, and for profiles that create groups, what creation needs. */
export function aroundStore(store: StoreFacts, { roleArn, account, profile }: ProfileFacts): Step[] {
  const all = (service: string, names: string | readonly string[], scope: string, context?: RequestContext) =>
    each(roleArn, prefixed(service, typeof names === "string" ? names.split(" ") : names), scope, {
      ...(scope === "*" ? { resourceAccount: account } : {}),
      ...(context ? { context } : {}),
    });
  if (profile === "producer" || profile === "consumer") return [];
  const inspecting = [
    ...(account === store.bucketAccount ? all("s3", BUCKET, store.bucketArn) : []),
    ...all("cloudtrail", "LookupEvents", "*"),
  ];
  if (account !== store.account) return inspecting;
  const keys = groupKeys(store.groups, "onlineKeyArn", "offlineKeyArn");
  const audited = [
    ...inspecting,
    ...all("sagemaker", "ListFeatureGroups", "*"),
    ...all("iam", ROLE, store.roleArn),
    ...keys.flatMap((key) => all("kms", KEYS, key)),
  ];
  if (profile === "auditor") return audited;
  const made = catalogArns(store, { database: "sagemaker_featurestore", name: "*" });
  const through = viaSageMaker(store.region);
  return [
    ...audited,
    ...all("iam", "PassRole", store.roleArn, { "iam:PassedToService": "sagemaker.amazonaws.com" }),
    ...groupKeys(store.groups, "onlineKeyArn").flatMap((key) => [
      ...each(roleArn, CREATOR_ACTIONS, key, { context: through }),
      ...all("kms", "ListAliases", "*"),
    ]),
    ...keys.flatMap((key) => all("kms", "DescribeKey", key, through)),
    ...made.flatMap((scope) => all("glue", "CreateDatabase GetDatabase CreateTable", scope)),
  ];
}

export function onRecords(profile: ProfileFacts, group: GroupFacts, names: readonly string[]): Step[] {
  const context = tagContext(profile, group);
  return names.flatMap((name) =>
    each(profile.roleArn, [`sagemaker:${name}`], group.arn, {
      context: name === "AddTags" ? { ...context, "aws:TagKeys": ["note"] } : context,
    }),
  );
}

export function onObjects(store: StoreFacts, profile: ProfileFacts, group: GroupFacts): Step[] {
  const { bucketArn = store.bucketArn, dataPrefix } = group;
  if (dataPrefix === undefined) return [];
  const context = tagContext(profile, group);
  return each(profile.roleArn, OBJECT_ACTIONS, `${bucketArn}/${dataPrefix}/*`, { context });
}

const prefixed = (service: string, names: readonly string[]) => names.map((name) => `${service}:${name}`);

/** The group's tags, as SageMaker puts them into the request context, and the principal's where they have to match. */
function tagContext({ scope }: ProfileFacts, { tags = {} }: GroupFacts): RequestContext {
  const resource = Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  const principal =
    scope.kind === "principalTags"
      ? scope.keys.map((key) => [`aws:PrincipalTag/${key}`, tags[key] ?? "other"])
      : [];
  return Object.fromEntries([...resource, ...principal]) as RequestContext;
}

/** The groups that a statement is for: where tags decide, any group that has them. */
function groupScope(store: StoreFacts, { scope }: ProfileFacts, { arn }: GroupFacts): string {
  if (scope.kind === "names") return arn;
  return `arn:${store.partition}:sagemaker:${store.region}:${store.account}:feature-group/*`;
}

function asRequested(context: RequestContext): RequestContext {
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key.replace("aws:ResourceTag/", "aws:RequestTag/"),
      value,
    ]),
  );
}

function creating({ bucketArn, prefix }: StoreFacts, group: GroupFacts): RequestContext {
  const bucket = bucketArn.slice(bucketArn.lastIndexOf(":") + 1);
  return {
    "sagemaker:FeatureGroupEnableOnlineStore": String(group.online),
    "sagemaker:FeatureGroupOfflineStoreS3Uri": `s3://${bucket}${prefix === "" ? "" : `/${prefix}`}`,
    ...(group.onlineKeyArn ? { "sagemaker:FeatureGroupOnlineStoreKmsKeyArn": group.onlineKeyArn } : {}),
    ...(group.offlineKeyArn ? { "sagemaker:FeatureGroupOfflineStoreKmsKeyArn": group.offlineKeyArn } : {}),
  };
}

function reading(store: StoreFacts, profile: ProfileFacts, group: GroupFacts): Step[] {
  const { roleArn, account } = profile;
  const { bucketArn = store.bucketArn, dataPrefix, offlineKeyArn, region } = group;
  if (dataPrefix === undefined || account !== store.bucketAccount) return [];
  const context = tagContext(profile, group);
  const objects = (prefix: string) =>
    each(roleArn, ["s3:GetObject"], `${bucketArn}/${prefix}/*`, { context });
  const ofTables = ["GetDatabase", "GetTable", "GetPartition", "GetPartitions", "BatchGetPartition"];
  return [
    ...each(roleArn, ["s3:GetBucketLocation"], bucketArn),
    ...each(roleArn, ["s3:ListBucket"], bucketArn, {
      context: { ...context, "s3:prefix": `${dataPrefix}/` },
    }),
    ...objects(dataPrefix),
    ...(group.iceberg ? objects(metadataPrefix(dataPrefix)) : []),
    ...decrypting(roleArn, offlineKeyArn, viaS3(region)),
    ...(account === store.account ? tables(store, profile, group, ofTables) : []),
  ];
}

function tables(store: StoreFacts, profile: ProfileFacts, group: GroupFacts, names: string[]): Step[] {
  if (!group.table) return [];
  const arns = catalogArns(store, group.table);
  const context = tagContext(profile, group);
  return prefixed("glue", names).flatMap((action) =>
    arns.flatMap((arn) => each(profile.roleArn, [action], arn, { context })),
  );
}

/**
 * What profiles mean: each role does on its feature groups what its profile says, and on others nothing; by tags, on the
 * groups that carry them, as long as they do. Nobody else gets in by it.
 */
import type { RequestContext } from "@feature-store-access/iam";
import { metadataPrefix } from "./consumerOffline";
import { roleOf } from "./offlineStore";
import { viaS3, viaSageMaker } from "./store";
import type { GroupFacts, Intent, Step, StoreFacts, StrangerFacts } from "./types";

export interface ProfileFacts {
  readonly name: string;
  readonly profile: "producer" | "consumer" | "auditor" | "administrator";
  readonly roleArn: string;
  /** 12 digits: of the role. */
  readonly account: string;
  readonly trustedRoleArns: readonly string[];
  readonly scope:
    | { readonly kind: "names"; readonly names: readonly string[] }
    | { readonly kind: "tags"; readonly tags: Readonly<Record<string, string>> }
    | { readonly kind: "principalTags"; readonly keys: readonly string[] };
}

const RECORDS: Readonly<Record<string, readonly string[]>> = {
  producer: ["PutRecord", "BatchWriteRecord", "DeleteRecord"],
  consumer: ["GetRecord", "BatchGetRecord", "ListRecords"],
};
const LOOKS = ["DescribeFeatureGroup", "DescribeFeatureMetadata"];
const CHANGES = ["UpdateFeatureGroup", "UpdateFeatureMetadata", "DeleteFeatureGroup"];
const CREATION =
  "Encrypt Decrypt DescribeKey CreateGrant RetireGrant ReEncryptFrom ReEncryptTo GenerateDataKey ListGrants RevokeGrant";
const KEYS = "DescribeKey GetKeyPolicy GetKeyRotationStatus ListGrants ListResourceTags";
const BUCKET =
  "GetBucketLocation GetBucketPolicy GetBucketAcl GetBucketPublicAccessBlock GetBucketOwnershipControls GetBucketVersioning GetEncryptionConfiguration GetLifecycleConfiguration GetBucketTagging";
const ROLE = "GetRole ListRolePolicies GetRolePolicy ListAttachedRolePolicies";

export function profileIntents(store: StoreFacts, profile: ProfileFacts, strangers: StrangerFacts): Intent[] {
  const intent = (
    id: string,
    actor: string,
    expect: Intent["expect"],
    says: string,
    steps: Step[],
  ): Intent[] =>
    steps.length === 0
      ? []
      : [
          {
            id: `profile ${profile.name} ${id}`,
            actor,
            expect,
            says,
            setting: `profiles.${profile.name}`,
            steps,
          },
        ];
  const self = `profile ${profile.name}`;
  const inside = store.groups.filter((group) => isIn(profile, group));
  const outside = store.groups.filter((group) => !isIn(profile, group));
  return [
    ...profile.trustedRoleArns.flatMap((trusted) =>
      intent(
        `assume ${trusted}`,
        trusted,
        "allowed",
        `may assume the role of ${self}`,
        entering(profile, trusted),
      ),
    ),
    ...intent("strangers", "everyone else", "denied", `may not assume the role of ${self}`, [
      ...[
        roleOf(strangers.partition, profile.account, "other"),
        roleOf(strangers.partition, strangers.account, "stranger"),
        "anonymous",
        "sagemaker.amazonaws.com",
      ].map((principal) => ({ principal, action: "sts:AssumeRole", scope: profile.roleArn })),
    ]),
    ...inside.flatMap((group) =>
      intent(
        group.name,
        self,
        "allowed",
        `may act as ${profile.profile} of ${group.name}`,
        on(store, profile, group),
      ),
    ),
    ...intent(
      "store",
      self,
      "allowed",
      `may do what a ${profile.profile} does on the store`,
      around(store, profile),
    ),
    ...outside.flatMap((group) =>
      intent(`not ${group.name}`, self, "denied", `may do nothing with ${group.name}`, [
        ...noRecords(profile, group, [...LOOKS, ...Object.values(RECORDS).flat(), ...CHANGES]),
        ...noObjects(store, profile, group),
      ]),
    ),
    ...(profile.scope.kind === "principalTags" ? inside : []).flatMap((group) =>
      intent(
        `foreign ${group.name}`,
        self,
        "denied",
        `may do nothing with ${group.name} by another's tags`,
        [
          ...noRecords(profile, group, [...LOOKS, ...Object.values(RECORDS).flat(), ...CHANGES]),
          ...noObjects(store, profile, group),
        ].map((step) => ({ ...step, context: withOtherTags(step.context) })),
      ),
    ),
    ...inside.flatMap((group) =>
      intent(
        `only ${group.name}`,
        self,
        "denied",
        `may do no more with ${group.name} than a ${profile.profile} does`,
        [
          ...noRecords(profile, group, others(profile)),
          ...(profile.profile === "consumer" ? [] : noObjects(store, profile, group)),
        ],
      ),
    ),
  ];
}

function isIn({ scope }: ProfileFacts, { name, tags = {} }: GroupFacts): boolean {
  if (scope.kind === "names") return scope.names.includes(name);
  return scope.kind === "tags"
    ? Object.entries(scope.tags).every(([key, value]) => tags[key] === value)
    : scope.keys.every((key) => tags[key] !== undefined);
}

function others({ profile }: ProfileFacts): string[] {
  return [
    ...(profile === "producer" ? [] : (RECORDS["producer"] ?? [])),
    ...(profile === "consumer" ? [] : (RECORDS["consumer"] ?? [])),
    ...(profile === "administrator" ? [] : [...CHANGES, "AddTags"]),
  ];
}

function entering({ scope, roleArn }: ProfileFacts, principal: string): Step[] {
  const own = { principal, scope: roleArn, knownPoliciesOnly: false };
  if (scope.kind !== "principalTags") return [{ ...own, action: "sts:AssumeRole" }];
  const tags = scope.keys.flatMap((key) => [
    [`aws:RequestTag/${key}`, "sample"],
    [`aws:PrincipalTag/${key}`, "sample"],
  ]);
  const context = { ...Object.fromEntries(tags), "aws:TagKeys": [...scope.keys] } as RequestContext;
  return [
    { ...own, action: "sts:AssumeRole", context },
    { ...own, action: "sts:TagSession", context },
  ];
}

/** The group's tags, as SageMaker gives them to the decision, and the principal's where they have to be the same. */
function tagContext({ scope }: ProfileFacts, { tags = {} }: GroupFacts): RequestContext {
  const resource = Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  const principal =
    scope.kind === "principalTags"
      ? scope.keys.map((key) => [`aws:PrincipalTag/${key}`, tags[key] ?? "other"])
      : [];
  return Object.fromEntries([...resource, ...principal]) as RequestContext;
}

function withOtherTags(context: RequestContext = {}): RequestContext {
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key,
      key.startsWith("aws:PrincipalTag/") ? `not ${String(value)}` : value,
    ]),
  );
}

/** Where tags decide, statements are for any group that carries them. */
function groupScope(store: StoreFacts, { scope }: ProfileFacts, { arn }: GroupFacts): string {
  if (scope.kind === "names") return arn;
  return `arn:${store.partition}:sagemaker:${store.region}:${store.account}:feature-group/*`;
}

function on(store: StoreFacts, profile: ProfileFacts, group: GroupFacts): Step[] {
  const { roleArn: principal } = profile;
  const context = tagContext(profile, group);
  const at = (
    names: readonly string[],
    scope = groupScope(store, profile, group),
    more: RequestContext = {},
  ) =>
    names.map((name): Step => ({
      principal,
      action: `sagemaker:${name}`,
      scope,
      context: { ...context, ...more },
    }));
  if (profile.account !== store.account)
    return profile.profile === "consumer" ? reading(store, profile, group) : [];
  switch (profile.profile) {
    case "producer":
      return [...at(["DescribeFeatureGroup", ...(RECORDS["producer"] ?? [])]), ...usingKey(profile, group)];
    case "consumer":
      return [
        ...at([...LOOKS, ...(RECORDS["consumer"] ?? [])]),
        ...usingKey(profile, group),
        ...reading(store, profile, group),
      ];
    case "auditor":
      return [...at([...LOOKS, "ListTags"]), ...tables(store, profile, group, ["GetDatabase", "GetTable"])];
    case "administrator":
      return [
        ...at([...LOOKS, "ListTags", ...CHANGES]),
        ...at(["AddTags", "DeleteTags"], undefined, { "aws:TagKeys": ["note"] }),
        ...at(["CreateFeatureGroup"], undefined, { ...asRequested(context), ...creating(store, group) }),
        ...at(["AddTags"], undefined, {
          ...asRequested(context),
          "sagemaker:TaggingAction": "CreateFeatureGroup",
        }),
        ...tables(store, profile, group, ["GetDatabase", "GetTable", "UpdateTable"]),
      ];
  }
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

function usingKey({ roleArn: principal }: ProfileFacts, { onlineKeyArn, region }: GroupFacts): Step[] {
  if (onlineKeyArn === undefined) return [];
  return [{ principal, action: "kms:Decrypt", scope: onlineKeyArn, context: viaSageMaker(region) }];
}

function reading(store: StoreFacts, profile: ProfileFacts, group: GroupFacts): Step[] {
  const { roleArn: principal, account } = profile;
  const { bucketArn = store.bucketArn, dataPrefix, offlineKeyArn, region } = group;
  if (dataPrefix === undefined) return [];
  if (account !== store.bucketAccount) return [];
  const context = tagContext(profile, group);
  const list = { ...context, "s3:prefix": `${dataPrefix}/` };
  return [
    { principal, action: "s3:GetBucketLocation", scope: bucketArn },
    { principal, action: "s3:ListBucket", scope: bucketArn, context: list },
    { principal, action: "s3:GetObject", scope: `${bucketArn}/${dataPrefix}/*`, context },
    ...(group.iceberg
      ? [
          {
            principal,
            action: "s3:GetObject",
            scope: `${bucketArn}/${metadataPrefix(dataPrefix)}/*`,
            context,
          },
        ]
      : []),
    ...(offlineKeyArn === undefined
      ? []
      : [{ principal, action: "kms:Decrypt", scope: offlineKeyArn, context: viaS3(region) }]),
    ...(account === store.account
      ? tables(store, profile, group, [
          "GetDatabase",
          "GetTable",
          "GetPartition",
          "GetPartitions",
          "BatchGetPartition",
        ])
      : []),
  ];
}

function tables(
  store: StoreFacts,
  profile: ProfileFacts,
  group: GroupFacts,
  names: readonly string[],
): Step[] {
  if (!group.table) return [];
  const { database, name } = group.table;
  const glue = `arn:${store.partition}:glue:${store.region}:${store.account}`;
  const context = tagContext(profile, group);
  return names.flatMap((action) =>
    [`${glue}:catalog`, `${glue}:database/${database}`, `${glue}:table/${database}/${name}`].map((scope) => ({
      principal: profile.roleArn,
      action: `glue:${action}`,
      scope,
      context,
    })),
  );
}

/** What is of the store as a whole: its keys, role and bucket, and for who makes groups what that takes. */
function around(store: StoreFacts, profile: ProfileFacts): Step[] {
  const { roleArn: principal, account } = profile;
  const all = (service: string, names: string, scope: string, context?: RequestContext) =>
    names.split(" ").map((name): Step => ({
      principal,
      action: `${service}:${name}`,
      scope,
      ...(scope === "*" ? { resourceAccount: account } : {}),
      ...(context ? { context } : {}),
    }));
  if (profile.profile === "producer" || profile.profile === "consumer") return [];
  const inspecting = [
    ...(account === store.bucketAccount ? all("s3", BUCKET, store.bucketArn) : []),
    ...all("cloudtrail", "LookupEvents", "*"),
  ];
  if (account !== store.account) return inspecting;
  const keys = [...new Set(store.groups.flatMap((each) => [each.onlineKeyArn, each.offlineKeyArn]))];
  const known = keys.filter((key) => key !== undefined);
  const audited = [
    ...inspecting,
    ...all("sagemaker", "ListFeatureGroups", "*"),
    ...all("iam", ROLE, store.roleArn),
    ...known.flatMap((key) => all("kms", KEYS, key)),
  ];
  if (profile.profile === "auditor") return audited;
  const glue = `arn:${store.partition}:glue:${store.region}:${store.account}`;
  const made = [
    `${glue}:catalog`,
    `${glue}:database/sagemaker_featurestore`,
    `${glue}:table/sagemaker_featurestore/*`,
  ];
  const online = [...new Set(store.groups.map(({ onlineKeyArn }) => onlineKeyArn))];
  return [
    ...audited,
    ...all("iam", "PassRole", store.roleArn, { "iam:PassedToService": "sagemaker.amazonaws.com" }),
    ...online.flatMap((key) =>
      key === undefined
        ? []
        : [...all("kms", CREATION, key, viaSageMaker(store.region)), ...all("kms", "ListAliases", "*")],
    ),
    ...known.flatMap((key) => all("kms", "DescribeKey", key, viaSageMaker(store.region))),
    ...made.flatMap((scope) => all("glue", "CreateDatabase GetDatabase CreateTable", scope)),
  ];
}

function noRecords(profile: ProfileFacts, group: GroupFacts, names: readonly string[]): Step[] {
  const { roleArn: principal } = profile;
  const context = tagContext(profile, group);
  return names.map((name) => ({
    principal,
    action: `sagemaker:${name}`,
    scope: group.arn,
    context: name === "AddTags" ? { ...context, "aws:TagKeys": ["note"] } : context,
  }));
}

function noObjects(store: StoreFacts, profile: ProfileFacts, group: GroupFacts): Step[] {
  const { bucketArn = store.bucketArn, dataPrefix } = group;
  if (dataPrefix === undefined) return [];
  const at = { principal: profile.roleArn, context: tagContext(profile, group) };
  return ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"].map((action) => ({
    ...at,
    action,
    scope: `${bucketArn}/${dataPrefix}/*`,
  }));
}

/** What both topologies' stores are for: Feature Store writes them as their role, under their keys, and nobody else does. */
import { accountHolder, type GroupFacts, type Intent, type Step, type StoreFacts } from "./types";

const SAGEMAKER = "sagemaker.amazonaws.com";

/** The rights of key administrators, as the documents list them. Source: seeds 000 and 002. */
const ADMINISTRATION = [
  "kms:Create*",
  "kms:Describe*",
  "kms:Enable*",
  "kms:List*",
  "kms:Put*",
  "kms:Update*",
  "kms:Revoke*",
  "kms:Disable*",
  "kms:Get*",
  "kms:Delete*",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:ScheduleKeyDeletion",
  "kms:CancelKeyDeletion",
];

/** What the creator of a feature group with a key needs on it. Source: seed 002. */
const CREATION = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:CreateGrant",
  "kms:RetireGrant",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:ListGrants",
  "kms:RevokeGrant",
];

export const viaS3 = (region: string) => ({ "kms:ViaService": `s3.${region}.amazonaws.com` });
export const viaSageMaker = (region: string) => ({ "kms:ViaService": `sagemaker.${region}.amazonaws.com` });

export function storeIntents(store: StoreFacts): Intent[] {
  const { setting, roleArn } = store;
  const actor = `${setting}'s role`;
  return [
    {
      id: `${setting} assume`,
      actor: "Amazon SageMaker",
      expect: "allowed",
      says: `may act as ${actor}`,
      setting,
      steps: [{ principal: SAGEMAKER, action: "sts:AssumeRole", scope: roleArn }],
    },
    ...[roleArn, ...store.additionalWriterRoleArns].map((writer): Intent => {
      const own = writer === roleArn;
      return {
        id: `${setting} write${own ? "" : ` ${writer}`}`,
        actor: own ? actor : writer,
        expect: "allowed",
        says: "may write the offline store, under its key",
        setting: own ? setting : `${setting}.additionalWriterRoleArns`,
        steps: writing(store, writer),
      };
    }),
    ...store.groups.flatMap((group) => groupIntents(store, group)),
    ...store.keyArns.flatMap((key) => keyIntents(store, key)),
    ...(store.verifierArn === undefined
      ? []
      : [
          {
            id: `${setting} verify`,
            actor: "the deployer",
            expect: "allowed" as const,
            says: `may act as ${actor}, to verify what it may do`,
            setting: "verification.trustDeployer",
            steps: [{ principal: store.verifierArn, action: "sts:AssumeRole", scope: roleArn }],
          },
        ]),
  ];
}

/** The role, the place and the key that a feature group names have to be those that its store's policies are for. */
function groupIntents(store: StoreFacts, group: GroupFacts): Intent[] {
  const { setting, bucketAccount: resourceAccount } = store;
  const { name, roleArn: principal, bucketArn, dataPrefix, offlineKeyArn: key } = group;
  if (principal === undefined || bucketArn === undefined || dataPrefix === undefined) return [];
  return [
    {
      id: `${setting} group ${name}`,
      actor: "Amazon SageMaker",
      expect: "allowed",
      says: `may write feature group ${name} offline, as the role and in the place that it names`,
      setting: `${setting}.featureGroups`,
      steps: [
        { principal: SAGEMAKER, action: "sts:AssumeRole", scope: principal },
        {
          principal,
          action: "s3:PutObject",
          scope: `${bucketArn}/${dataPrefix}/*`,
          resourceAccount,
          context: { ...OWNER_CONTROLS, ...(key === undefined ? {} : encryptedUnder(key)) },
        },
        ...(key === undefined ? [] : [{ principal, action: "kms:GenerateDataKey", scope: key }]),
      ],
    },
  ];
}

const OWNER_CONTROLS = { "s3:x-amz-acl": "bucket-owner-full-control" };

const encryptedUnder = (key: string) => ({
  "s3:x-amz-server-side-encryption": "aws:kms",
  "s3:x-amz-server-side-encryption-aws-kms-key-id": key,
});

/** Whoever may write, not without TLS. */
export function writesInsecurely(store: StoreFacts): Step {
  return {
    principal: store.roleArn,
    action: "s3:PutObject",
    scope: objectsOf(store),
    resourceAccount: store.bucketAccount,
    context: INSECURE,
  };
}

export const INSECURE = { "aws:SecureTransport": "false" };

/** Under the prefix only Feature Store knows which objects: names end in the time of the group's creation. */
export function objectsOf({ bucketArn, prefix }: Pick<StoreFacts, "bucketArn" | "prefix">): string {
  return prefix === "" ? `${bucketArn}/*` : `${bucketArn}/${prefix}/*`;
}

function writing(store: StoreFacts, principal: string): Step[] {
  const { bucketArn, bucketAccount, region } = store;
  const scope = objectsOf(store);
  const common = {
    principal,
    resourceAccount: bucketAccount,
    knownPoliciesOnly: principal === store.roleArn,
  };
  const keys = [...new Set(store.groups.map(({ offlineKeyArn }) => offlineKeyArn))].filter(
    (key) => key !== undefined,
  );
  return [
    { ...common, action: "s3:GetBucketAcl", scope: bucketArn },
    ...keys.flatMap((key): Step[] => [
      {
        ...common,
        action: "s3:PutObject",
        scope,
        context: { ...OWNER_CONTROLS, ...encryptedUnder(key) },
      },
      // Feature Store looks at the key itself when a group is made, and S3 uses it for each object.
      { principal, action: "kms:GenerateDataKey", scope: key },
      {
        principal,
        action: "kms:GenerateDataKey",
        scope: key,
        context: { ...viaS3(region), "kms:EncryptionContext:aws:s3:arn": bucketArn },
      },
    ]),
    ...(keys.length > 0 ? [] : [{ ...common, action: "s3:PutObject", scope, context: OWNER_CONTROLS }]),
    { ...common, action: "s3:PutObjectAcl", scope, context: OWNER_CONTROLS },
    ...store.groups
      .filter(({ iceberg }) => iceberg)
      .flatMap((group) => icebergSteps(store, group, principal)),
  ];
}

/** Source: AmazonSageMakerFeatureStoreAccess: an Iceberg table's metadata is read back, and its table pointed to the newest. */
function icebergSteps(store: StoreFacts, group: GroupFacts, principal: string): Step[] {
  const { region, account, partition, bucketArn, bucketAccount, prefix } = store;
  const glue = `arn:${partition}:glue:${region}:${account}`;
  const { table } = group;
  return [
    {
      principal,
      action: "s3:GetObject",
      scope: `${objectsOf({ bucketArn, prefix })}/metadata/*`,
      resourceAccount: bucketAccount,
    },
    ...(group.offlineKeyArn === undefined
      ? []
      : [{ principal, action: "kms:Decrypt", scope: group.offlineKeyArn, context: viaS3(region) }]),
    ...(table === undefined
      ? []
      : ["glue:GetTable", "glue:UpdateTable"].flatMap((action) =>
          [
            `${glue}:catalog`,
            `${glue}:database/${table.database}`,
            `${glue}:table/${table.database}/${tablePattern(group.name, table.name)}`,
          ].map((scope) => ({
            principal,
            action,
            scope,
            resourceAccount: account,
          })),
        )),
  ];
}

/** A table that Feature Store names by its group and the time of the group's creation, which nobody knows before. */
function tablePattern(group: string, table: string): string {
  const made = `${group.toLowerCase().replaceAll("-", "_")}_`;
  return table.startsWith(made) ? `${made}${"?".repeat(10)}` : table;
}

function keyIntents(store: StoreFacts, key: string): Intent[] {
  const { setting, partition, account, region, keyAdministrators, serviceReadsKeys = true } = store;
  const through = store.viaSageMakerKeyArns?.includes(key) ? { context: viaSageMaker(region) } : {};
  return [
    {
      id: `${setting} key ${key} service`,
      actor: "Amazon SageMaker",
      expect: serviceReadsKeys ? "allowed" : "denied",
      says: serviceReadsKeys ? "may look at the key" : "may not look at the key by itself",
      setting,
      steps: ["kms:Describe*", "kms:Get*", "kms:List*"].map((action) => ({
        principal: SAGEMAKER,
        action,
        scope: key,
      })),
    },
    {
      id: `${setting} key ${key} owner`,
      actor: "the key's own account",
      expect: "allowed",
      says: "may make feature groups under the key, by its own IAM",
      setting,
      steps: CREATION.map((action) => ({
        principal: `arn:${partition}:iam::${account}:role/{creator}`,
        holder: accountHolder(account),
        action,
        scope: key,
        ...through,
      })),
    },
    ...keyAdministrators.map((administrator): Intent => {
      return {
        id: `${setting} key ${key} administrator ${administrator}`,
        actor: `key administrator ${administrator}`,
        expect: "allowed",
        says: "may administer the key",
        setting: `${setting}.keyAdministrators`,
        steps: ADMINISTRATION.map((action) => ({ principal: administrator, action, scope: key })),
      };
    }),
  ];
}

/** The intents of any store of feature groups: Feature Store writes it as its role, under its keys, and strangers may do nothing. */
import { CREATOR_ACTIONS } from "../keyUse";
import {
  catalogArns,
  decrypting,
  each,
  groupKeys,
  INSECURE,
  OBJECT_ACTIONS,
  objectsOf,
  roleOf,
  SAGEMAKER,
  viaS3,
  viaSageMaker,
} from "./steps";
import { accountHolder, type GroupFacts, type Intent, type Step } from "./types";
import type { StoreFacts, StrangerFacts } from "./types";

/**
 * The permissions of key administrators, as the documents list them. Source: "Security and access control" of Feature
 * Store, https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html
 */
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
export const BUCKET_ACTIONS = ["s3:ListBucket", "s3:PutBucketPolicy", "s3:DeleteBucket", "s3:PutBucketAcl"];
const KEY_ACTIONS = [
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "kms:Encrypt",
  "kms:CreateGrant",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
];
/** Services that run a user's code with a role that they are given. */
const ROLE_TAKERS = ["ec2", "ecs-tasks", "glue", "lambda"].map((service) => `${service}.amazonaws.com`);
const RECORD_ACTIONS = ["sagemaker:GetRecord", "sagemaker:PutRecord", "sagemaker:DeleteFeatureGroup"];

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
      steps: each(SAGEMAKER, ["sts:AssumeRole"], roleArn),
    },
    {
      id: `${setting} assume others`,
      actor: "other AWS services and other roles of its account",
      expect: "denied",
      says: `may not act as ${actor}`,
      setting,
      steps: [...ROLE_TAKERS, roleOf(store.partition, store.account, "other")].flatMap((principal) =>
        each(principal, ["sts:AssumeRole"], roleArn),
      ),
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
            steps: each(store.verifierArn, ["sts:AssumeRole"], roleArn),
          },
        ]),
  ];
}

/** An account that is not in the settings, and a request without credentials, may do nothing with any store. */
export function strangerRefusals(store: StoreFacts, { partition, account }: StrangerFacts): Intent[] {
  const { setting, bucketArn, bucketAccount: resourceAccount, keyArns, groups, roleArn } = store;
  return [
    ["another account", roleOf(partition, account, "stranger")],
    ["anyone, without credentials", "anonymous"],
  ].map(([actor = "", principal = ""]): Intent => ({
    id: `${setting} stranger ${actor}`,
    actor,
    expect: "denied",
    says: `may do nothing with ${setting}`,
    steps: [
      ...each(principal, OBJECT_ACTIONS, objectsOf(store), { resourceAccount }),
      ...each(principal, BUCKET_ACTIONS, bucketArn, { resourceAccount }),
      ...keyArns.flatMap((key) => each(principal, KEY_ACTIONS, key)),
      ...groups.flatMap(({ arn }) => each(principal, RECORD_ACTIONS, arn)),
      ...each(principal, ["sts:AssumeRole"], roleArn),
    ],
  }));
}

/** The role, the place and the key that a feature group names have to be the ones that its store's policies are for. */
function groupIntents(store: StoreFacts, group: GroupFacts): Intent[] {
  const { setting, bucketAccount: resourceAccount } = store;
  const { name, roleArn, bucketArn, dataPrefix, offlineKeyArn: key } = group;
  if (roleArn === undefined || bucketArn === undefined || dataPrefix === undefined) return [];
  const context = { ...OWNER_CONTROLS, ...(key === undefined ? {} : encryptedUnder(key)) };
  return [
    {
      id: `${setting} group ${name}`,
      actor: "Amazon SageMaker",
      expect: "allowed",
      says: `may write feature group ${name} offline, as the role and in the place that it names`,
      setting: `${setting}.featureGroups`,
      steps: [
        ...each(SAGEMAKER, ["sts:AssumeRole"], roleArn),
        ...each(roleArn, ["s3:PutObject"], `${bucketArn}/${dataPrefix}/*`, { resourceAccount, context }),
        ...(key === undefined ? [] : each(roleArn, ["kms:GenerateDataKey"], key)),
      ],
    },
  ];
}

const OWNER_CONTROLS = { "s3:x-amz-acl": "bucket-owner-full-control" };

const encryptedUnder = (key: string) => ({
  "s3:x-amz-server-side-encryption": "aws:kms",
  "s3:x-amz-server-side-encryption-aws-kms-key-id": key,
});

/** A write by the store's role without TLS. */
export function writesInsecurely(store: StoreFacts): Step[] {
  const { roleArn, bucketAccount: resourceAccount } = store;
  return each(roleArn, ["s3:PutObject"], objectsOf(store), { resourceAccount, context: INSECURE });
}

function writing(store: StoreFacts, principal: string): Step[] {
  const { bucketArn, bucketAccount: resourceAccount, region, groups } = store;
  const scope = objectsOf(store);
  const more = { resourceAccount, knownPoliciesOnly: principal === store.roleArn };
  const keys = groupKeys(groups, "offlineKeyArn");
  return [
    ...each(principal, ["s3:GetBucketAcl"], bucketArn, more),
    ...keys.flatMap((key) => [
      ...each(principal, ["s3:PutObject"], scope, {
        ...more,
        context: { ...OWNER_CONTROLS, ...encryptedUnder(key) },
      }),
      // Feature Store itself checks the key when a group is created, and S3 uses it for each object.
      ...each(principal, ["kms:GenerateDataKey"], key),
      ...each(principal, ["kms:GenerateDataKey"], key, {
        context: { ...viaS3(region), "kms:EncryptionContext:aws:s3:arn": bucketArn },
      }),
    ]),
    ...each(principal, keys.length > 0 ? ["s3:PutObjectAcl"] : ["s3:PutObject", "s3:PutObjectAcl"], scope, {
      ...more,
      context: OWNER_CONTROLS,
    }),
    ...groups.filter(({ iceberg }) => iceberg).flatMap((group) => icebergSteps(store, group, principal)),
  ];
}

/**
 * Feature Store reads an Iceberg table's metadata back, and points its table to the newest. Source: AWS Managed Policy
 * Reference, "AmazonSageMakerFeatureStoreAccess",
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSageMakerFeatureStoreAccess.html
 */
function icebergSteps(
  store: StoreFacts,
  { name, table, offlineKeyArn }: GroupFacts,
  principal: string,
): Step[] {
  const { region, account, bucketAccount } = store;
  const named = table && { ...table, name: tablePattern(name, table.name) };
  return [
    ...each(principal, ["s3:GetObject"], `${objectsOf(store)}/metadata/*`, {
      resourceAccount: bucketAccount,
    }),
    ...decrypting(principal, offlineKeyArn, viaS3(region)),
    ...(named === undefined
      ? []
      : ["glue:GetTable", "glue:UpdateTable"].flatMap((action) =>
          catalogArns(store, named).flatMap((arn) =>
            each(principal, [action], arn, { resourceAccount: account }),
          ),
        )),
  ];
}

/** Feature Store names the table by its group and the group's creation time, which is not known before. */
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
      steps: each(SAGEMAKER, ["kms:Describe*", "kms:Get*", "kms:List*"], key),
    },
    {
      id: `${setting} key ${key} owner`,
      actor: "the key's own account",
      expect: "allowed",
      says: "may make feature groups under the key, by its own IAM",
      setting,
      steps: each(roleOf(partition, account, "creator"), CREATOR_ACTIONS, key, {
        holder: accountHolder(account),
        ...through,
      }),
    },
    ...keyAdministrators.map((administrator): Intent => ({
      id: `${setting} key ${key} administrator ${administrator}`,
      actor: `key administrator ${administrator}`,
      expect: "allowed",
      says: "may administer the key",
      setting: `${setting}.keyAdministrators`,
      steps: each(administrator, ADMINISTRATION, key),
    })),
  ];
}

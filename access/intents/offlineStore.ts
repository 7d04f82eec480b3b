/** What the topology offline-store means beyond its store: account B reads what account A writes, and nobody else does. */
import { objectsOf, storeIntents, viaS3, writesInsecurely } from "./store";
import { accountHolder, type Intent, type Step, type StoreFacts, type StrangerFacts } from "./types";

/** @param exact false where the documents' own, broader policies are wanted */
export function offlineStoreIntents(store: StoreFacts, strangers: StrangerFacts, exact: boolean): Intent[] {
  const refusals = [
    ...strangerRefusals(store, strangers),
    ...sideRefusals(store),
    ...(exact ? exactRefusals(store) : []),
  ];
  return [...storeIntents(store), reading(store, exact), ...refusals];
}

function reading(store: StoreFacts, exact: boolean): Intent {
  const { bucketArn, bucketAccount, partition, region, groups } = store;
  // What only online stores use is none of the bucket's account.
  const keyArns = store.keyArns.filter(
    (key) =>
      groups.some(({ offlineKeyArn }) => offlineKeyArn === key) ||
      !groups.some(({ onlineKeyArn }) => onlineKeyArn === key),
  );
  const reader = {
    principal: roleOf(partition, bucketAccount, "reader"),
    holder: accountHolder(bucketAccount),
  };
  const steps: Step[] = [
    { ...reader, action: "s3:ListBucket", scope: bucketArn },
    { ...reader, action: "s3:GetObject", scope: objectsOf(store) },
    ...keyArns.map((scope) => ({ ...reader, action: "kms:Decrypt", scope, context: viaS3(region) })),
  ];
  // The documents let account B's IAM use the key for all that Feature Store does with one.
  const use = [
    "Encrypt",
    "DescribeKey",
    "CreateGrant",
    "RetireGrant",
    "ReEncryptFrom",
    "ReEncryptTo",
    "GenerateDataKey",
    "ListGrants",
  ];
  const documented = exact
    ? []
    : keyArns.flatMap((scope) => use.map((name) => ({ ...reader, action: `kms:${name}`, scope })));
  return {
    id: "offlineStore read",
    actor: "account B",
    expect: "allowed",
    says: "may read the offline store, by its own IAM",
    setting: "offlineStore",
    steps: [...steps, ...documented],
  };
}

const OBJECT_ACCESS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
const BUCKET_ACCESS = ["s3:ListBucket", "s3:PutBucketPolicy", "s3:DeleteBucket", "s3:PutBucketAcl"];
const KEY_ACCESS = [
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "kms:Encrypt",
  "kms:CreateGrant",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
];

/** An account that is in no settings, and nobody at all: nothing, of any store. */
export function strangerRefusals(store: StoreFacts, { partition, account }: StrangerFacts): Intent[] {
  const { setting } = store;
  return [
    ["another account", roleOf(partition, account, "stranger")],
    ["anyone, without credentials", "anonymous"],
  ].map(([actor = "", principal = ""]): Intent => {
    return {
      id: `${setting} stranger ${actor}`,
      actor,
      expect: "denied",
      says: `may do nothing with ${setting}`,
      steps: everything(store, principal),
    };
  });
}

function everything(store: StoreFacts, principal: string): Step[] {
  const { bucketArn, bucketAccount: resourceAccount, keyArns, groups, roleArn } = store;
  const records = ["sagemaker:GetRecord", "sagemaker:PutRecord", "sagemaker:DeleteFeatureGroup"];
  return [
    ...OBJECT_ACCESS.map((action) => ({ principal, action, scope: objectsOf(store), resourceAccount })),
    ...BUCKET_ACCESS.map((action) => ({ principal, action, scope: bucketArn, resourceAccount })),
    ...keyArns.flatMap((scope) => KEY_ACCESS.map((action) => ({ principal, action, scope }))),
    ...groups.flatMap(({ arn: scope }) => records.map((action) => ({ principal, action, scope }))),
    { principal, action: "sts:AssumeRole", scope: roleArn },
  ];
}

/** Each account leaves the other's side alone: B does not administer A's key, nor A's others B's bucket. */
function sideRefusals(store: StoreFacts): Intent[] {
  const { partition, account, bucketAccount, keyArns, bucketArn, roleArn } = store;
  const [ofA, ofB] = [roleOf(partition, account, "other"), roleOf(partition, bucketAccount, "other")];
  const resourceAccount = bucketAccount;
  return [
    {
      id: "offlineStore sides A",
      actor: "account A's other roles",
      expect: "denied",
      says: "may not read, write or administer account B's bucket",
      steps: [
        ...OBJECT_ACCESS.map((action) => ({
          principal: ofA,
          action,
          scope: objectsOf(store),
          resourceAccount,
        })),
        ...BUCKET_ACCESS.map((action) => ({ principal: ofA, action, scope: bucketArn, resourceAccount })),
      ],
    },
    {
      id: "offlineStore sides B",
      actor: "account B",
      expect: "denied",
      says: "may not administer account A's key, nor act as its writer",
      steps: [
        ...keyArns.flatMap((scope) =>
          ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey"].map((action) => ({
            principal: ofB,
            action,
            scope,
          })),
        ),
        { principal: ofB, action: "sts:AssumeRole", scope: roleArn },
      ],
    },
    {
      id: "offlineStore writer",
      actor: "offlineStore's role",
      expect: "denied",
      says: "may not read, delete or list what it wrote, nor change the bucket, nor write without TLS",
      steps: [
        ...["s3:GetObject", "s3:DeleteObject"].map((action) => ({
          principal: roleArn,
          action,
          scope: notMetadata(store),
          resourceAccount,
        })),
        ...BUCKET_ACCESS.map((action) => ({ principal: roleArn, action, scope: bucketArn, resourceAccount })),
        writesInsecurely(store),
      ],
    },
  ];
}

/** What the default policies refuse and the documents' own do not. */
function exactRefusals(store: StoreFacts): Intent[] {
  const { bucketAccount: resourceAccount, bucketArn, prefix, keyArns, roleArn, partition } = store;
  const put = { principal: roleArn, action: "s3:PutObject", resourceAccount };
  const other = {
    "s3:x-amz-server-side-encryption": "aws:kms",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:000000000000:key/other",
  };
  const ofB = roleOf(partition, store.bucketAccount, "other");
  return [
    {
      id: "offlineStore writer exact",
      actor: "offlineStore's role",
      expect: "denied",
      says: "may not write elsewhere, or under another key, nor use the key for anything else",
      steps: [
        ...(prefix === "" ? [] : [{ ...put, scope: `${bucketArn}/elsewhere/*` }]),
        { ...put, scope: objectsOf(store), context: { "s3:x-amz-server-side-encryption": "AES256" } },
        { ...put, scope: objectsOf(store), context: other },
        ...keyArns.flatMap((scope) =>
          ["kms:Encrypt", "kms:CreateGrant", "kms:PutKeyPolicy"].map((action) => ({
            principal: roleArn,
            action,
            scope,
          })),
        ),
      ],
    },
    {
      id: "offlineStore readers exact",
      actor: "account B",
      expect: "denied",
      says: "may use account A's key for nothing but reading through Amazon S3",
      steps: keyArns.flatMap((scope) => [
        ...["kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant"].map((action) => ({
          principal: ofB,
          action,
          scope,
        })),
        { principal: ofB, action: "kms:Decrypt", scope },
      ]),
    },
  ];
}

/** Objects that no table format has its role read back. */
function notMetadata(store: StoreFacts): string {
  return objectsOf(store).replace(/\*$/, "data-object");
}

export function roleOf(partition: string, account: string, name: string): string {
  return `arn:${partition}:iam::${account}:role/{${name}}`;
}

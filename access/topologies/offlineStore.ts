/** Topology offline-store: account B reads what account A writes into its bucket, and nobody else does. */
import { each, OBJECT_ACTIONS, objectsOf, roleOf, viaS3 } from "../intents/steps";
import { BUCKET_ACTIONS, storeIntents, strangerRefusals, writesInsecurely } from "../intents/store";
import { accountHolder, type Intent, type IntentContext, type StoreFacts } from "../intents/types";
import { defineTopology } from "./topology";

export interface OfflineStoreFacts {
  readonly store: StoreFacts;
}

export const offlineStore = defineTopology({
  name: "offline-store",
  intents: ({ store }: OfflineStoreFacts, { strangers, exact }: IntentContext): Intent[] => [
    ...storeIntents(store),
    reading(store, exact),
    ...strangerRefusals(store, strangers),
    ...sideRefusals(store),
    ...(exact ? exactRefusals(store) : []),
  ],
});

/** The documents let account B's IAM permit everything that Feature Store does with a key. */
const DOCUMENTED_USE = [
  "kms:Encrypt",
  "kms:DescribeKey",
  "kms:CreateGrant",
  "kms:RetireGrant",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:ListGrants",
];

function reading(store: StoreFacts, exact: boolean): Intent {
  const { bucketArn, bucketAccount, partition, region, groups } = store;
  // The bucket's account does not need a key that only online stores use.
  const keyArns = store.keyArns.filter(
    (key) =>
      groups.some(({ offlineKeyArn }) => offlineKeyArn === key) ||
      !groups.some(({ onlineKeyArn }) => onlineKeyArn === key),
  );
  const reader = roleOf(partition, bucketAccount, "reader");
  const own = { holder: accountHolder(bucketAccount) };
  const context = viaS3(region);
  return {
    id: "offlineStore read",
    actor: "account B",
    expect: "allowed",
    says: "may read the offline store, by its own IAM",
    setting: "offlineStore",
    steps: [
      ...each(reader, ["s3:ListBucket"], bucketArn, own),
      ...each(reader, ["s3:GetObject"], objectsOf(store), own),
      ...keyArns.flatMap((key) => each(reader, ["kms:Decrypt"], key, { ...own, context })),
      ...(exact ? [] : keyArns.flatMap((key) => each(reader, DOCUMENTED_USE, key, own))),
    ],
  };
}

/** Each account leaves the other's side alone: B does not administer A's key, and A's other roles do not administer B's bucket. */
function sideRefusals(store: StoreFacts): Intent[] {
  const { partition, account, bucketAccount, keyArns, bucketArn, roleArn } = store;
  const [ofA, ofB] = [roleOf(partition, account, "other"), roleOf(partition, bucketAccount, "other")];
  const onBucket = { resourceAccount: bucketAccount };
  const administration = ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey"];
  // Objects that the role does not read back for any table format.
  const data = objectsOf(store).replace(/\*$/, "data-object");
  return [
    {
      id: "offlineStore sides A",
      actor: "account A's other roles",
      expect: "denied",
      says: "may not read, write or administer account B's bucket",
      steps: [
        ...each(ofA, OBJECT_ACTIONS, objectsOf(store), onBucket),
        ...each(ofA, BUCKET_ACTIONS, bucketArn, onBucket),
      ],
    },
    {
      id: "offlineStore sides B",
      actor: "account B",
      expect: "denied",
      says: "may not administer account A's key, nor act as its writer",
      steps: [
        ...keyArns.flatMap((key) => each(ofB, administration, key)),
        ...each(ofB, ["sts:AssumeRole"], roleArn),
      ],
    },
    {
      id: "offlineStore writer",
      actor: "offlineStore's role",
      expect: "denied",
      says: "may not read, delete or list what it wrote, nor change the bucket, nor write without TLS",
      steps: [
        ...each(roleArn, ["s3:GetObject", "s3:DeleteObject"], data, onBucket),
        ...each(roleArn, BUCKET_ACTIONS, bucketArn, onBucket),
        ...writesInsecurely(store),
      ],
    },
  ];
}

/** Refusals by the default policies that the documents' own policies lack. */
function exactRefusals(store: StoreFacts): Intent[] {
  const { bucketAccount: resourceAccount, bucketArn, prefix, keyArns, roleArn, partition } = store;
  const ofB = roleOf(partition, resourceAccount, "other");
  const putting = (scope: string, context?: Readonly<Record<string, string>>) =>
    each(roleArn, ["s3:PutObject"], scope, { resourceAccount, ...(context ? { context } : {}) });
  return [
    {
      id: "offlineStore writer exact",
      actor: "offlineStore's role",
      expect: "denied",
      says: "may not write elsewhere, or under another key, nor use the key for anything else",
      steps: [
        ...(prefix === "" ? [] : putting(`${bucketArn}/elsewhere/*`)),
        ...putting(objectsOf(store), { "s3:x-amz-server-side-encryption": "AES256" }),
        ...putting(objectsOf(store), {
          "s3:x-amz-server-side-encryption": "aws:kms",
          "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:000000000000:key/other",
        }),
        ...keyArns.flatMap((key) =>
          each(roleArn, ["kms:Encrypt", "kms:CreateGrant", "kms:PutKeyPolicy"], key),
        ),
      ],
    },
    {
      id: "offlineStore readers exact",
      actor: "account B",
      expect: "denied",
      says: "may use account A's key for nothing but reading through Amazon S3",
      steps: keyArns.flatMap((key) =>
        each(ofB, ["kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:Decrypt"], key),
      ),
    },
  ];
}

/**
 * Ready permission profiles on a store's feature groups: facts -> policy documents. A producer writes records, a
 * consumer reads them, an auditor sees the configuration and no data, an administrator manages groups and sees no data.
 * Sources: Amazon SageMaker AI Developer Guide, "Security and access control",
 * https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html; Service Authorization Reference of SageMaker, S3,
 * Glue, KMS and IAM.
 */
import { allow, assumedBy, policy, toRole, viaService, type Policy, type Statement } from "./document";
import { knownParts, type GroupScope } from "./groupScope";
import { objectKeys, tableArns } from "./offlineObjects";
import { administration } from "./profileAdministration";
import { inspection } from "./profileInspection";
import { glueOf, numbered, onGroups } from "./profileStatements";
import type { ProfileFacts } from "./profileFacts";

const PRODUCING = [
  "sagemaker:DescribeFeatureGroup",
  // UpdateRecord is authorized as PutRecord.
  "sagemaker:PutRecord",
  "sagemaker:BatchWriteRecord",
  "sagemaker:DeleteRecord",
];

const CONSUMING = [
  "sagemaker:DescribeFeatureGroup",
  "sagemaker:DescribeFeatureMetadata",
  "sagemaker:GetRecord",
  "sagemaker:BatchGetRecord",
  "sagemaker:ListRecords",
];

/** The permissions of the profile's role: on the groups' side, the bucket's side, or both, depending on its account. */
export function profilePolicy(facts: ProfileFacts): Policy {
  const [first, ...rest] = statementsOf(facts);
  if (!first) return policy();
  return policy({ ...first, Sid: toRole(first.Sid, facts.roleId) }, ...rest);
}

function statementsOf(facts: ProfileFacts): Statement[] {
  switch (facts.profile) {
    case "producer":
      return records(facts, "WriteRecords", PRODUCING);
    case "consumer":
      return [...records(facts, "ReadRecords", CONSUMING), ...offlineReading(facts)];
    case "auditor":
      return inspection(facts);
    case "administrator":
      return [...inspection(facts), ...administration(facts)];
  }
}

function records(facts: ProfileFacts, sid: string, actions: readonly string[]): Statement[] {
  const { account, groupAccount, region, onlineKeyArn } = facts;
  if (account !== groupAccount) return [];
  return [
    ...onGroups(facts, sid, actions),
    // Every caller of the data plane needs kms:Decrypt on the online store's key.
    ...decrypt("DecryptOnline", onlineKeyArn, `sagemaker.${region}.amazonaws.com`),
  ];
}

function decrypt(sid: string, keyArn: string | undefined, service: string): Statement[] {
  return keyArn === undefined ? [] : [allow(sid, ["kms:Decrypt"], keyArn, viaService(service))];
}

const TABLE_ACTIONS = [
  "glue:GetDatabase",
  "glue:GetTable",
  "glue:GetPartition",
  "glue:GetPartitions",
  "glue:BatchGetPartition",
];

/** Objects, their key and their tables. The key is the whole store's: the objects are what separates the groups. */
function offlineReading(facts: ProfileFacts): Statement[] {
  const { account, bucketAccount, groupAccount, region, bucketArn, offlineKeyArn } = facts;
  const stored = facts.groups.filter(({ s3Uri }) => s3Uri !== undefined);
  const parts = account === bucketAccount ? knownParts(facts.scope, stored) : [];
  if (parts.length === 0) return [];
  return [
    ...parts.flatMap(({ groups, condition }, index): Statement[] => {
      const sid = (name: string) => numbered(name, parts, index);
      const keys = objectKeys(groups);
      const objects = keys.map((key) => `${bucketArn}/${key}/*`);
      const tables = account === groupAccount ? groups.flatMap(({ table }) => (table ? [table] : [])) : [];
      return [
        allow(sid("ListOffline"), "s3:ListBucket", bucketArn, {
          ...condition,
          StringLike: { "s3:prefix": keys.map((key) => `${key}/*`) },
        }),
        allow(sid("ReadOffline"), "s3:GetObject", objects, condition),
        ...(tables.length === 0
          ? []
          : [allow(sid("ReadTables"), TABLE_ACTIONS, tableArns(glueOf(facts), tables), condition)]),
      ];
    }),
    allow("LocateStore", "s3:GetBucketLocation", bucketArn),
    ...decrypt("DecryptOffline", offlineKeyArn, `s3.${region}.amazonaws.com`),
  ];
}

export interface ProfileTrustFacts {
  readonly trustedRoleArns: readonly string[];
  readonly scope: GroupScope;
}

/**
 * Trust policy of a profile's role. If the principal's tags decide, its sessions may carry these tags and no others,
 * each with the value that the assuming role itself has, so nobody can claim another team's tag.
 */
export function profileTrustPolicy({ trustedRoleArns, scope }: ProfileTrustFacts): Policy {
  const trusted = { AWS: trustedRoleArns };
  return policy(
    assumedBy(trusted, "Assume"),
    scope.kind !== "principalTags"
      ? undefined
      : {
          ...{ Sid: "BringOwnTags", Effect: "Allow", Principal: trusted, Action: "sts:TagSession" },
          Condition: {
            StringEqualsIfExists: Object.fromEntries(
              scope.keys.map((key) => [`aws:RequestTag/${key}`, `\${aws:PrincipalTag/${key}}`]),
            ),
            "ForAllValues:StringEquals": { "aws:TagKeys": scope.keys },
          },
        },
  );
}

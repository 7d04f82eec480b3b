/**
 * The role of account B that a consumer assumes: whom it trusts, and what it may do.
 * Sources: seed 001, corrected; "Actions, resources, and condition keys" of SageMaker, Athena, Glue, S3 and KMS.
 */
import { policy, toRole, type Policy, type Statement } from "../../../policies/document";
import type { Tags } from "../../../policies/groupScope";
import { recordStatements, taggedRecordStatements, usesRecords } from "./recordStatements";

/** What a consumer may do with a feature group. */
export type Permission = "readOnline" | "readOffline" | "write";

export interface CrossAccountTrustFacts {
  readonly executionRoleArn: string;
  /** Unique ID of the execution role: the policy is written anew when that role was made again (see `naming`). */
  readonly executionRoleId: string;
  readonly externalId?: string;
  /** `o-...` */
  readonly organizationId?: string;
  readonly trustSageMaker: boolean;
}

/**
 * Trusts the consumer's execution role, and the service only if asked to. The role's unique ID is in the statement's
 * Sid here, as a trust policy is the one kind of resource policy for which AWS does not document an `Id`.
 */
export function crossAccountTrustPolicy(facts: CrossAccountTrustFacts): Policy {
  const { executionRoleArn, executionRoleId, externalId, organizationId, trustSageMaker } = facts;
  const asked = {
    ...(externalId === undefined ? {} : { "sts:ExternalId": externalId }),
    ...(organizationId === undefined ? {} : { "aws:PrincipalOrgID": organizationId }),
  };
  return policy(
    {
      Sid: toRole("Consumer", executionRoleId),
      Effect: "Allow",
      Principal: { AWS: executionRoleArn },
      Action: "sts:AssumeRole",
      ...(Object.keys(asked).length === 0 ? {} : { Condition: { StringEquals: asked } }),
    },
    trustSageMaker
      ? {
          Sid: "SageMaker",
          Effect: "Allow",
          Principal: { Service: "sagemaker.amazonaws.com" },
          Action: "sts:AssumeRole",
        }
      : undefined,
  );
}

/** A feature group of the central store, and what of it is granted. */
export interface GrantedGroup {
  readonly name: string;
  readonly arn: string;
  readonly onlineStore: boolean;
  /** Where its offline objects are: `s3://bucket/.../data`; absent: it has no offline store. */
  readonly s3Uri?: string;
  /** True: the table is an Iceberg table, whose metadata lies beside the data. */
  readonly iceberg?: boolean;
  readonly table?: { readonly database: string; readonly name: string };
  readonly access: readonly Permission[];
}

export interface CrossAccountAccessFacts {
  readonly partition: string;
  /** Of account B. */
  readonly region: string;
  /** 12 digits: account B. */
  readonly account: string;
  /** The central store's bucket. */
  readonly bucketArn: string;
  /** The keys of the two stores, which may be one; absent: AWS's own, which takes no permission of its caller's. */
  readonly onlineKeyArn?: string;
  readonly offlineKeyArn?: string;
  readonly workgroupArn: string;
  readonly results: ResultsFacts;
  readonly groups: readonly GrantedGroup[];
  /** Records of whatever feature groups of account B carry all of an entry's tags. */
  readonly byTags?: readonly TaggedRecords[];
}

export interface TaggedRecords {
  readonly tags: Tags;
  readonly access: readonly Permission[];
}

export interface ResultsFacts {
  readonly bucketArn: string;
  /** Without slashes at either end. */
  readonly prefix: string;
  /** 12 digits: the consumer's account, which owns the bucket. */
  readonly account: string;
  /** The key that results are encrypted under, if not Amazon S3's own. */
  readonly keyArn?: string;
}

/** What Athena does with the results location as its caller. Source: Athena User Guide, "Cross-account access in Athena to Amazon S3 buckets". */
export const RESULTS_OBJECT_ACTIONS = [
  "s3:GetObject",
  "s3:PutObject",
  "s3:AbortMultipartUpload",
  "s3:ListMultipartUploadParts",
];

const QUERY_ACTIONS = [
  "athena:StartQueryExecution",
  "athena:StopQueryExecution",
  "athena:GetQueryExecution",
  "athena:GetQueryResults",
  "athena:GetWorkGroup",
];

/** What a query of a partitioned table takes. Source: Athena User Guide, "Database and table level permission examples". */
const TABLE_ACTIONS = [
  "glue:GetDatabase",
  "glue:GetTable",
  "glue:GetPartition",
  "glue:GetPartitions",
  "glue:BatchGetPartition",
];

/**
 * What does not depend on how many feature groups are granted: the keys, the workgroup and the results.
 * `kms:ViaService` keeps the keys to the service that the permission is for.
 */
export function sharedStatements(facts: CrossAccountAccessFacts): Statement[] {
  const { region, bucketArn, workgroupArn, results, groups } = facts;
  const statements = [...decryption(facts), ...taggedRecordStatements(facts)];
  if (!groups.some(readsOffline)) return statements;
  statements.push(
    { Sid: "Query", Effect: "Allow", Action: QUERY_ACTIONS, Resource: workgroupArn },
    // Athena looks at the default database whatever the query names. Source: Athena User Guide, "Configure access to
    // databases and tables in the AWS Glue Data Catalog".
    {
      Sid: "OpenCatalog",
      Effect: "Allow",
      Action: "glue:GetDatabase",
      Resource: [`${glueArn(facts)}:catalog`, `${glueArn(facts)}:database/default`],
    },
    { Sid: "LocateStore", Effect: "Allow", Action: "s3:GetBucketLocation", Resource: bucketArn },
    {
      Sid: "WriteResults",
      Effect: "Allow",
      Action: RESULTS_OBJECT_ACTIONS,
      Resource: `${results.bucketArn}/${results.prefix}/*`,
      Condition: { StringEquals: { "aws:ResourceAccount": results.account } },
    },
    {
      Sid: "FindResults",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: results.bucketArn,
      Condition: {
        StringEquals: { "aws:ResourceAccount": results.account },
        StringLike: { "s3:prefix": [results.prefix, `${results.prefix}/*`] },
      },
    },
    {
      Sid: "LocateResults",
      Effect: "Allow",
      Action: ["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
      Resource: results.bucketArn,
      Condition: { StringEquals: { "aws:ResourceAccount": results.account } },
    },
  );
  if (results.keyArn !== undefined) {
    const actions = ["kms:GenerateDataKey", "kms:Decrypt"];
    statements.push(viaService("EncryptResults", actions, results.keyArn, `s3.${region}.amazonaws.com`));
  }
  return statements;
}

/**
 * The stores' keys: every caller of GetRecord, PutRecord and DeleteRecord needs kms:Decrypt on the online store's (seed
 * 002), and whoever reads objects on the offline store's. One key for both has one statement.
 */
function decryption(facts: CrossAccountAccessFacts): Statement[] {
  const { region, onlineKeyArn, offlineKeyArn, groups, byTags = [] } = facts;
  const online =
    groups.some(({ onlineStore, access }) => onlineStore && usesRecords(access)) ||
    byTags.some(({ access }) => usesRecords(access));
  const viaSageMaker = `sagemaker.${region}.amazonaws.com`;
  const viaS3 = `s3.${region}.amazonaws.com`;
  const onlineKey = online ? onlineKeyArn : undefined;
  const offlineKey = groups.some(readsOffline) ? offlineKeyArn : undefined;
  if (onlineKey !== undefined && onlineKey === offlineKey)
    return [viaService("DecryptStore", "kms:Decrypt", onlineKey, [viaSageMaker, viaS3])];
  return [
    ...(onlineKey === undefined ? [] : [viaService("DecryptOnline", "kms:Decrypt", onlineKey, viaSageMaker)]),
    ...(offlineKey === undefined ? [] : [viaService("DecryptOffline", "kms:Decrypt", offlineKey, viaS3)]),
  ];
}

/**
 * What the groups add. Each ARN stands once: groups with the same permissions share a statement, which grants exactly
 * what a statement for each would.
 */
export function groupStatements(facts: CrossAccountAccessFacts): Statement[] {
  return [...recordStatements(facts.groups), ...offlineStatements(facts)];
}

function offlineStatements(facts: CrossAccountAccessFacts): Statement[] {
  const { bucketArn, groups } = facts;
  const read = groups.filter(readsOffline);
  if (read.length === 0) return [];
  const glue = glueArn(facts);
  const tables = read.flatMap(({ table }) => (table ? [table] : []));
  const databases = [...new Set(tables.map(({ database }) => database))];
  const keys = read.flatMap(({ s3Uri = "", iceberg }) => {
    const key = s3Uri.replace(/^s3:\/\/[^/]+\//, "");
    return iceberg ? [key, key.replace(/data$/, "metadata")] : [key];
  });
  return [
    {
      Sid: "FindTables",
      Effect: "Allow",
      Action: TABLE_ACTIONS,
      Resource: [
        `${glue}:catalog`,
        ...databases.map((database) => `${glue}:database/${database}`),
        ...tables.map(({ database, name }) => `${glue}:table/${database}/${name}`),
      ],
    },
    {
      Sid: "ListOffline",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: bucketArn,
      Condition: { StringLike: { "s3:prefix": keys.map((key) => `${key}/*`) } },
    },
    {
      Sid: "ReadOffline",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: keys.map((key) => `${bucketArn}/${key}/*`),
    },
  ];
}

const glueArn = ({ partition, region, account }: CrossAccountAccessFacts) =>
  `arn:${partition}:glue:${region}:${account}`;

const readsOffline = ({ access, s3Uri }: GrantedGroup) =>
  access.includes("readOffline") && s3Uri !== undefined;

function viaService(
  Sid: string,
  Action: string | string[],
  Resource: string,
  service: string | string[],
): Statement {
  return {
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    Condition: { StringEquals: { "kms:ViaService": service } },
  };
}

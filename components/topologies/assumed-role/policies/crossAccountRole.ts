/**
 * The role of account B that a consumer assumes: its trust policy and its permissions. Sources: AWS, "Using STS assumed
 * roles to enable cross account access for SageMaker Feature Store", corrected; Service Authorization Reference,
 * "Actions, resources, and condition keys" of SageMaker, Athena, Glue, S3 and KMS.
 */
import {
  allow,
  assumedBy,
  policy,
  toRole,
  viaService,
  type Policy,
  type Statement,
} from "../../../policies/document";
import { objectKeys, tableArns } from "../../../policies/offlineObjects";
import { recordStatements, taggedRecordStatements, usesRecords } from "./recordStatements";
import type { PermittedGroup, CrossAccountAccessFacts } from "./facts";

export interface CrossAccountTrustFacts {
  readonly executionRoleArn: string;
  /** Unique ID of the execution role: when it changes, the policy is rewritten (see `naming`). */
  readonly executionRoleId: string;
  readonly externalId?: string;
  /** `o-...` */
  readonly organizationId?: string;
  readonly trustSageMaker: boolean;
}

/**
 * Trusts the consumer's execution role, and the service only if asked to. The role's unique ID is in the statement's Sid
 * here, because a trust policy is the one kind of resource policy for which AWS does not document an `Id`.
 */
export function crossAccountTrustPolicy(facts: CrossAccountTrustFacts): Policy {
  const { executionRoleArn, executionRoleId, externalId, organizationId, trustSageMaker } = facts;
  const asked = {
    ...(externalId === undefined ? {} : { "sts:ExternalId": externalId }),
    ...(organizationId === undefined ? {} : { "aws:PrincipalOrgID": organizationId }),
  };
  return policy(
    assumedBy(
      { AWS: executionRoleArn },
      toRole("Consumer", executionRoleId),
      Object.keys(asked).length === 0 ? undefined : { StringEquals: asked },
    ),
    trustSageMaker ? assumedBy({ Service: "sagemaker.amazonaws.com" }, "SageMaker") : undefined,
  );
}

/** Athena's actions on the results location, as its caller. Source: Athena User Guide, "Cross-account access in Athena to Amazon S3 buckets". */
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

/** The actions that a query of a partitioned table needs. Source: Athena User Guide, "Database and table level permission examples". */
const TABLE_ACTIONS = [
  "glue:GetDatabase",
  "glue:GetTable",
  "glue:GetPartition",
  "glue:GetPartitions",
  "glue:BatchGetPartition",
];

/**
 * The statements that do not grow with the feature groups: the keys, the workgroup and the results. `kms:ViaService`
 * limits use of the keys to the service that the permission is for.
 */
export function sharedStatements(facts: CrossAccountAccessFacts): Statement[] {
  const { region, bucketArn, workgroupArn, results, groups } = facts;
  const statements = [...decryption(facts), ...taggedRecordStatements(facts)];
  if (!groups.some(readsOffline)) return statements;
  const own = { "aws:ResourceAccount": results.account };
  statements.push(
    allow("Query", QUERY_ACTIONS, workgroupArn),
    // Athena reads the default database whatever the query names. Source: Athena User Guide, "Configure access to
    // databases and tables in the AWS Glue Data Catalog".
    allow("OpenCatalog", "glue:GetDatabase", [
      `${glueArn(facts)}:catalog`,
      `${glueArn(facts)}:database/default`,
    ]),
    allow("LocateStore", "s3:GetBucketLocation", bucketArn),
    allow("WriteResults", RESULTS_OBJECT_ACTIONS, `${results.bucketArn}/${results.prefix}/*`, {
      StringEquals: own,
    }),
    allow("FindResults", "s3:ListBucket", results.bucketArn, {
      StringEquals: own,
      StringLike: { "s3:prefix": [results.prefix, `${results.prefix}/*`] },
    }),
    allow("LocateResults", ["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"], results.bucketArn, {
      StringEquals: own,
    }),
  );
  if (results.keyArn !== undefined) {
    const actions = ["kms:GenerateDataKey", "kms:Decrypt"];
    statements.push(
      allow("EncryptResults", actions, results.keyArn, viaService(`s3.${region}.amazonaws.com`)),
    );
  }
  return statements;
}

/**
 * The stores' keys: every caller of GetRecord, PutRecord and DeleteRecord needs kms:Decrypt on the online store's key, and every
 * reader of objects needs it on the offline store's. If both use one key, there is one statement. Source: Amazon SageMaker AI
 * Developer Guide, "Security and access control", https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html.
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
  const decrypt = (sid: string, key: string | undefined, services: string | string[]) =>
    key === undefined ? [] : [allow(sid, "kms:Decrypt", key, viaService(services))];
  if (onlineKey === offlineKey) return decrypt("DecryptStore", onlineKey, [viaSageMaker, viaS3]);
  return [
    ...decrypt("DecryptOnline", onlineKey, viaSageMaker),
    ...decrypt("DecryptOffline", offlineKey, viaS3),
  ];
}

/**
 * The statements that grow with the groups. Each ARN occurs once: groups with the same permissions share a statement,
 * which permits exactly what one statement per group would.
 */
export function groupStatements(facts: CrossAccountAccessFacts): Statement[] {
  return [...recordStatements(facts.groups), ...offlineStatements(facts)];
}

function offlineStatements(facts: CrossAccountAccessFacts): Statement[] {
  const { bucketArn, groups } = facts;
  const read = groups.filter(readsOffline);
  if (read.length === 0) return [];
  const tables = read.flatMap(({ table }) => (table ? [table] : []));
  const keys = objectKeys(read);
  return [
    allow("FindTables", TABLE_ACTIONS, tableArns(glueArn(facts), tables)),
    allow("ListOffline", "s3:ListBucket", bucketArn, {
      StringLike: { "s3:prefix": keys.map((key) => `${key}/*`) },
    }),
    allow(
      "ReadOffline",
      "s3:GetObject",
      keys.map((key) => `${bucketArn}/${key}/*`),
    ),
  ];
}

const glueArn = ({ partition, region, account }: CrossAccountAccessFacts) =>
  `arn:${partition}:glue:${region}:${account}`;

const readsOffline = ({ access, s3Uri }: PermittedGroup) =>
  access.includes("readOffline") && s3Uri !== undefined;

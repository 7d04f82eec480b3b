/** Reading offline as requests: Athena, the catalog, objects, keys and results. */
import type { RequestContext } from "@feature-store-access/iam";
import { catalogArns, decrypting, each, metadataPrefix, viaS3 } from "../../intents/steps";
import type { GroupFacts, Step, StoreFacts } from "../../intents/types";
import type { ConsumerFacts } from "./consumer";

const QUERY_ACTIONS = [
  "athena:StartQueryExecution",
  "athena:StopQueryExecution",
  "athena:GetQueryExecution",
  "athena:GetQueryResults",
  "athena:GetWorkGroup",
];
const TABLE_ACTIONS = ["glue:GetTable", "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition"];

/** Athena -> Glue -> objects -> key -> results, as the role; and the results as the execution role. */
export function offlineChain(store: StoreFacts, consumer: ConsumerFacts, group: GroupFacts): Step[] {
  const { roleArn, workgroupArn } = consumer;
  const { bucketArn = store.bucketArn, dataPrefix = "", offlineKeyArn, region } = group;
  const below = (prefix: string) => [
    ...each(roleArn, ["s3:ListBucket"], bucketArn, { context: { "s3:prefix": `${prefix}/` } }),
    ...each(roleArn, ["s3:GetObject"], `${bucketArn}/${prefix}/*`),
  ];
  return [
    ...each(roleArn, ["sagemaker:DescribeFeatureGroup"], group.arn),
    ...each(roleArn, QUERY_ACTIONS, workgroupArn),
    ...catalogSteps(store, roleArn, group),
    ...each(roleArn, ["s3:GetBucketLocation"], bucketArn),
    ...below(dataPrefix),
    ...(group.iceberg ? below(metadataPrefix(dataPrefix)) : []),
    ...decrypting(roleArn, offlineKeyArn, viaS3(region)),
    ...resultSteps(store, consumer),
  ];
}

function catalogSteps(store: StoreFacts, principal: string, { table }: GroupFacts): Step[] {
  if (!table) return [];
  const arns = catalogArns(store, table);
  const [catalog, database, ofTable] = arns;
  const byDefault = catalogArns(store, { ...table, database: "default" })[1];
  return [
    ...[catalog, byDefault, database, ofTable].flatMap((arn) => each(principal, ["glue:GetDatabase"], arn)),
    ...TABLE_ACTIONS.flatMap((action) => arns.flatMap((arn) => each(principal, [action], arn))),
  ];
}

function resultSteps({ region }: StoreFacts, consumer: ConsumerFacts): Step[] {
  const { roleArn, executionRoleArn, account: resourceAccount } = consumer;
  const { bucketArn, prefix, keyArn, existing } = consumer.results;
  const objects = `${bucketArn}/${prefix}/*`;
  const listing = { "s3:prefix": `${prefix}/` };
  // The owner of an existing bucket writes its policy: the proof can judge only the roles' own policies.
  const as =
    (principal: string, more: Partial<Step> = {}) =>
    (actions: string[], scope: string, context?: RequestContext): Step[] =>
      each(principal, actions, scope, {
        resourceAccount,
        ...more,
        ...(context ? { context } : {}),
        ...(existing || scope === keyArn ? { resourceAssumed: true } : {}),
      });
  const [role, execution] = [as(roleArn), as(executionRoleArn, { knownPoliciesOnly: true })];
  const steps = [
    ...role(
      ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      objects,
    ),
    ...role(["s3:ListBucket"], bucketArn, listing),
    ...role(["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"], bucketArn),
    ...(keyArn === undefined ? [] : role(["kms:GenerateDataKey", "kms:Decrypt"], keyArn, viaS3(region))),
    ...execution(["s3:GetObject"], objects),
    ...execution(["s3:ListBucket"], bucketArn, listing),
    ...execution(["s3:GetBucketLocation"], bucketArn),
    ...(keyArn === undefined ? [] : execution(["kms:Decrypt"], keyArn, viaS3(region))),
  ];
  const { workgroupWrites = objects } = consumer;
  // If the workgroup writes its results elsewhere, they have to be allowed there.
  return workgroupWrites === objects
    ? steps
    : [...steps, ...each(roleArn, ["s3:PutObject"], workgroupWrites)];
}

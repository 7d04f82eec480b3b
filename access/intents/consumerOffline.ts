/** Reading offline as requests: Athena, the catalog, objects, keys and results. */
import type { RequestContext } from "@feature-store-access/iam";
import { TABLE_ACTIONS } from "./consumerWords";
import { viaS3 } from "./store";
import type { ConsumerFacts, GroupFacts, Step, StoreFacts } from "./types";

/** Athena -> Glue -> objects -> key -> results, as the role; and the results as the execution role. */
export function offlineChain(store: StoreFacts, consumer: ConsumerFacts, group: GroupFacts): Step[] {
  const { roleArn: principal, workgroupArn } = consumer;
  const { bucketArn = store.bucketArn, dataPrefix = "", offlineKeyArn, region } = group;
  const query = [
    "StartQueryExecution",
    "StopQueryExecution",
    "GetQueryExecution",
    "GetQueryResults",
    "GetWorkGroup",
  ];
  return [
    { principal, action: "sagemaker:DescribeFeatureGroup", scope: group.arn },
    ...query.map((name) => ({ principal, action: `athena:${name}`, scope: workgroupArn })),
    ...catalogSteps(store, principal, group),
    { principal, action: "s3:GetBucketLocation", scope: bucketArn },
    { principal, action: "s3:ListBucket", scope: bucketArn, context: { "s3:prefix": `${dataPrefix}/` } },
    { principal, action: "s3:GetObject", scope: `${bucketArn}/${dataPrefix}/*` },
    ...(group.iceberg ? metadataSteps(principal, bucketArn, metadataPrefix(dataPrefix)) : []),
    ...(offlineKeyArn === undefined
      ? []
      : [{ principal, action: "kms:Decrypt", scope: offlineKeyArn, context: viaS3(region) }]),
    ...resultSteps(store, consumer),
  ];
}

function metadataSteps(principal: string, bucketArn: string, prefix: string): Step[] {
  return [
    { principal, action: "s3:ListBucket", scope: bucketArn, context: { "s3:prefix": `${prefix}/` } },
    { principal, action: "s3:GetObject", scope: `${bucketArn}/${prefix}/*` },
  ];
}

/** An Iceberg table's metadata stands beside its data. */
export function metadataPrefix(dataPrefix: string): string {
  return dataPrefix.replace(/data$/, "metadata");
}

function catalogSteps(
  { partition, region, account }: StoreFacts,
  principal: string,
  { table }: GroupFacts,
): Step[] {
  if (!table) return [];
  const glue = `arn:${partition}:glue:${region}:${account}`;
  const [catalog, database] = [`${glue}:catalog`, `${glue}:database/${table.database}`];
  const at = (action: string, scope: string): Step => ({ principal, action, scope });
  return [
    at("glue:GetDatabase", catalog),
    at("glue:GetDatabase", `${glue}:database/default`),
    at("glue:GetDatabase", database),
    at("glue:GetDatabase", `${glue}:table/${table.database}/${table.name}`),
    ...TABLE_ACTIONS.flatMap((action) =>
      [catalog, database, `${glue}:table/${table.database}/${table.name}`].map((scope) => at(action, scope)),
    ),
  ];
}

function resultSteps({ region }: StoreFacts, consumer: ConsumerFacts): Step[] {
  const { roleArn, executionRoleArn, account: resourceAccount } = consumer;
  const { bucketArn, prefix, keyArn, existing } = consumer.results;
  const objects = `${bucketArn}/${prefix}/*`;
  // The policy of a bucket that was there before is its owner's: only what the roles may can be told.
  const list = { "s3:prefix": `${prefix}/` };
  const as =
    (principal: string) =>
    (action: string, scope: string, context?: RequestContext): Step => ({
      principal,
      action,
      scope,
      resourceAccount,
      ...(context ? { context } : {}),
      ...(principal === executionRoleArn ? { knownPoliciesOnly: true } : {}),
    });
  const [role, execution] = [as(roleArn), as(executionRoleArn)];
  const read = [
    execution("s3:GetObject", objects),
    execution("s3:ListBucket", bucketArn, list),
    execution("s3:GetBucketLocation", bucketArn),
    ...(keyArn === undefined ? [] : [execution("kms:Decrypt", keyArn, viaS3(region))]),
  ];
  const written = [
    ...["GetObject", "PutObject", "AbortMultipartUpload", "ListMultipartUploadParts"].map((name) =>
      role(`s3:${name}`, objects),
    ),
    role("s3:ListBucket", bucketArn, list),
    role("s3:GetBucketLocation", bucketArn),
    role("s3:ListBucketMultipartUploads", bucketArn),
    ...(keyArn === undefined
      ? []
      : ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => role(action, keyArn, viaS3(region)))),
  ];
  const steps = [...written, ...read].map((step) =>
    existing || step.scope === keyArn ? { ...step, resourceAssumed: true } : step,
  );
  const { workgroupWrites = objects } = consumer;
  // Where the workgroup has its results written elsewhere, it is there that they have to be let in.
  return workgroupWrites === objects
    ? steps
    : [...steps, { principal: roleArn, action: "s3:PutObject", scope: workgroupWrites }];
}

/** A world of the assumed-role topology: its policies, and what can be asked of them. Account A consumes, B has the store. */
import { type AccessRequest, evaluate, type PolicyDocument } from "@feature-store-access/iam";
import { centralBucketPolicy } from "../../components/topologies/assumed-role/policies/centralBucket";
import { centralOfflineKeyPolicy } from "../../components/topologies/assumed-role/policies/centralStoreKeys";
import { onlineStoreKeyPolicy } from "../../components/policies/onlineStoreKey";
import type {
  CrossAccountAccessFacts,
  PermittedGroup,
} from "../../components/topologies/assumed-role/policies/facts";
import { accessDocuments, planAccess } from "../../components/topologies/assumed-role/policies/accessPlan";
import { resultsBucketPolicy } from "../../components/topologies/assumed-role/policies/resultsBucket";
import type { Permission } from "../../components/topologies/assumed-role";

export const A = "111111111111";
export const B = "222222222222";
export const C = "333333333333";
export const EXECUTION = `arn:aws:iam::${A}:role/execution`;
export const EXECUTION_SESSION = `arn:aws:sts::${A}:assumed-role/execution/notebook`;
export const ROLE = `arn:aws:iam::${B}:role/cross-account`;
export const SESSION = `arn:aws:sts::${B}:assumed-role/cross-account/notebook`;
export const ONLINE_KEY = `arn:aws:kms:us-east-1:${B}:key/online`;
export const OFFLINE_KEY = `arn:aws:kms:us-east-1:${B}:key/offline`;
export const BUCKET = "arn:aws:s3:::central-sagemaker";
export const RESULTS = "arn:aws:s3:::results-a";
export const WORKGROUP = `arn:aws:athena:us-east-1:${B}:workgroup/cross-account-a`;
export const NAMES = ["alpha", "beta", "beta-2"] as const;
export const PERMISSIONS: readonly Permission[] = ["readOnline", "readOffline", "write"];

export const dataOf = (name: string) =>
  `central/${B}/sagemaker/us-east-1/offline-store/${name}-1767225600/data`;
export const groupArn = (name: string) => `arn:aws:sagemaker:us-east-1:${B}:feature-group/${name}`;
export const granted = (name: string, access: readonly Permission[]): PermittedGroup => ({
  name,
  arn: groupArn(name),
  onlineStore: true,
  s3Uri: `s3://central-sagemaker/${dataOf(name)}`,
  table: { database: "sagemaker_featurestore", name: `${name.replace("-", "_")}_1767225600` },
  access,
});
export const facts = (groups: readonly PermittedGroup[], keyArn?: string): CrossAccountAccessFacts => ({
  partition: "aws",
  region: "us-east-1",
  account: B,
  bucketArn: BUCKET,
  onlineKeyArn: ONLINE_KEY,
  offlineKeyArn: OFFLINE_KEY,
  workgroupArn: WORKGROUP,
  results: { bucketArn: RESULTS, prefix: "athena-results", account: A, ...(keyArn ? { keyArn } : {}) },
  groups,
});
export const documentsOf = (known: CrossAccountAccessFacts) => accessDocuments(known, planAccess(known));
export const trust = { executionRoleArn: EXECUTION, executionRoleId: "AROAEXECUTION", trustSageMaker: false };
export const resultsBucket = {
  partition: "aws",
  bucketArn: RESULTS,
  prefix: "athena-results",
  executionRoleArn: EXECUTION,
  executionRoleId: "AROAEXECUTION",
  crossAccountRoleArn: ROLE,
  crossAccountRoleId: "AROACROSS",
  consumerAccount: A,
  storeAccount: B,
  queries: true,
};
export const grants = {
  executionRoleId: "AROAEXECUTION",
  roleArn: ROLE,
  region: "us-east-1",
  results: facts([]).results,
  queries: true,
};
export const keys = {
  partition: "aws",
  keyAccount: B,
  administratorRoleArns: [`arn:aws:iam::${B}:role/Admin`],
};
export const offlineKey = {
  ...keys,
  writerRoleArn: `arn:aws:iam::${B}:role/store`,
  writerRoleId: "AROASTORE",
};

/** The resource policies of the world that the requests go to. */
export const RESOURCE_POLICIES: Readonly<Record<string, PolicyDocument>> = {
  [ONLINE_KEY]: onlineStoreKeyPolicy(keys),
  [OFFLINE_KEY]: centralOfflineKeyPolicy(offlineKey),
  [BUCKET]: centralBucketPolicy({ bucketArn: BUCKET, keyArn: OFFLINE_KEY }),
  [RESULTS]: resultsBucketPolicy(resultsBucket),
};

export function allowed(request: AccessRequest, identity: readonly PolicyDocument[]): boolean {
  const context = { "aws:SecureTransport": "true", ...request.context };
  const resource =
    RESOURCE_POLICIES[request.resource] ?? RESOURCE_POLICIES[request.resource.split("/")[0] ?? ""];
  return (
    evaluate({ ...request, context }, { identity, ...(resource ? { resource } : {}) }).result === "Allowed"
  );
}

export const viaS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
export const viaSageMaker = { "kms:ViaService": "sagemaker.us-east-1.amazonaws.com" };
export const glue = (rest: string) => `arn:aws:glue:us-east-1:${B}:${rest}`;
export const by = (action: string, resource: string, context = {}, resourceAccount = B): AccessRequest => ({
  principal: SESSION,
  action,
  resource,
  resourceAccount,
  context,
});

/** What can be asked of a feature group, and which permission each asks for. */
export function askedOf(name: string): [AccessRequest, readonly Permission[]][] {
  const table = granted(name, []).table?.name ?? "";
  return [
    [by("sagemaker:DescribeFeatureGroup", groupArn(name)), PERMISSIONS],
    [by("sagemaker:GetRecord", groupArn(name)), ["readOnline"]],
    [by("sagemaker:BatchGetRecord", groupArn(name)), ["readOnline"]],
    [by("sagemaker:PutRecord", groupArn(name)), ["write"]],
    [by("sagemaker:DeleteRecord", groupArn(name)), ["write"]],
    [by("sagemaker:UpdateFeatureGroup", groupArn(name)), []],
    [by("sagemaker:DeleteFeatureGroup", groupArn(name)), []],
    [by("glue:GetTable", glue(`table/sagemaker_featurestore/${table}`)), ["readOffline"]],
    [by("glue:GetPartitions", glue(`table/sagemaker_featurestore/${table}`)), ["readOffline"]],
    [by("glue:BatchGetPartition", glue(`table/sagemaker_featurestore/${table}`)), ["readOffline"]],
    [by("glue:UpdateTable", glue(`table/sagemaker_featurestore/${table}`)), []],
    [by("s3:GetObject", `${BUCKET}/${dataOf(name)}/year=2026/x.parquet`), ["readOffline"]],
    [by("s3:ListBucket", BUCKET, { "s3:prefix": `${dataOf(name)}/` }), ["readOffline"]],
    [by("s3:ListBucket", BUCKET, { "s3:prefix": `${dataOf(name)}/year=2026/` }), ["readOffline"]],
    [by("s3:PutObject", `${BUCKET}/${dataOf(name)}/year=2026/x.parquet`), []],
    [by("s3:DeleteObject", `${BUCKET}/${dataOf(name)}/year=2026/x.parquet`), []],
  ];
}

/** What all groups share: it is asked for by any group's permission of these. */
export const ASKED_OF_ALL: [AccessRequest, readonly Permission[]][] = [
  [by("kms:Decrypt", ONLINE_KEY, viaSageMaker), ["readOnline", "write"]],
  [by("kms:Decrypt", ONLINE_KEY, viaS3), []],
  [by("kms:Decrypt", ONLINE_KEY), []],
  [by("kms:Decrypt", OFFLINE_KEY, viaS3), ["readOffline"]],
  [by("kms:Decrypt", OFFLINE_KEY, { "kms:ViaService": "s3.eu-west-1.amazonaws.com" }), []],
  [by("kms:Decrypt", OFFLINE_KEY), []],
  [by("kms:GenerateDataKey", OFFLINE_KEY, viaS3), []],
  [by("kms:CreateGrant", ONLINE_KEY, viaSageMaker), []],
  [by("kms:PutKeyPolicy", ONLINE_KEY), []],
  [by("athena:StartQueryExecution", WORKGROUP), ["readOffline"]],
  [by("athena:GetQueryResults", WORKGROUP), ["readOffline"]],
  [by("athena:StopQueryExecution", WORKGROUP), ["readOffline"]],
  [by("athena:UpdateWorkGroup", WORKGROUP), []],
  [by("athena:StartQueryExecution", `${WORKGROUP}-2`), []],
  [by("athena:StartQueryExecution", WORKGROUP.replace("cross-account-a", "primary")), []],
  [by("glue:GetDatabase", glue("catalog")), ["readOffline"]],
  [by("glue:GetDatabase", glue("database/default")), ["readOffline"]],
  [by("glue:GetDatabase", glue("database/sagemaker_featurestore")), ["readOffline"]],
  [by("glue:GetDatabase", glue("database/other")), []],
  [by("glue:GetTable", glue("table/default/x")), []],
  [by("glue:CreateTable", glue("database/sagemaker_featurestore")), []],
  [by("s3:GetBucketLocation", BUCKET), ["readOffline"]],
  [by("s3:ListBucket", BUCKET), []],
  [by("s3:ListBucket", BUCKET, { "s3:prefix": "" }), []],
  [by("s3:ListBucket", BUCKET, { "s3:prefix": "central/" }), []],
  [by("s3:GetBucketPolicy", BUCKET), []],
  [by("s3:PutObject", `${RESULTS}/athena-results/q.csv`, {}, A), ["readOffline"]],
  [by("s3:GetObject", `${RESULTS}/athena-results/q.csv`, {}, A), ["readOffline"]],
  [by("s3:ListBucketMultipartUploads", RESULTS, {}, A), ["readOffline"]],
  [by("s3:GetBucketLocation", RESULTS, {}, A), ["readOffline"]],
  [by("s3:ListBucket", RESULTS, { "s3:prefix": "athena-results/" }, A), ["readOffline"]],
  [by("s3:ListBucket", RESULTS, { "s3:prefix": "private/" }, A), []],
  [by("s3:PutObject", `${RESULTS}/elsewhere/q.csv`, {}, A), []],
  [by("s3:DeleteObject", `${RESULTS}/athena-results/q.csv`, {}, A), []],
  [by("s3:PutObject", `${RESULTS}/athena-results/q.csv`, {}, C), []],
  [by("s3:PutObject", "arn:aws:s3:::results-c/athena-results/q.csv", {}, C), []],
  [by("s3:GetObject", "arn:aws:s3:::results-c/athena-results/q.csv", {}, C), []],
  [by("sts:AssumeRole", `arn:aws:iam::${B}:role/other`), []],
  [by("iam:PassRole", `arn:aws:iam::${B}:role/store`), []],
];

export const describeRequest = ({ action, resource, context }: AccessRequest) =>
  `${action} ${resource} ${JSON.stringify(context)}`;

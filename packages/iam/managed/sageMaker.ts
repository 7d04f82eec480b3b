/**
 * The AWS managed policies of SageMaker. Source: Amazon SageMaker Developer Guide, "AWS managed policies for Amazon SageMaker AI".
 */
import type { PolicyDocument, PolicyStatement } from "../types";

const allow = (
  Action: string | readonly string[],
  Resource: string | readonly string[],
  Condition?: PolicyStatement["Condition"],
): PolicyStatement => ({ Effect: "Allow", Action, Resource, ...(Condition ? { Condition } : {}) });

/** ARNs of everything whose name holds "sagemaker" in one of the spellings that the policies know. */
const named = (prefix: string, suffix = "") =>
  ["SageMaker", "Sagemaker", "sagemaker"].map((word) => `${prefix}*${word}*${suffix}`);

export const featureStoreAccess: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    allow(["s3:PutObject", "s3:GetBucketAcl", "s3:PutObjectAcl"], named("arn:aws:s3:::")),
    allow(["s3:GetObject"], named("arn:aws:s3:::", "/metadata/*")),
    allow(
      ["glue:GetTable", "glue:UpdateTable"],
      [
        "arn:aws:glue:*:*:catalog",
        "arn:aws:glue:*:*:database/sagemaker_featurestore",
        "arn:aws:glue:*:*:table/sagemaker_featurestore/*",
      ],
    ),
  ],
};

const sagemaker = (kind: string) => `arn:aws:sagemaker:*:*:${kind}/*`;
const catalog = "arn:aws:glue:*:*:catalog";
const database = (name: string) => `arn:aws:glue:*:*:database/${name}`;
const table = (name: string) => `arn:aws:glue:*:*:table/${name}`;

/**
 * `AmazonSageMakerFullAccess`: of its some fifty statements those for services that the sandbox has or that its roles pass
 * to (SageMaker, S3, KMS, Glue, Athena, IAM, CloudWatch, logs). What it says of EC2, ECR, CodeCommit and others decides nothing here.
 */
export const fullSageMaker: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "AllowAllNonAdminSageMakerActions",
      Effect: "Allow",
      Action: ["sagemaker:*", "sagemaker-geospatial:*"],
      NotResource: [
        "domain",
        "user-profile",
        "app",
        "space",
        "partner-app",
        "flow-definition",
        "training-plan",
        "reserved-capacity",
      ].map(sagemaker),
    },
    {
      Sid: "AllowFlowDefinitionActions",
      ...allow("sagemaker:*", [sagemaker("flow-definition")], {
        StringEqualsIfExists: { "sagemaker:WorkteamType": ["private-crowd", "vendor-crowd"] },
      }),
    },
    {
      Sid: "AllowAWSServiceActions",
      ...allow(
        [
          "cloudwatch:DeleteAlarms",
          "cloudwatch:DescribeAlarms",
          "cloudwatch:GetMetricData",
          "cloudwatch:GetMetricStatistics",
          "cloudwatch:ListMetrics",
          "cloudwatch:PutMetricAlarm",
          "cloudwatch:PutMetricData",
          "glue:CreateJob",
          "glue:DeleteJob",
          "glue:GetJob*",
          "glue:GetTable*",
          "glue:GetWorkflowRun",
          "glue:ResetJobBookmark",
          "glue:StartJobRun",
          "glue:StartWorkflowRun",
          "glue:UpdateJob",
          "iam:ListRoles",
          "kms:DescribeKey",
          "kms:ListAliases",
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:Describe*",
          "logs:GetLogEvents",
          "logs:PutLogEvents",
          "tag:GetResources",
        ],
        "*",
      ),
    },
    {
      Sid: "AllowS3ObjectActions",
      ...allow(
        ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
        [...named("arn:aws:s3:::"), "arn:aws:s3:::*aws-glue*"],
      ),
    },
    {
      Sid: "AllowS3GetObjectWithSageMakerExistingObjectTag",
      ...allow(["s3:GetObject"], ["arn:aws:s3:::*"], {
        StringEqualsIgnoreCase: { "s3:ExistingObjectTag/SageMaker": "true" },
      }),
    },
    {
      Sid: "AllowS3GetObjectWithServiceCatalogProvisioningExistingObjectTag",
      ...allow(["s3:GetObject"], ["arn:aws:s3:::*"], {
        StringEquals: { "s3:ExistingObjectTag/servicecatalog:provisioning": "true" },
      }),
    },
    {
      Sid: "AllowS3BucketActions",
      ...allow(
        [
          "s3:CreateBucket",
          "s3:GetBucketLocation",
          "s3:ListBucket",
          "s3:ListAllMyBuckets",
          "s3:GetBucketCors",
          "s3:PutBucketCors",
        ],
        "*",
      ),
    },
    { Sid: "AllowS3BucketACL", ...allow(["s3:GetBucketAcl", "s3:PutObjectAcl"], named("arn:aws:s3:::")) },
    {
      Sid: "AllowPassRoleForSageMakerRoles",
      ...allow(["iam:PassRole"], "arn:aws:iam::*:role/*AmazonSageMaker*", {
        StringEquals: {
          "iam:PassedToService": ["glue.amazonaws.com", "robomaker.amazonaws.com", "states.amazonaws.com"],
        },
      }),
    },
    {
      Sid: "AllowPassRoleToSageMaker",
      ...allow(["iam:PassRole"], "arn:aws:iam::*:role/*", {
        StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" },
      }),
    },
    {
      Sid: "AllowAthenaActions",
      ...allow(
        [
          "athena:ListDataCatalogs",
          "athena:ListDatabases",
          "athena:ListTableMetadata",
          "athena:GetQueryExecution",
          "athena:GetQueryResults",
          "athena:StartQueryExecution",
          "athena:StopQueryExecution",
        ],
        ["*"],
      ),
    },
    {
      Sid: "AllowGlueCreateTable",
      ...allow(
        ["glue:CreateTable"],
        [table("*/sagemaker_tmp_*"), table("sagemaker_featurestore/*"), catalog, database("*")],
      ),
    },
    {
      Sid: "AllowGlueUpdateTable",
      ...allow(
        ["glue:UpdateTable"],
        [table("sagemaker_featurestore/*"), catalog, database("sagemaker_featurestore")],
      ),
    },
    {
      Sid: "AllowGlueDeleteTable",
      ...allow(["glue:DeleteTable"], [table("*/sagemaker_tmp_*"), catalog, database("*")]),
    },
    {
      Sid: "AllowGlueGetTablesAndDatabases",
      ...allow(
        ["glue:GetDatabases", "glue:GetTable", "glue:GetTables"],
        [table("*"), catalog, database("*")],
      ),
    },
    {
      Sid: "AllowGlueGetAndCreateDatabase",
      ...allow(
        ["glue:CreateDatabase", "glue:GetDatabase"],
        [
          catalog,
          ...["sagemaker_featurestore", "sagemaker_processing", "default", "sagemaker_data_wrangler"].map(
            database,
          ),
        ],
      ),
    },
  ],
};

/** The policies that AWS manages, as far as this project's topologies name them. Source: AWS Managed Policy Reference. */
import type { PolicyDocument } from "../types";
import { featureStoreAccess, fullSageMaker } from "./sageMaker";

/** A policy that AWS manages: the same in every account. */
export interface AwsManagedPolicy {
  readonly name: string;
  readonly id: string;
  readonly created: string;
  readonly version: number;
  readonly description: string;
  readonly document: PolicyDocument;
}

const allow = (Action: string | string[], Resource: string | string[] = "*") =>
  ({ Effect: "Allow", Action, Resource }) as const;

const athenaFullAccess: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    { Sid: "BaseAthenaPermissions", ...allow(["athena:*"], ["*"]) },
    {
      Sid: "BaseGluePermissions",
      ...allow(
        [
          "glue:CreateDatabase",
          "glue:DeleteDatabase",
          "glue:GetCatalog",
          "glue:GetCatalogs",
          "glue:GetDatabase",
          "glue:GetDatabases",
          "glue:UpdateDatabase",
          "glue:CreateTable",
          "glue:DeleteTable",
          "glue:BatchDeleteTable",
          "glue:UpdateTable",
          "glue:GetTable",
          "glue:GetTables",
          "glue:BatchCreatePartition",
          "glue:CreatePartition",
          "glue:DeletePartition",
          "glue:BatchDeletePartition",
          "glue:UpdatePartition",
          "glue:GetPartition",
          "glue:GetPartitions",
          "glue:BatchGetPartition",
          "glue:StartColumnStatisticsTaskRun",
          "glue:GetColumnStatisticsTaskRun",
          "glue:GetColumnStatisticsTaskRuns",
          "glue:GetCatalogImportStatus",
        ],
        ["*"],
      ),
    },
    {
      Sid: "BaseQueryResultsPermissions",
      ...allow(
        [
          "s3:GetBucketLocation",
          "s3:GetObject",
          "s3:ListBucket",
          "s3:ListBucketMultipartUploads",
          "s3:ListMultipartUploadParts",
          "s3:AbortMultipartUpload",
          "s3:CreateBucket",
          "s3:PutObject",
          "s3:PutBucketPublicAccessBlock",
        ],
        ["arn:aws:s3:::aws-athena-query-results-*"],
      ),
    },
    {
      Sid: "BaseAthenaExamplesPermissions",
      ...allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::athena-examples*"]),
    },
    {
      Sid: "BaseS3BucketPermissions",
      ...allow(["s3:ListBucket", "s3:GetBucketLocation", "s3:ListAllMyBuckets"], ["*"]),
    },
    { Sid: "BaseSNSPermissions", ...allow(["sns:ListTopics", "sns:GetTopicAttributes"], ["*"]) },
    {
      Sid: "BaseCloudWatchPermissions",
      ...allow(
        [
          "cloudwatch:PutMetricAlarm",
          "cloudwatch:DescribeAlarms",
          "cloudwatch:DeleteAlarms",
          "cloudwatch:GetMetricData",
        ],
        ["*"],
      ),
    },
    { Sid: "BaseLakeFormationPermissions", ...allow(["lakeformation:GetDataAccess"], ["*"]) },
    {
      Sid: "BaseDataZonePermissions",
      ...allow(["datazone:ListDomains", "datazone:ListProjects", "datazone:ListAccountEnvironments"], ["*"]),
    },
    { Sid: "BasePricingPermissions", ...allow(["pricing:GetProducts"], ["*"]) },
  ],
};

export const awsManagedPolicies: readonly AwsManagedPolicy[] = [
  {
    name: "AdministratorAccess",
    id: "ANPAIWMBCKSKIEE64ZLYK",
    created: "2015-02-06T18:39:46.000Z",
    version: 1,
    description: "Provides full access to AWS services and resources.",
    document: { Version: "2012-10-17", Statement: [allow("*")] },
  },
  {
    name: "AmazonS3FullAccess",
    id: "ANPAIFIR6V6BVTRAHWINE",
    created: "2015-02-06T18:40:58.000Z",
    version: 2,
    description: "Provides full access to all buckets via the AWS Management Console.",
    document: { Version: "2012-10-17", Statement: [allow(["s3:*", "s3-object-lambda:*"])] },
  },
  {
    name: "AmazonS3ReadOnlyAccess",
    id: "ANPAIZTJ4DXE7G6AGAE6M",
    created: "2015-02-06T18:40:59.000Z",
    version: 3,
    description: "Provides read only access to all buckets via the AWS Management Console.",
    document: {
      Version: "2012-10-17",
      Statement: [
        allow(["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"]),
      ],
    },
  },
  {
    name: "AmazonAthenaFullAccess",
    id: "ANPAIPJMLMD4C7RYZ6XCK",
    created: "2016-11-30T16:46:01.000Z",
    version: 15,
    description:
      "Provide full access to Amazon Athena and scoped access to the dependencies needed to enable querying, writing results, and data management.",
    document: athenaFullAccess,
  },
  {
    name: "AmazonSageMakerFeatureStoreAccess",
    id: "ANPAZKAPJZG4L4KS5KOMJ",
    created: "2020-12-01T16:24:20.000Z",
    version: 3,
    description:
      "Provides permissions required to enable the offline store for an Amazon SageMaker FeatureStore feature group.",
    document: featureStoreAccess,
  },
  {
    name: "AmazonSageMakerFullAccess",
    id: "ANPAJZ5IWYMXO5QDB4QOG",
    created: "2017-11-29T13:07:59.000Z",
    version: 28,
    description:
      "Provides full access to Amazon SageMaker via the AWS Management Console and SDK. Also provides select access to related services (e.g., S3, ECR, CloudWatch Logs).",
    document: fullSageMaker,
  },
];

/** The document of a managed policy by its ARN (`arn:PARTITION:iam::aws:policy/NAME`), if it is known here. */
export function managedDocument(arn: string): PolicyDocument | undefined {
  const [, partition = "aws", name = ""] =
    /^arn:([^:]+):iam::aws:policy\/(?:service-role\/)?(.+)$/.exec(arn) ?? [];
  const known = awsManagedPolicies.find((policy) => policy.name === name)?.document;
  if (!known || partition === "aws") return known;
  return JSON.parse(JSON.stringify(known).replaceAll('"arn:aws:', `"arn:${partition}:`)) as PolicyDocument;
}

/** AWS managed policies that the documents on sharing a feature store name. */
import type { PolicyDocument } from "../types";
import administrator from "./AdministratorAccess.json";
import athena from "./AmazonAthenaFullAccess.json";
import s3 from "./AmazonS3FullAccess.json";
import s3ReadOnly from "./AmazonS3ReadOnlyAccess.json";
import featureStore from "./AmazonSageMakerFeatureStoreAccess.json";
import sageMaker from "./AmazonSageMakerFullAccess.json";

/** An AWS managed policy: the same in every account. */
export interface AwsManagedPolicy {
  /** The last part of its ARN, `arn:PARTITION:iam::aws:policy/NAME`. */
  readonly name: string;
  /** `ANPA...`. */
  readonly id: string;
  /** ISO 8601 time. */
  readonly created: string;
  /** Number of the version that `document` has: 3 for `v3`. */
  readonly version: number;
  readonly description: string;
  readonly document: PolicyDocument;
}

/**
 * The AWS managed policies that this package has, with the documents of partition `aws`. AmazonSageMakerFullAccess lacks its statements
 * for services that feature stores do not use (EC2, ECR, CodeCommit and others).
 * Source: "AWS Managed Policy Reference", https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export const awsManagedPolicies: readonly AwsManagedPolicy[] = [
  {
    name: "AdministratorAccess",
    id: "ANPAIWMBCKSKIEE64ZLYK",
    created: "2015-02-06T18:39:46.000Z",
    version: 1,
    description: "Provides full access to AWS services and resources.",
    document: administrator as PolicyDocument,
  },
  {
    name: "AmazonS3FullAccess",
    id: "ANPAIFIR6V6BVTRAHWINE",
    created: "2015-02-06T18:40:58.000Z",
    version: 2,
    description: "Provides full access to all buckets via the AWS Management Console.",
    document: s3 as PolicyDocument,
  },
  {
    name: "AmazonS3ReadOnlyAccess",
    id: "ANPAIZTJ4DXE7G6AGAE6M",
    created: "2015-02-06T18:40:59.000Z",
    version: 3,
    description: "Provides read only access to all buckets via the AWS Management Console.",
    document: s3ReadOnly as PolicyDocument,
  },
  {
    name: "AmazonAthenaFullAccess",
    id: "ANPAIPJMLMD4C7RYZ6XCK",
    created: "2016-11-30T16:46:01.000Z",
    version: 15,
    description:
      "Provide full access to Amazon Athena and scoped access to the dependencies needed to enable querying, writing results, and data management.",
    document: athena as PolicyDocument,
  },
  {
    name: "AmazonSageMakerFeatureStoreAccess",
    id: "ANPAZKAPJZG4L4KS5KOMJ",
    created: "2020-12-01T16:24:20.000Z",
    version: 3,
    description:
      "Provides permissions required to enable the offline store for an Amazon SageMaker FeatureStore feature group.",
    document: featureStore as PolicyDocument,
  },
  {
    name: "AmazonSageMakerFullAccess",
    id: "ANPAJZ5IWYMXO5QDB4QOG",
    created: "2017-11-29T13:07:59.000Z",
    version: 28,
    description:
      "Provides full access to Amazon SageMaker via the AWS Management Console and SDK. Also provides select access to related services (e.g., S3, ECR, CloudWatch Logs).",
    document: sageMaker as PolicyDocument,
  },
];

/**
 * The document of an AWS managed policy, for the partition that its ARN names.
 * @param arn `arn:PARTITION:iam::aws:policy/NAME`, or `.../policy/service-role/NAME`
 * @returns undefined for a policy that `awsManagedPolicies` does not have
 */
export function managedDocument(arn: string): PolicyDocument | undefined {
  const [, partition = "aws", name = ""] =
    /^arn:([^:]+):iam::aws:policy\/(?:service-role\/)?(.+)$/.exec(arn) ?? [];
  const known = awsManagedPolicies.find((policy) => policy.name === name)?.document;
  if (!known || partition === "aws") return known;
  return JSON.parse(JSON.stringify(known).replaceAll('"arn:aws:', `"arn:${partition}:`)) as PolicyDocument;
}

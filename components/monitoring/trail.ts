/** A trail of the account's management events, and of the store's data events if asked for, with its own bucket. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  blockPublicAccess,
  bucketPolicy,
  encryptByDefault,
  endObjects,
  enforceOwnership,
} from "../bucketParts";
import { dataOptions } from "../dataOptions";
import { trailBucketPolicy, type MonitoringFacts } from "../policies/monitoring";
import type { Watched } from "./patterns";

export interface TrailArgs extends MonitoringFacts {
  bucketName: string;
  /** Days after which the trail's files are deleted. */
  retentionDays: number;
  /** The resources whose data events are recorded; left out: management events only. */
  data?: pulumi.Output<Watched> | undefined;
  /** Protects the bucket, and keeps it in AWS when it leaves the program. */
  protectData: boolean;
}

/**
 * The trail is multi-Region and includes global services, because IAM's events appear in one region only. Source:
 * CloudTrail User Guide, "Multi-Region trails".
 */
export function createTrail(name: string, args: TrailArgs, parent: pulumi.Resource): aws.cloudtrail.Trail {
  const { partition, region, account, bucketName, protectData } = args;
  const bucket = new aws.s3.Bucket(
    `${name}-bucket`,
    { bucket: bucketName, forceDestroy: !protectData },
    { parent, ...dataOptions(protectData) },
  );
  const part = { name, bucket, parent };
  const publicAccessBlock = blockPublicAccess(part);
  enforceOwnership(part);
  encryptByDefault(part);
  endObjects(part, args.retentionDays);
  // The bucket's policy names the trail before it exists, so it gets the bucket's name: that is unique, whatever the stack's name is.
  const trailName = bucketName;
  const trailArn = `arn:${partition}:cloudtrail:${region}:${account}:trail/${trailName}`;
  const document = bucket.arn.apply((bucketArn) =>
    JSON.stringify(trailBucketPolicy({ account, bucketArn, trailArn })),
  );
  const policy = bucketPolicy(part, document, publicAccessBlock);
  return new aws.cloudtrail.Trail(
    `${name}-trail`,
    {
      name: trailName,
      s3BucketName: bucket.bucket,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      ...(args.data === undefined ? {} : { advancedEventSelectors: args.data.apply(selectors) }),
    },
    { parent, dependsOn: [policy] },
  );
}

/** Management events, and the data events of these buckets' objects and these feature groups' records. */
function selectors({ bucketArns, featureGroups }: Watched) {
  const data = (name: string, type: string, arns: readonly string[]) =>
    arns.length === 0
      ? []
      : [
          {
            name,
            fieldSelectors: [
              { field: "eventCategory", equals: ["Data"] },
              { field: "resources.type", equals: [type] },
              { field: "resources.ARN", startsWiths: [...arns] },
            ],
          },
        ];
  return [
    { name: "Management events", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
    ...data(
      "Objects of the stores",
      "AWS::S3::Object",
      bucketArns.map((arn) => `${arn}/`),
    ),
    ...data(
      "Records of the stores",
      "AWS::SageMaker::FeatureGroup",
      featureGroups.map(({ arn }) => arn),
    ),
  ];
}

/** Who may publish to the monitoring's topic, and write the trail's bucket: AWS's services, for this account's own rules alone. */
import { policy, type Policy } from "./document";
import { tlsOnly } from "./bucket";

export interface MonitoringFacts {
  readonly partition: string;
  readonly region: string;
  /** 12 digits. */
  readonly account: string;
}

/**
 * Source: EventBridge User Guide, "Amazon SNS permissions"; CloudWatch User Guide, "Notifying users on alarm changes".
 * The conditions keep other accounts' rules and alarms from publishing through the same services.
 */
export function topicPolicy({
  partition,
  region,
  account,
  topicArn,
}: MonitoringFacts & { topicArn: string }): Policy {
  const publisher = (Sid: string, service: string, source: string) =>
    ({
      Sid,
      Effect: "Allow",
      Principal: { Service: `${service}.amazonaws.com` },
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": source },
      },
    }) as const;
  return policy(
    publisher("Rules", "events", `arn:${partition}:events:${region}:${account}:rule/*`),
    publisher("Alarms", "cloudwatch", `arn:${partition}:cloudwatch:${region}:${account}:alarm:*`),
    {
      Sid: "DenyInsecureTransport",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  );
}

/** Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail". */
export function trailBucketPolicy(facts: {
  readonly account: string;
  readonly bucketArn: string;
  readonly trailArn: string;
}): Policy {
  const { account, bucketArn, trailArn } = facts;
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  const ofTrail = { "aws:SourceArn": trailArn };
  return policy(
    {
      Sid: "CheckBucket",
      Effect: "Allow",
      Principal,
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: ofTrail },
    },
    {
      Sid: "WriteTrail",
      Effect: "Allow",
      Principal,
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${account}/*`,
      Condition: { StringEquals: { ...ofTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    tlsOnly(bucketArn),
  );
}

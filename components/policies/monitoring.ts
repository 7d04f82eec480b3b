/** Policies of monitoring's topic and of the trail's bucket: AWS's services may use them, for this account's own rules only. */
import { onlyOverTls, tlsOnly } from "./bucket";
import { allowTo, policy, type Policy } from "./document";

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
    allowTo({ Service: `${service}.amazonaws.com` }, Sid, "sns:Publish", topicArn, {
      StringEquals: { "aws:SourceAccount": account },
      ArnLike: { "aws:SourceArn": source },
    });
  return policy(
    publisher("Rules", "events", `arn:${partition}:events:${region}:${account}:rule/*`),
    publisher("Alarms", "cloudwatch", `arn:${partition}:cloudwatch:${region}:${account}:alarm:*`),
    onlyOverTls("sns:Publish", topicArn),
  );
}

/** Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail". */
export function trailBucketPolicy(facts: {
  readonly account: string;
  readonly bucketArn: string;
  readonly trailArn: string;
}): Policy {
  const { account, bucketArn, trailArn } = facts;
  const trail = { Service: "cloudtrail.amazonaws.com" };
  const ofTrail = { "aws:SourceArn": trailArn };
  return policy(
    allowTo(trail, "CheckBucket", "s3:GetBucketAcl", bucketArn, { StringEquals: ofTrail }),
    allowTo(trail, "WriteTrail", "s3:PutObject", `${bucketArn}/AWSLogs/${account}/*`, {
      StringEquals: { ...ofTrail, "s3:x-amz-acl": "bucket-owner-full-control" },
    }),
    tlsOnly(bucketArn),
  );
}

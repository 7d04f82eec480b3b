/** Denials that the buckets' policies share. */
import type { Statement } from "./document";

/**
 * Nothing may be stored under any other key.
 * @param keyArn absent: AWS's own key of Amazon S3, whose ARN is not known before its first use
 */
export function denyOtherEncryption(bucketArn: string, keyArn?: string): Statement[] {
  const otherEncryption = denyUnless(
    "DenyOtherEncryption",
    bucketArn,
    "s3:x-amz-server-side-encryption",
    "aws:kms",
  );
  if (keyArn === undefined) return [otherEncryption];
  return [
    otherEncryption,
    denyUnless("DenyOtherKeys", bucketArn, "s3:x-amz-server-side-encryption-aws-kms-key-id", keyArn),
  ];
}

/** Denies a put whose request names another value; a request that names none passes, because the bucket's default applies. */
function denyUnless(sid: string, bucketArn: string, key: string, value: string): Statement {
  return {
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: `${bucketArn}/*`,
    Condition: { Null: { [key]: "false" }, StringNotEquals: { [key]: value } },
  };
}

/** Refuses every request to the bucket that is not over TLS. */
export function tlsOnly(bucketArn: string): Statement {
  return onlyOverTls("s3:*", [bucketArn, `${bucketArn}/*`]);
}

export function onlyOverTls(Action: string, Resource: string | readonly string[]): Statement {
  const Condition = { Bool: { "aws:SecureTransport": "false" } };
  return { Sid: "DenyInsecureTransport", Effect: "Deny", Principal: "*", Action, Resource, Condition };
}

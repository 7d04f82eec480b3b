/** The ACLs that a bucket accepts. */
import { AwsError } from "../../core";
import type { Bucket } from "./state";

/** ACLs that say only that the bucket's owner owns the object. */
const ALLOWED = new Set(["bucket-owner-full-control"]);

/**
 * Source: Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket",
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 * @throws AwsError AccessControlListNotSupported (400) for an ACL that the bucket's ownership does not allow
 */
export function checkAcl(
  bucket: Bucket,
  acl: string | undefined,
  headers: Readonly<Record<string, string>> = {},
): void {
  const grants = Object.keys(headers).some((name) => name.startsWith("x-amz-grant-"));
  if (acl === undefined && !grants) return;
  if (bucket.ownership === "BucketOwnerEnforced") {
    if (!grants && acl !== undefined && ALLOWED.has(acl)) return;
    throw new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs", 400);
  }
  if (
    bucket.publicAccess?.BlockPublicAcls &&
    (acl === "public-read" || acl === "public-read-write" || acl === "authenticated-read")
  )
    throw new AwsError("AccessDenied", "Access Denied", 403);
  if (grants || (acl !== "private" && acl !== "bucket-owner-full-control" && acl !== "bucket-owner-read"))
    throw new AwsError(
      "NotImplemented",
      "The sandbox does not implement ACLs that grant access: use a bucket policy",
      501,
    );
}

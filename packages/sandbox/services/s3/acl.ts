/** ACLs, as far as object ownership lets them be: with BucketOwnerEnforced they say one thing only. */
import { AwsError, type WireRequest, type WireResponse } from "../../core";
import { authorizeBucket, authorizeObject } from "./access";
import { OK } from "./configs";
import { readable } from "./objects";
import { canonicalId, type Bucket, type OnBucket, type OnObject } from "./state";
import { xmlAnswer } from "./xml";

/** ACLs that say no more than that the bucket's owner owns the object. */
const ALLOWED = new Set(["bucket-owner-full-control"]);

/** FACTS of S3: Object Ownership. @throws AwsError AccessControlListNotSupported (400) for an ACL that the bucket's ownership does not take */
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

export function getBucketAcl(on: OnBucket): WireResponse {
  const { bucket } = on;
  authorizeBucket(on, "s3:GetBucketAcl");
  return fullControl(bucket.owner);
}

export function putBucketAcl(on: OnBucket, request: WireRequest): WireResponse {
  const { bucket } = on;
  const acl = request.headers["x-amz-acl"];
  authorizeBucket(on, "s3:PutBucketAcl", acl ? { "s3:x-amz-acl": acl } : {});
  // A bucket's own ACL cannot be set at all then, not even to what it is. Source: S3 User Guide, "Object Ownership".
  if (bucket.ownership === "BucketOwnerEnforced")
    throw new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs", 400);
  checkAcl(bucket, acl ?? "private", request.headers);
  return OK;
}

export function getObjectAcl(on: OnObject, request: WireRequest): WireResponse {
  return fullControl(readable(on, request, "GetObjectAcl").owner);
}

export function putObjectAcl(on: OnObject, request: WireRequest): WireResponse {
  const { bucket } = on;
  const acl = request.headers["x-amz-acl"];
  authorizeObject(on, "s3:PutObjectAcl", acl ? { "s3:x-amz-acl": acl } : {});
  checkAcl(bucket, acl ?? "private", request.headers);
  return OK;
}

function fullControl(account: string): WireResponse {
  const id = canonicalId(account);
  const grantee = {
    "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "@xsi:type": "CanonicalUser",
    ID: id,
  };
  const grant = { Grantee: grantee, Permission: "FULL_CONTROL" };
  return xmlAnswer("AccessControlPolicy", { Owner: { ID: id }, AccessControlList: { Grant: grant } });
}

/** ACLs, as far as object ownership allows them: with BucketOwnerEnforced there is only one. */
import { AwsError, type WireRequest, type WireResponse } from "../../core";
import { authorizeBucket, authorizeObject } from "./access";
import { checkAcl } from "./aclCheck";
import { OK } from "./configs";
import { readable } from "./objects";
import { canonicalId, type OnBucket, type OnObject } from "./state";
import { xmlAnswer } from "./xml";

export function getBucketAcl(on: OnBucket): WireResponse {
  const { bucket } = on;
  authorizeBucket(on, "s3:GetBucketAcl");
  return fullControl(bucket.owner);
}

export function putBucketAcl(on: OnBucket, request: WireRequest): WireResponse {
  const { bucket } = on;
  const acl = request.headers["x-amz-acl"];
  authorizeBucket(on, "s3:PutBucketAcl", acl ? { "s3:x-amz-acl": acl } : {});
  // Then a bucket's own ACL cannot be set at all, not even to its current value. Source: S3 User Guide, "Object Ownership".
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

/** The access checks of S3: each includes the bucket's policy, unless public access is restricted. */
import type { PolicyDocument, RequestContext } from "@feature-store-access/iam";
import { AwsError, type AccessCheck, type Call, type WireRequest } from "../../core";
import { isPublicPolicy, statementsOf } from "./publicPolicy";
import { bucketArn, objectArn, type Bucket, type OnBucket, type OnObject } from "./state";

/** @throws AwsError AccessDenied (403) unless the call may do `action` on the bucket itself */
export function authorizeBucket(on: OnBucket, action: string, context: RequestContext = {}): void {
  on.world.authorize(on.call, checkOf(on, action, bucketArn(on.bucket), context));
}

/** @throws AwsError AccessDenied (403) unless the call may do `action` on the object */
export function authorizeObject(on: OnObject, action: string, context: RequestContext = {}): void {
  on.world.authorize(on.call, checkOf(on, action, objectArn(on.bucket, on.key), context));
}

export function mayList(on: OnBucket): boolean {
  return on.world.allowed(on.call, checkOf(on, "s3:ListBucket", bucketArn(on.bucket), {}));
}

/** `x-amz-expected-bucket-owner`: a wrong owner is refused before any other check. */
export function checkExpectedOwner(request: WireRequest, bucket: Bucket): void {
  const expected = request.headers["x-amz-expected-bucket-owner"];
  if (expected !== undefined && expected !== bucket.owner)
    throw new AwsError("AccessDenied", "Access Denied", 403);
}

/** The check of `action` on the bucket, or on one of its objects. */
export function checkOf(
  { call, bucket }: OnBucket,
  action: string,
  resource: string,
  context: RequestContext,
): AccessCheck {
  return {
    action,
    resource,
    resourceAccount: bucket.owner,
    context: {
      "s3:ResourceAccount": bucket.owner,
      "s3:authType": call.context["s3:authType"] ?? "REST-HEADER",
      ...context,
    },
    resourcePolicy: effectivePolicy(call, bucket),
    code: "AccessDenied",
  };
}

/**
 * With RestrictPublicBuckets, a public policy applies only to the bucket owner's account and to AWS's services. Source: Amazon S3 User Guide,
 * "Blocking public access".
 */
function effectivePolicy(call: Call, bucket: Bucket): PolicyDocument | undefined {
  const { policy, publicAccess, owner } = bucket;
  if (!policy || !publicAccess?.RestrictPublicBuckets || !isPublicPolicy(policy)) return policy;
  if (call.caller.account === owner || call.caller.kind === "service") return policy;
  return { ...policy, Statement: statementsOf(policy).filter(({ Effect }) => Effect === "Deny") };
}

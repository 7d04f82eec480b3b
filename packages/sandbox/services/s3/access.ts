/** The access checks of S3: the bucket's policy stands in every one, as far as public access is not restricted. */
import type { PolicyDocument, RequestContext } from "@feature-store-access/iam";
import { AwsError, type Call, type World, type WireRequest } from "../../core";
import { isPublicPolicy, statementsOf } from "./publicPolicy";
import { bucketArn, objectArn, type Bucket } from "./state";

/** @throws AwsError AccessDenied (403) unless the call may do `action` on the bucket itself */
export function authorizeBucket(
  world: World,
  call: Call,
  action: string,
  bucket: Bucket,
  context: RequestContext = {},
): void {
  world.authorize(call, bucketCheck(call, action, bucketArn(bucket), bucket, context));
}

/** @throws AwsError AccessDenied (403) unless the call may do `action` on the object */
export function authorizeObject(
  world: World,
  call: Call,
  action: string,
  bucket: Bucket,
  key: string,
  context: RequestContext = {},
): void {
  world.authorize(call, bucketCheck(call, action, objectArn(bucket, key), bucket, context));
}

export function mayList(world: World, call: Call, bucket: Bucket): boolean {
  return world.allowed(call, bucketCheck(call, "s3:ListBucket", bucketArn(bucket), bucket, {}));
}

/** `x-amz-expected-bucket-owner`: refused before anything else is looked at. */
export function checkExpectedOwner(request: WireRequest, bucket: Bucket): void {
  const expected = request.headers["x-amz-expected-bucket-owner"];
  if (expected !== undefined && expected !== bucket.owner)
    throw new AwsError("AccessDenied", "Access Denied", 403);
}

export function bucketCheck(
  call: Call,
  action: string,
  resource: string,
  bucket: Bucket,
  context: RequestContext,
) {
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
 * With RestrictPublicBuckets a public policy opens the bucket to nobody but its owner's account and AWS's services.
 * Source: Amazon S3 User Guide, "Blocking public access".
 */
function effectivePolicy(call: Call, bucket: Bucket): PolicyDocument | undefined {
  const { policy, publicAccess, owner } = bucket;
  if (!policy || !publicAccess?.RestrictPublicBuckets || !isPublicPolicy(policy)) return policy;
  if (call.caller.account === owner || call.caller.kind === "service") return policy;
  return { ...policy, Statement: statementsOf(policy).filter(({ Effect }) => Effect === "Deny") };
}

/** Bucket policies, and the public access block that may reject them. */
import {
  evaluate,
  glob,
  type PolicyDocument,
  PolicyError,
  type PolicyStatement,
} from "@feature-store-access/iam";
import { AwsError, type WireRequest, type WireResponse, type World } from "../../core";
import { authorizeBucket } from "./access";
import { isS3Action, s3Actions } from "./actions";
import { isPublicPolicy, statementsOf } from "./publicPolicy";
import { bucketArn, buckets, type Bucket, type OnBucket } from "./state";
import { xmlAnswer } from "./xml";

/** 20 KB. Source: Amazon S3 User Guide, "Bucket policies". */
const LARGEST = 20_480;
/** Actions on objects; all others are on buckets. */
const OBJECT_ACTION =
  /^s3:(\*|.*\*|(get|put|delete|abort|restore|replicate|bypass|list)(object|multipartupload).*|listmultipartuploadparts|abortmultipartupload)$/i;

export function getPolicy(on: OnBucket): WireResponse {
  const { world, bucket } = on;
  authorizeBucket(on, "s3:GetBucketPolicy");
  if (!bucket.policy) throw noPolicy(bucket);
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(world.principals.show(bucket.policy)),
  };
}

export async function putPolicy(on: OnBucket, request: WireRequest): Promise<WireResponse> {
  const { world, call, bucket } = on;
  const actions = await s3Actions();
  authorizeBucket(on, "s3:PutBucketPolicy");
  if (call.caller.account !== bucket.owner)
    throw new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405);
  const policy = parsePolicy(world, bucket, request.body, actions);
  if (bucket.publicAccess?.BlockPublicPolicy && isPublicPolicy(policy))
    throw new AwsError(
      "AccessDenied",
      `User: ${call.caller.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn(bucket)}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
      403,
    );
  bucket.policy = policy;
  buckets(world).touch();
  return { status: 204 };
}

export function deletePolicy(on: OnBucket): WireResponse {
  const { world, bucket } = on;
  authorizeBucket(on, "s3:DeleteBucketPolicy");
  delete bucket.policy;
  buckets(world).touch();
  return { status: 204 };
}

export function getPolicyStatus(on: OnBucket): WireResponse {
  const { bucket } = on;
  authorizeBucket(on, "s3:GetBucketPolicyStatus");
  if (!bucket.policy) throw noPolicy(bucket);
  return xmlAnswer("PolicyStatus", { IsPublic: isPublicPolicy(bucket.policy) });
}

function parsePolicy(world: World, bucket: Bucket, body: Buffer, known: readonly string[]): PolicyDocument {
  if (body.length > LARGEST) throw malformed(`Policies must be less than ${LARGEST} bytes`);
  let policy: PolicyDocument;
  try {
    policy = JSON.parse(body.toString("utf8")) as PolicyDocument;
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  if (typeof policy !== "object" || policy === null || policy.Statement === undefined)
    throw malformed("Missing required field Statement");
  for (const statement of statementsOf(policy)) checkStatement(statement, bucket, known);
  try {
    evaluate(
      {
        principal: "anonymous",
        action: "s3:GetObject",
        resource: bucketArn(bucket),
        resourceAccount: bucket.owner,
      },
      { identity: [], resource: policy },
    );
  } catch (error) {
    if (error instanceof PolicyError) throw malformed(error.message);
    throw error;
  }
  return world.principals.keep(policy, "MalformedPolicy");
}

function checkStatement(statement: PolicyStatement, bucket: Bucket, known: readonly string[]): void {
  if (typeof statement !== "object" || statement === null) throw malformed("Invalid policy syntax.");
  const { Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource } = statement;
  if (Effect !== "Allow" && Effect !== "Deny") throw malformed(`Invalid effect: ${String(Effect)}`);
  if (Principal === undefined && NotPrincipal === undefined)
    throw malformed("Missing required field Principal");
  const actions = list(Action ?? NotAction);
  if (actions.length === 0) throw malformed("Missing required field Action");
  if (!actions.every((action) => typeof action === "string" && isS3Action(action, known)))
    throw malformed("Policy has invalid action");
  const resources = list(Resource ?? NotResource);
  if (resources.length === 0) throw malformed("Missing required field Resource");
  const arn = bucketArn(bucket);
  // A pattern must be able to match this bucket or an object in it, and nothing else.
  const meets = (resource: string) =>
    resource === arn ||
    resource.startsWith(`${arn}/`) ||
    (/[*?]/.test(resource) && glob(resource.split("/")[0] ?? "")(arn));
  if (!resources.every(meets)) throw malformed("Policy has invalid resource");
  if (Resource === undefined || Action === undefined) return;
  const onBucket = resources.some((resource) => glob(resource)(arn));
  const onObjects = resources.some((resource) => resource.includes("/") || resource.endsWith("*"));
  const fits = (action: string) =>
    action === "*" ||
    (OBJECT_ACTION.test(action) ? onObjects || (onBucket && action.includes("*")) : onBucket);
  if (!actions.every(fits)) throw malformed("Action does not apply to any resource(s) in statement");
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

function noPolicy(bucket: Bucket): AwsError {
  return new AwsError("NoSuchBucketPolicy", "The bucket policy does not exist", 404, {
    BucketName: bucket.name,
  });
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedPolicy", message, 400);
}

/** Creates, finds and removes buckets. Source: Amazon S3 API Reference. */
import { AwsError, type Call, type WireRequest, type WireResponse, type World } from "../../core";
import { requestTagContext } from "../../protocol/tags";
import { authorizeBucket } from "./access";
import { isOwnership, NO_CONTENT } from "./configs";
import { bucketArn, buckets, canonicalId, objects, uploads, type Bucket, type OnBucket } from "./state";
import { childOf, type Element, rootElement, tagsOf, textOf, xmlAnswer, XMLNS } from "./xml";

export async function createBucket(
  world: World,
  call: Call,
  name: string,
  request: WireRequest,
): Promise<WireResponse> {
  if (call.caller.account === "") throw new AwsError("AccessDenied", "Access Denied", 403);
  const root = request.body.length > 0 ? await rootElement(request, "CreateBucketConfiguration") : {};
  const location = textOf(root, "LocationConstraint");
  const tags = bucketTags(root);
  const requestTags = requestTagContext(tags ?? {});
  world.authorize(call, {
    action: "s3:CreateBucket",
    resource: bucketArn({ name }),
    resourceAccount: call.caller.account,
    context: { ...(location ? { "s3:locationconstraint": location } : {}), ...requestTags },
    code: "AccessDenied",
  });
  if (tags)
    world.authorize(call, {
      action: "s3:TagResource",
      resource: bucketArn({ name }),
      resourceAccount: call.caller.account,
      context: requestTags,
      code: "AccessDenied",
    });
  checkName(name);
  checkLocation(call.region, location);
  const there = buckets(world).get(name);
  if (there && there.owner !== call.caller.account)
    throw new AwsError(
      "BucketAlreadyExists",
      "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
      409,
      { BucketName: name },
    );
  if (there && (there.region !== "us-east-1" || call.region !== "us-east-1"))
    throw new AwsError(
      "BucketAlreadyOwnedByYou",
      "Your previous request to create the named bucket succeeded and you already own it.",
      409,
      { BucketName: name },
    );
  // In us-east-1, creating a bucket that one already owns succeeds and changes nothing.
  if (!there)
    buckets(world).set(name, { ...newBucket(world, call, name, request), ...(tags ? { tags } : {}) });
  return { status: 200, headers: { location: `/${name}`, "x-amz-bucket-arn": bucketArn({ name }) } };
}

/** `<Tags><Tag>...</Tag></Tags>` of a bucket that is created with tags. */
function bucketTags(root: Element): Record<string, string> | undefined {
  const tags = childOf(root, "Tags");
  return tags && tagsOf({ TagSet: tags });
}

function newBucket(world: World, call: Call, name: string, request: WireRequest): Bucket {
  const ownership = request.headers["x-amz-object-ownership"] ?? "BucketOwnerEnforced";
  if (!isOwnership(ownership))
    throw new AwsError("InvalidArgument", "Invalid x-amz-object-ownership header", 400);
  const acl = request.headers["x-amz-acl"];
  if (acl !== undefined && acl !== "private") {
    if (ownership === "BucketOwnerEnforced")
      throw new AwsError(
        "InvalidBucketAclWithObjectOwnership",
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
        400,
      );
    throw new AwsError(
      "NotImplemented",
      "The sandbox does not implement bucket ACLs that grant access: use a bucket policy",
      501,
    );
  }
  if (request.headers["x-amz-bucket-object-lock-enabled"]?.toLowerCase() === "true")
    throw new AwsError("NotImplemented", "The sandbox does not implement Object Lock", 501);
  return {
    name,
    owner: call.caller.account,
    region: call.region,
    created: world.now().toISOString(),
    ownership,
    publicAccess: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
    encryption: { algorithm: "AES256", bucketKey: false },
    configs: {},
  };
}

export function deleteBucket(on: OnBucket): WireResponse {
  const { world, bucket } = on;
  authorizeBucket(on, "s3:DeleteBucket");
  for (const kept of objects(world).values())
    if (kept.bucket === bucket.name && kept.versions.length > 0)
      throw new AwsError(
        "BucketNotEmpty",
        bucket.versioning
          ? "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
          : "The bucket you tried to delete is not empty",
        409,
        { BucketName: bucket.name },
      );
  for (const upload of [...uploads(world).values()])
    if (upload.bucket === bucket.name) uploads(world).delete(upload.id);
  buckets(world).delete(bucket.name);
  return NO_CONTENT;
}

export function headBucket(on: OnBucket): WireResponse {
  const { bucket } = on;
  authorizeBucket(on, "s3:ListBucket");
  return {
    status: 200,
    headers: {
      "x-amz-bucket-region": bucket.region,
      "x-amz-access-point-alias": "false",
      "x-amz-bucket-arn": bucketArn(bucket),
    },
  };
}

export function getBucketLocation(on: OnBucket): WireResponse {
  const { bucket } = on;
  authorizeBucket(on, "s3:GetBucketLocation");
  const region = bucket.region === "us-east-1" ? "" : bucket.region;
  return {
    status: 200,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="${XMLNS}">${region}</LocationConstraint>`,
  };
}

export function listBuckets(world: World, call: Call, request: WireRequest): WireResponse {
  const { account } = call.caller;
  world.authorize(call, {
    action: "s3:ListAllMyBuckets",
    resource: "*",
    resourceAccount: account,
    code: "AccessDenied",
  });
  const prefix = request.query.get("prefix") ?? "";
  const after = request.query.get("continuation-token") ?? "";
  const region = request.query.get("bucket-region");
  const limit = Number(request.query.get("max-buckets") ?? 10_000);
  const own = [...buckets(world).values()]
    .filter(
      (bucket) =>
        bucket.owner === account &&
        bucket.name.startsWith(prefix) &&
        bucket.name > after &&
        (region === null || bucket.region === region),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = own.slice(0, limit);
  return xmlAnswer("ListAllMyBucketsResult", {
    Owner: { ID: canonicalId(account) },
    Buckets: {
      Bucket: page.map(({ name, created, region: BucketRegion }) => ({
        Name: name,
        CreationDate: created,
        BucketRegion,
        BucketArn: bucketArn({ name }),
      })),
    },
    Prefix: prefix === "" ? undefined : prefix,
    ContinuationToken: own.length > limit ? page[page.length - 1]?.name : undefined,
  });
}

/** Source: Amazon S3 User Guide, "General purpose bucket naming rules". */
function checkName(name: string): void {
  const right =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes("..") &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (!right)
    throw new AwsError("InvalidBucketName", "The specified bucket is not valid.", 400, { BucketName: name });
}

function checkLocation(region: string, location: string | undefined): void {
  if (location === undefined && region !== "us-east-1")
    throw new AwsError(
      "IllegalLocationConstraintException",
      "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.",
      400,
    );
  if (location === "us-east-1")
    throw new AwsError("InvalidLocationConstraint", "The specified location-constraint is not valid", 400, {
      LocationConstraint: location,
    });
  if (location !== undefined && location !== region && !(location === "EU" && region === "eu-west-1"))
    throw new AwsError(
      "IllegalLocationConstraintException",
      `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      400,
    );
}

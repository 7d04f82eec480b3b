/** S3 Control: the tags of buckets. Source: Amazon S3 API Reference, TagResource, UntagResource, ListTagsForResource. */
import { AwsError, type Call, type WireRequest, type WireResponse, type World } from "../../core";
import { notImplemented } from "../../pipeline/route";
import { xmlResponse } from "../../protocol/rest";
import { S3_CONTROL_XMLNS, s3ControlOperation, taggedArn } from "../../protocol/s3Control";
import { requestTagContext } from "../delivery";
import { authorizeBucket } from "./access";
import { NO_CONTENT } from "./configs";
import { buckets, findBucket, type Bucket } from "./state";
import { childOf, malformedXml, rootElement, tagSet, tagsOf } from "./xml";

/** Throws NoSuchBucket (404), AccessDenied (403) and InvalidTag (400). */
export async function controlRequest(world: World, call: Call, request: WireRequest): Promise<WireResponse> {
  const operation = s3ControlOperation(request);
  const name = /^arn:[\w-]+:s3:::([^/*]+)$/.exec(taggedArn(request) ?? "")?.[1];
  if (name === undefined) throw notImplemented("s3", operation);
  const bucket = findBucket(world, call, name);
  if (request.headers["x-amz-account-id"] !== bucket.owner)
    throw new AwsError("AccessDenied", "Access Denied", 403);
  switch (operation) {
    case "ListTagsForResource":
      return listTags(world, call, bucket);
    case "TagResource":
      return tag(world, call, bucket, request);
    case "UntagResource":
      return untag(world, call, bucket, request.query.getAll("tagKeys"));
    default:
      throw notImplemented("s3", operation);
  }
}

function listTags(world: World, call: Call, bucket: Bucket): WireResponse {
  authorizeBucket(world, call, "s3:ListTagsForResource", bucket);
  const { Tag } = tagSet(bucket.tags ?? {}).TagSet;
  return xmlResponse("ListTagsForResourceResult", { Tags: { Tag } }, S3_CONTROL_XMLNS);
}

/** Adds to the tags that there are. */
async function tag(world: World, call: Call, bucket: Bucket, request: WireRequest): Promise<WireResponse> {
  const given = childOf(await rootElement(request, "TagResourceRequest"), "Tags");
  if (!given) throw malformedXml();
  const tags = tagsOf({ TagSet: given });
  authorizeBucket(world, call, "s3:TagResource", bucket, requestTagContext(tags));
  keep(world, bucket, { ...bucket.tags, ...tags });
  return NO_CONTENT;
}

function untag(world: World, call: Call, bucket: Bucket, names: readonly string[]): WireResponse {
  authorizeBucket(world, call, "s3:UntagResource", bucket, names.length ? { "aws:TagKeys": names } : {});
  const rest = Object.entries(bucket.tags ?? {}).filter(([name]) => !names.includes(name));
  keep(world, bucket, Object.fromEntries(rest));
  return NO_CONTENT;
}

function keep(world: World, bucket: Bucket, tags: Record<string, string>): void {
  if (Object.keys(tags).length > 50)
    throw new AwsError("BadRequest", "Bucket tag count cannot be greater than 50", 400);
  if (Object.keys(tags).length === 0) delete bucket.tags;
  else bucket.tags = tags;
  buckets(world).touch();
}

/** S3 Control: the tags of buckets. Source: Amazon S3 API Reference, TagResource, UntagResource, ListTagsForResource. */
import {
  AwsError,
  type Call,
  type ServiceRequest,
  type WireRequest,
  type WireResponse,
  type World,
} from "../../core";
import { xmlResponse } from "../../protocol/rest";
import { s3Control as protocol } from "../../protocol/s3";
import { defineService } from "../../protocol/service";
import { requestTagContext } from "../../protocol/tags";
import { authorizeBucket } from "./access";
import { NO_CONTENT } from "./configs";
import { buckets, findBucket, type OnBucket } from "./state";
import { childOf, malformedXml, rootElement, tagSet, tagsOf } from "./xml";

const XMLNS = "http://awss3control.amazonaws.com/doc/2018-08-20/";
const on = "/v20180820/tags/{ResourceArn+}";

/** Signed as S3, and distinguished from it by a header and the start of the path: newer versions of the AWS provider use it. */
export const s3Control = defineService({
  name: "s3",
  // A bucket may have the version's name, but S3's own requests have no account header.
  accepts: ({ headers, path }) => headers["x-amz-account-id"] !== undefined && path.startsWith("/v20180820/"),
  protocol,
  operations: {
    ListTagsForResource: { on: `GET ${on}`, run: ofTagged(listTags) },
    TagResource: { on: `POST ${on}`, run: ofTagged(tag) },
    UntagResource: { on: `DELETE ${on}`, run: ofTagged(untag) },
  },
});

type Run = (on: OnBucket, request: WireRequest) => WireResponse | Promise<WireResponse>;

/** @throws AwsError NoSuchBucket (404), AccessDenied (403), and NotImplemented (501) for the tags of anything but a bucket */
function ofTagged(run: Run) {
  return (world: World, call: Call, { ResourceArn }: { ResourceArn: string }, request: ServiceRequest) => {
    const name = /^arn:[\w-]+:s3:::([^/*]+)$/.exec(ResourceArn)?.[1];
    if (name === undefined)
      throw new AwsError("NotImplemented", `The sandbox does not implement s3:${request.operation}`, 501);
    const bucket = findBucket(world, call, name);
    if (request.headers["x-amz-account-id"] !== bucket.owner)
      throw new AwsError("AccessDenied", "Access Denied", 403);
    return run({ world, call, bucket }, request);
  };
}

function listTags(on: OnBucket): WireResponse {
  const { bucket } = on;
  authorizeBucket(on, "s3:ListTagsForResource");
  const { Tag } = tagSet(bucket.tags ?? {}).TagSet;
  return xmlResponse("ListTagsForResourceResult", { Tags: { Tag } }, XMLNS);
}

/** Adds to the existing tags. */
async function tag(on: OnBucket, request: WireRequest): Promise<WireResponse> {
  const { bucket } = on;
  const given = childOf(await rootElement(request, "TagResourceRequest"), "Tags");
  if (!given) throw malformedXml();
  const tags = tagsOf({ TagSet: given });
  authorizeBucket(on, "s3:TagResource", requestTagContext(tags));
  keep(on, { ...bucket.tags, ...tags });
  return NO_CONTENT;
}

function untag(on: OnBucket, { query }: WireRequest): WireResponse {
  const { bucket } = on;
  const names = query.getAll("tagKeys");
  authorizeBucket(on, "s3:UntagResource", names.length ? { "aws:TagKeys": names } : {});
  const rest = Object.entries(bucket.tags ?? {}).filter(([name]) => !names.includes(name));
  keep(on, Object.fromEntries(rest));
  return NO_CONTENT;
}

function keep({ world, bucket }: OnBucket, tags: Record<string, string>): void {
  if (Object.keys(tags).length > 50)
    throw new AwsError("BadRequest", "Bucket tag count cannot be greater than 50", 400);
  if (Object.keys(tags).length === 0) delete bucket.tags;
  else bucket.tags = tags;
  buckets(world).touch();
}

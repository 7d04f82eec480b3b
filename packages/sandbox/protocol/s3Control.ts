/**
 * Requests of Amazon S3 Control, which are signed as S3's and told from them by a header and the start of their path. Newer
 * versions of the AWS provider read and write the tags of buckets by it. Source: Amazon S3 API Reference, "Amazon S3 Control".
 */
import type { AwsError, WireRequest, WireResponse } from "../core";
import { decodeStrict } from "./encoding";
import { xmlResponse } from "./rest";

export const S3_CONTROL_XMLNS = "http://awss3control.amazonaws.com/doc/2018-08-20/";

const VERSION = "/v20180820/";
const TAGS = `${VERSION}tags/`;

/** A bucket may have the version's name, but S3's own requests name no account. */
export function isS3Control({ path, headers }: Pick<WireRequest, "path" | "headers">): boolean {
  return headers["x-amz-account-id"] !== undefined && path.startsWith(VERSION);
}

/** The operation as AWS names it, or method and path of one that is not there. */
export function s3ControlOperation(request: Pick<WireRequest, "method" | "path">): string {
  const { method, path } = request;
  const known = { GET: "ListTagsForResource", POST: "TagResource", DELETE: "UntagResource" }[method];
  return known !== undefined && taggedArn(request) !== undefined ? known : `${method} ${path}`;
}

/** The ARN whose tags a request is about. */
export function taggedArn({ path }: Pick<WireRequest, "path">): string | undefined {
  return path.length > TAGS.length && path.startsWith(TAGS)
    ? decodeStrict(path.slice(TAGS.length))
    : undefined;
}

/** An error in S3 Control's form: unlike S3's own it stands in an element around it. */
export function s3ControlError(error: AwsError, requestId: string): WireResponse {
  const fields = Object.entries(error.fields).map(([name, value]): [string, string] => [name, String(value)]);
  return xmlResponse(
    "ErrorResponse",
    {
      Error: { Code: error.code, Message: error.message, ...Object.fromEntries(fields) },
      RequestId: requestId,
      HostId: "sandbox",
    },
    undefined,
    error.status,
  );
}

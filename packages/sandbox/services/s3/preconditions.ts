/** The conditions of a write or a deletion on the existing object. */
import { AwsError } from "../../core";
import { authorizeObject } from "./access";
import { objectContext } from "./headers";
import { preconditionFailed } from "./reading";
import { findVersion, type OnObject } from "./state";

/**
 * The conditions of a write or deletion on the existing object. Throws PreconditionFailed (412), and NoSuchKey (404) if `If-Match` finds
 * nothing. A caller that names an ETag learns whether it is the object's, and so needs permission to read it.
 * Source: S3 User Guide, "Add preconditions to S3 operations with conditional requests".
 */
export function checkPrecondition(on: OnObject, headers: Readonly<Record<string, string>>): void {
  const { key } = on;
  const newest = findVersion(on, null);
  const there = newest && !newest.deleteMarker ? newest : undefined;
  const { "if-none-match": unless, "if-match": wanted } = headers;
  if (unless !== undefined && unless !== "*") throw notImplementedHeader("If-None-Match");
  if (unless === "*" && there) throw preconditionFailed("If-None-Match");
  if (wanted === undefined) return;
  if (wanted !== "*") authorizeObject(on, "s3:GetObject", objectContext(there, null));
  if (!there) throw new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: key });
  if (wanted !== "*" && wanted.replace(/"/g, "") !== there.etag.replace(/"/g, ""))
    throw preconditionFailed("If-Match");
}

/** S3's own answer (501) to a header that it knows and does not support. */
export function notImplementedHeader(name: string): AwsError {
  return new AwsError(
    "NotImplemented",
    "A header you provided implies functionality that is not implemented",
    501,
    { Header: name },
  );
}

/** The bucket of an offline store, as CreateFeatureGroup checks it: with the permissions of the group's role. */
import { AwsError, type Call, type World } from "../../core";
import { fileName, partitionOf } from "../../formats/parquet";
import { parseS3Uri } from "./offlineLocation";

/**
 * Bucket and prefix of the URI.
 * @throws AwsError `ValidationException` "Invalid S3Uri provided" for a malformed URI, a bucket that does not exist or is in another
 * region, and a role that may not read the bucket's ACL
 */
export function checkBucket(
  world: World,
  call: Call,
  role: Call,
  s3Uri: string,
): { bucket: string; prefix: string } {
  const place = parseS3Uri(s3Uri);
  if (!place) throw invalidUri(s3Uri, "It must be of the form s3://bucket/prefix.");
  const info = world.services.s3.bucketInfo(place.bucket);
  if (!info) throw invalidUri(s3Uri, `The bucket ${place.bucket} does not exist.`);
  if (info.region !== call.region)
    throw invalidUri(
      s3Uri,
      `The bucket ${place.bucket} is in ${info.region}, and the feature group in ${call.region}.`,
    );
  try {
    world.services.s3.checkBucketAcl(role, place.bucket);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidUri(
      s3Uri,
      `Please ensure that the role ${role.caller.principalArn} has access to the bucket: ${error.message}`,
    );
  }
  return place;
}

/**
 * Checks, without writing, that the role may write below `path` as Feature Store does: with the ACL `bucket-owner-full-control`,
 * encrypted by `keyId` if there is one.
 * @throws AwsError `ValidationException` "Invalid S3Uri provided"
 */
export function checkWritable(
  world: World,
  role: Call,
  s3Uri: string,
  bucket: string,
  path: string,
  keyId: string | undefined,
): void {
  const now = world.now().getTime();
  const key = `${path}/${partitionOf(now)}/${fileName(now, path)}`;
  const acl = "bucket-owner-full-control";
  try {
    world.services.s3.checkPutObject(role, {
      bucket,
      key,
      acl,
      ...(keyId ? { sse: { algorithm: "aws:kms", keyId } } : {}),
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidUri(
      s3Uri,
      `Please ensure that the role ${role.caller.principalArn} can write to the bucket: ${error.message}`,
    );
  }
}

function invalidUri(s3Uri: string, reason: string): AwsError {
  return new AwsError("ValidationException", `Validation Error: Invalid S3Uri provided: ${s3Uri}. ${reason}`);
}

/**
 * The length of a prefix: an object's key has at most 1,024 bytes, and services append to the prefix.
 * Source: Amazon S3 User Guide, "Naming Amazon S3 objects", https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html.
 */
import type { ValidationError } from "./errors";

const KEY_BYTES = 1024;

/** @param added number of characters that the service appends */
export function* prefixTooLong(
  path: string,
  prefix: string,
  added: number,
  service: string,
): Iterable<ValidationError> {
  const most = KEY_BYTES - added;
  if (prefix.length > most)
    yield {
      path,
      message: `has ${prefix.length} characters: at most ${most}, as ${service} adds ${added} and an object's key has at most ${KEY_BYTES}`,
    };
}

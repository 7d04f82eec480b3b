/**
 * Encryption at rest of records and rows: AES-256-GCM under a data key of each group's online key, or under the service's own key if the
 * group has none.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AwsError, callAs, callVia, serviceCaller, type Call, type World } from "../../core";
import { onlineContext, SAGEMAKER, type FeatureGroup } from "../../core/featureGroups";

/** Base64: a group's data key encrypted by KMS, or the service's own key. */
const keys = (world: World) => world.store.collection<string>("featurestore.keys");

/** The service's own key, like an AWS owned key: for groups without a customer managed key, and for rows on their way to S3. */
export function serviceKey(world: World): Buffer {
  let key = keys(world).get("service");
  if (key === undefined) {
    key = randomBytes(32).toString("base64");
    keys(world).set("service", key);
  }
  return Buffer.from(key, "base64");
}

/**
 * The key of a group's online records. With a customer managed key, the caller needs kms:Decrypt on it, and the service needs the group's
 * grant.
 * @throws AwsError `AccessDeniedException` for the caller, `AccessForbidden` for the service
 */
export function onlineKey(world: World, call: Call, group: FeatureGroup): Buffer {
  if (!group.onlineKey) return serviceKey(world);
  const { arn } = group.onlineKey;
  const context = onlineContext(group.arn);
  const { kms } = world.services;
  const own = callAs(call, serviceCaller(SAGEMAKER));
  if (!kms.allows(own, arn, "kms:Decrypt", context))
    throw new AwsError(
      "AccessForbidden",
      `Feature Store cannot use the KMS key ${arn} of the FeatureGroup ${group.name}: its grant was revoked or the key is not enabled.`,
      403,
    );
  try {
    const forwarded = callVia(call, "sagemaker");
    const kept = keys(world).get(group.id);
    if (kept !== undefined) return kms.decrypt(forwarded, Buffer.from(kept, "base64"), context).plaintext;
    const made = kms.generateDataKey(own, arn, context);
    // The first caller needs kms:Decrypt like every later one, before anything is stored.
    const { plaintext } = kms.decrypt(forwarded, made.ciphertext, context);
    keys(world).set(group.id, made.ciphertext.toString("base64"));
    return plaintext;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // The caller's denial is passed on; a key that is disabled or pending deletion makes the group unusable.
    const denied = error.code === "AccessDeniedException";
    throw new AwsError(denied ? error.code : "AccessForbidden", error.message, 403);
  }
}

export function forgetKey(world: World, group: FeatureGroup): void {
  keys(world).delete(group.id);
}

const ivLength = 12;
const tagLength = 16;

/** Encrypts a JSON value, as Base64. Decrypting it needs the same `place`. */
export function seal(key: Buffer, value: unknown, place: string): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64");
}

/** @throws Error if the text was not sealed by this key for this place */
export function open<T>(key: Buffer, sealed: string, place: string): T {
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, ivLength))
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
  const plain = Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]);
  return JSON.parse(plain.toString("utf8")) as T;
}

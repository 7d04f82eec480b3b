/** Encryption of objects at rest: AES-256-GCM under a data key of S3's own or of KMS, generated and decrypted as the caller. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AwsError, callVia, type Call, type PutObjectInput, type World } from "../../core";
import { bucketArn, objectArn, type ObjectEncryption, type OnBucket, type OnObject } from "./state";

export type RequestedEncryption =
  (NonNullable<PutObjectInput["sse"]> & { readonly context?: Readonly<Record<string, string>> }) | undefined;

interface Sealed {
  readonly encryption: ObjectEncryption;
  readonly dataKey: Buffer;
}

/** The data key for a new object: as the request asks, or by the bucket's default. @throws AwsError KMS's errors in S3's words */
export function newDataKey(on: OnObject, requested: RequestedEncryption): Sealed {
  const { world, call, bucket, key } = on;
  const { algorithm, keyId, bucketKey } = requested ?? bucket.encryption;
  const own = requested?.context;
  if (algorithm === "AES256") {
    const dataKey = randomBytes(32);
    return {
      dataKey,
      encryption: { algorithm, dataKey: seal(serviceKey(world), dataKey).toString("base64"), context: {} },
    };
  }
  const byBucket = bucketKey ?? bucket.encryption.bucketKey;
  const context = { ...own, "aws:s3:arn": byBucket ? bucketArn(bucket) : objectArn(bucket, key) };
  const made = asS3(call, () =>
    world.services.kms.generateDataKey(callVia(call, "s3"), keyId ?? "alias/aws/s3", context),
  );
  return {
    dataKey: made.plaintext,
    encryption: {
      algorithm,
      keyArn: made.keyArn,
      bucketKey: byBucket,
      dataKey: made.ciphertext.toString("base64"),
      context,
    },
  };
}

/** An object's data key, decrypted as the caller: kms:Decrypt through S3. */
export function openDataKey(on: OnBucket, encryption: ObjectEncryption): Buffer {
  const { world, call } = on;
  const sealed = Buffer.from(encryption.dataKey, "base64");
  if (encryption.algorithm === "AES256") return open(serviceKey(world), sealed);
  return asS3(
    call,
    () => world.services.kms.decrypt(callVia(call, "s3"), sealed, { ...encryption.context }).plaintext,
  );
}

/** nonce (12), tag (16), and the encrypted bytes. */
export function seal(key: Buffer, bytes: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

export function open(key: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}

export function encryptionHeaders(encryption: ObjectEncryption | undefined): Record<string, string> {
  if (!encryption) return {};
  const { algorithm, keyArn, bucketKey } = encryption;
  return {
    "x-amz-server-side-encryption": algorithm,
    ...(keyArn ? { "x-amz-server-side-encryption-aws-kms-key-id": keyArn } : {}),
    ...(bucketKey ? { "x-amz-server-side-encryption-bucket-key-enabled": "true" } : {}),
  };
}

/** The encryption that the request's headers ask for. @throws AwsError InvalidArgument or NotImplemented */
export function requestedEncryption(headers: Readonly<Record<string, string>>): RequestedEncryption {
  if (Object.keys(headers).some((name) => name.startsWith("x-amz-server-side-encryption-customer-")))
    throw new AwsError("NotImplemented", "The sandbox does not implement SSE-C: use SSE-S3 or SSE-KMS", 501);
  const algorithm = headers["x-amz-server-side-encryption"];
  const keyId = headers["x-amz-server-side-encryption-aws-kms-key-id"];
  const bucketKey = headers["x-amz-server-side-encryption-bucket-key-enabled"];
  if (algorithm === undefined) {
    if (keyId !== undefined)
      throw new AwsError(
        "InvalidArgument",
        "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
        400,
      );
    return undefined;
  }
  if (algorithm === "aws:kms:dsse")
    throw new AwsError("NotImplemented", "The sandbox does not implement DSSE-KMS: use SSE-KMS", 501);
  if (algorithm !== "AES256" && algorithm !== "aws:kms")
    throw new AwsError("InvalidArgument", "The encryption method specified is not supported", 400);
  if (algorithm === "AES256" && keyId !== undefined)
    throw new AwsError(
      "InvalidArgument",
      "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
      400,
    );
  const context = headers["x-amz-server-side-encryption-context"];
  return {
    algorithm,
    ...(keyId ? { keyId } : {}),
    ...(bucketKey === undefined ? {} : { bucketKey: bucketKey.toLowerCase() === "true" }),
    ...(context === undefined || algorithm === "AES256" ? {} : { context: encryptionContext(context) }),
  };
}

/** Base64 of a JSON object of texts. @throws AwsError InvalidArgument (400) */
function encryptionContext(header: string): Record<string, string> {
  try {
    const value = JSON.parse(Buffer.from(header, "base64").toString("utf8")) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      if (Object.values(value).every((each) => typeof each === "string"))
        return value as Record<string, string>;
  } catch {
    // Handled like any other text that is not a JSON object.
  }
  throw new AwsError(
    "InvalidArgument",
    "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map",
    400,
    { ArgumentName: "x-amz-server-side-encryption-context" },
  );
}

/** Turns KMS's errors into those that S3 returns. */
function asS3<T>(call: Call, ask: () => T): T {
  if (call.caller.kind === "anonymous")
    throw new AwsError(
      "InvalidArgument",
      "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.",
      400,
    );
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === "AccessDeniedException") throw new AwsError("AccessDenied", error.message, 403);
    throw new AwsError(`KMS.${error.code}`, error.message, 400);
  }
}

/** S3's own key, created with the first object. */
function serviceKey(world: World): Buffer {
  const kept = world.store.collection<string>("s3.serviceKey");
  const known = kept.get("key");
  if (known !== undefined) return Buffer.from(known, "base64");
  const made = randomBytes(32);
  kept.set("key", made.toString("base64"));
  return made;
}

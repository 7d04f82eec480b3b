/** The cryptographic operations. Source: KMS API Reference, version 2014-11-01. */
import { randomBytes } from "node:crypto";
import { AwsError, type Call, type World } from "../../core";
import { authorizeAccount, authorizeKey, encryptionContextKeys } from "./access";
import { decrypt, encrypt, keyOf } from "./cipher";
import { ignoresCiphertext } from "./dryRun";
import { checkUsable, findKey, text, type KmsKey } from "./state";

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;
type Context = Readonly<Record<string, string>>;

export interface DataKey {
  readonly keyArn: string;
  readonly plaintext: Buffer;
  readonly ciphertext: Buffer;
}

export function encryptOperation(world: World, call: Call, input: Input): Output {
  const plaintext = bytes(input, "Plaintext");
  if (plaintext.length < 1 || plaintext.length > 4096)
    throw new AwsError(
      "ValidationException",
      "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
    );
  const key = ready(world, call, "kms:Encrypt", input["KeyId"], contextOf(input));
  return {
    KeyId: key.arn,
    CiphertextBlob: base64(encrypt(key, plaintext, contextOf(input))),
    EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
  };
}

export function decryptOperation(world: World, call: Call, input: Input): Output {
  if (ignoresCiphertext(input)) {
    const { arn } = ready(world, call, "kms:Decrypt", input["KeyId"], contextOf(input));
    return { KeyId: arn };
  }
  const { keyArn, plaintext } = decryptAs(
    world,
    call,
    bytes(input, "CiphertextBlob"),
    contextOf(input),
    input["KeyId"],
  );
  return { KeyId: keyArn, Plaintext: base64(plaintext), EncryptionAlgorithm: "SYMMETRIC_DEFAULT" };
}

/** Decrypts as the caller. `named`: the key that the request names, if any, which must be the ciphertext's. */
export function decryptAs(
  world: World,
  call: Call,
  ciphertext: Buffer,
  context: Context,
  named?: unknown,
): { keyArn: string; plaintext: Buffer } {
  const key = readyForCiphertext(world, call, "kms:Decrypt", ciphertext, context, named);
  return { keyArn: key.arn, plaintext: decrypt(key, ciphertext, context) };
}

export function reEncrypt(world: World, call: Call, input: Input): Output {
  const from = context(input, "SourceEncryptionContext");
  const to = context(input, "DestinationEncryptionContext");
  if (ignoresCiphertext(input)) {
    ready(world, call, "kms:ReEncryptFrom", input["SourceKeyId"], from);
    return { KeyId: ready(world, call, "kms:ReEncryptTo", input["DestinationKeyId"], to).arn };
  }
  const ciphertext = bytes(input, "CiphertextBlob");
  const source = readyForCiphertext(world, call, "kms:ReEncryptFrom", ciphertext, from, input["SourceKeyId"]);
  const target = ready(world, call, "kms:ReEncryptTo", input["DestinationKeyId"], to);
  return {
    CiphertextBlob: base64(encrypt(target, decrypt(source, ciphertext, from), to)),
    SourceKeyId: source.arn,
    KeyId: target.arn,
    SourceEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
    DestinationEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
  };
}

export function generateDataKey(withPlaintext: boolean) {
  return (world: World, call: Call, input: Input): Output => {
    const action = withPlaintext ? "kms:GenerateDataKey" : "kms:GenerateDataKeyWithoutPlaintext";
    const { keyArn, plaintext, ciphertext } = dataKeyAs(
      world,
      call,
      input["KeyId"],
      contextOf(input),
      sizeOf(input),
      action,
    );
    return {
      KeyId: keyArn,
      CiphertextBlob: base64(ciphertext),
      ...(withPlaintext ? { Plaintext: base64(plaintext) } : {}),
    };
  };
}

export function dataKeyAs(
  world: World,
  call: Call,
  keyId: unknown,
  context: Context,
  size = 32,
  action = "kms:GenerateDataKey",
): DataKey {
  const key = ready(world, call, action, keyId, context);
  const plaintext = randomBytes(size);
  return { keyArn: key.arn, plaintext, ciphertext: encrypt(key, plaintext, context) };
}

export function generateRandom(world: World, call: Call, input: Input): Output {
  authorizeAccount(world, call, "kms:GenerateRandom");
  const size = Number(input["NumberOfBytes"]);
  if (!Number.isInteger(size) || size < 1 || size > 1024)
    throw new AwsError("ValidationException", "NumberOfBytes must be a number from 1 to 1024");
  return { Plaintext: base64(randomBytes(size)) };
}

/** The key, after checking that the caller may use it and that its state and type allow it, in AWS's order. */
function ready(world: World, call: Call, action: string, keyId: unknown, context: Context): KmsKey {
  const { key, alias } = findKey(world, call, keyId);
  authorizeKey(world, call, action, key, {
    ...encryptionContextKeys(context),
    "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
    ...(alias ? { "kms:RequestAlias": alias } : {}),
  });
  checkUsable(key);
  if (key.spec !== "SYMMETRIC_DEFAULT")
    throw new AwsError(
      "InvalidKeyUsageException",
      `${key.arn} key usage is ${key.usage} which is not valid for ${action.slice(4)}.`,
    );
  return key;
}

function readyForCiphertext(
  world: World,
  call: Call,
  action: string,
  ciphertext: Buffer,
  context: Context,
  named: unknown,
): KmsKey {
  let arn: string;
  try {
    arn = keyOf(ciphertext);
  } catch (error) {
    // A caller without a valid ciphertext learns nothing about any key.
    world.allowed(call, { action, resource: "*", resourceAccount: call.caller.account });
    throw error;
  }
  const key = ready(world, call, action, arn, context);
  if (named !== undefined && findKey(world, call, named).key.arn !== arn)
    throw new AwsError(
      "IncorrectKeyException",
      "The key ID in the request does not identify a CMK that can perform this operation.",
    );
  return key;
}

function sizeOf(input: Input): number {
  const { KeySpec, NumberOfBytes } = input;
  if ((KeySpec === undefined) === (NumberOfBytes === undefined))
    throw new AwsError("ValidationException", "Please specify either number of bytes or key spec.");
  if (KeySpec !== undefined) {
    if (KeySpec !== "AES_256" && KeySpec !== "AES_128")
      throw new AwsError(
        "ValidationException",
        `Value '${JSON.stringify(KeySpec)}' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [AES_256, AES_128]`,
      );
    return KeySpec === "AES_256" ? 32 : 16;
  }
  const size = Number(NumberOfBytes);
  if (!Number.isInteger(size) || size < 1 || size > 1024)
    throw new AwsError("ValidationException", "NumberOfBytes must be a number from 1 to 1024");
  return size;
}

const contextOf = (input: Input): Context => context(input, "EncryptionContext");

function context(input: Input, name: string): Context {
  return (input[name] ?? {}) as Context;
}

function bytes(input: Input, name: string): Buffer {
  return Buffer.from(text(input, name), "base64");
}

function base64(buffer: Buffer): string {
  return buffer.toString("base64");
}

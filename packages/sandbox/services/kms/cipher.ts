/** AES-256-GCM under a key's material, with the encryption context as additional authenticated data. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { AwsError } from "../../core";
import type { KmsKey } from "./state";

/** Prefix of every ciphertext of the sandbox, to recognize its own. */
const MAGIC = Buffer.from("FSAK1");

/** magic, length of the ARN, the ARN, index of the material, nonce (12), tag (16), and the encrypted text. */
export function encrypt(key: KmsKey, plaintext: Buffer, context: Readonly<Record<string, string>>): Buffer {
  const version = key.material.length - 1;
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", materialOf(key, version), nonce);
  const header = headerOf(key.arn, version);
  cipher.setAAD(Buffer.concat([header, canonical(context)]));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), body]);
}

/** @throws AwsError InvalidCiphertextException for anything that was not encrypted under the key with this context */
export function decrypt(key: KmsKey, ciphertext: Buffer, context: Readonly<Record<string, string>>): Buffer {
  const { header, version } = readHeader(ciphertext);
  try {
    const nonce = ciphertext.subarray(header.length, header.length + 12);
    const tag = ciphertext.subarray(header.length + 12, header.length + 28);
    const decipher = createDecipheriv("aes-256-gcm", materialOf(key, version), nonce, { authTagLength: 16 });
    decipher.setAAD(Buffer.concat([header, canonical(context)]));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext.subarray(header.length + 28)), decipher.final()]);
  } catch {
    throw invalid();
  }
}

/** ARN of the key that a ciphertext was encrypted under. */
export function keyOf(ciphertext: Buffer): string {
  return readHeader(ciphertext).arn;
}

function headerOf(arn: string, version: number): Buffer {
  const numbers = Buffer.alloc(2);
  numbers.writeUInt8(Buffer.byteLength(arn), 0);
  numbers.writeUInt8(version, 1);
  return Buffer.concat([MAGIC, numbers, Buffer.from(arn)]);
}

function readHeader(ciphertext: Buffer): { header: Buffer; arn: string; version: number } {
  if (ciphertext.length < MAGIC.length + 2 || !ciphertext.subarray(0, MAGIC.length).equals(MAGIC))
    throw invalid();
  const length = ciphertext.readUInt8(MAGIC.length);
  const end = MAGIC.length + 2 + length;
  if (ciphertext.length < end + 28) throw invalid();
  const arn = ciphertext.subarray(MAGIC.length + 2, end).toString();
  return { header: ciphertext.subarray(0, end), arn, version: ciphertext.readUInt8(MAGIC.length + 1) };
}

function materialOf(key: KmsKey, version: number): Buffer {
  const material = key.material[version];
  if (material === undefined) throw invalid();
  return Buffer.from(material, "base64");
}

/** The context's pairs, sorted: the order in which a client sends them does not matter. */
function canonical(context: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(pairs)).digest();
}

function invalid(): AwsError {
  return new AwsError("InvalidCiphertextException", "");
}

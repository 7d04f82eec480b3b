/** Creates and shows keys, and their states. Source: KMS API Reference, version 2014-11-01. */
import { randomBytes, randomUUID } from "node:crypto";
import type { PolicyDocument } from "@feature-store-access/iam";
import { AwsError, type Call, type World } from "../../core";
import { authorizeAccount, authorizeKey } from "./access";
import { parseKeyPolicy, checkLockout } from "./keyPolicy";
import {
  aliasArn,
  aliases,
  findKey,
  keyArn,
  keys,
  onAwsManaged,
  page,
  seconds,
  type KmsAlias,
  type KmsKey,
} from "./state";
import { readTags, tagContext } from "./tags";

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

const USAGES: Readonly<Record<string, readonly string[]>> = {
  SYMMETRIC_DEFAULT: ["ENCRYPT_DECRYPT"],
  RSA_2048: ["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
  RSA_3072: ["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
  RSA_4096: ["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
  ECC_NIST_P256: ["SIGN_VERIFY", "KEY_AGREEMENT"],
  ECC_NIST_P384: ["SIGN_VERIFY", "KEY_AGREEMENT"],
  ECC_NIST_P521: ["SIGN_VERIFY", "KEY_AGREEMENT"],
  ECC_SECG_P256K1: ["SIGN_VERIFY"],
  HMAC_224: ["GENERATE_VERIFY_MAC"],
  HMAC_256: ["GENERATE_VERIFY_MAC"],
  HMAC_384: ["GENERATE_VERIFY_MAC"],
  HMAC_512: ["GENERATE_VERIFY_MAC"],
};

export function createKey(world: World, call: Call, input: Input): Output {
  const spec = asText(input["KeySpec"] ?? input["CustomerMasterKeySpec"]) ?? "SYMMETRIC_DEFAULT";
  const usages = Object.hasOwn(USAGES, spec) ? USAGES[spec] : undefined;
  if (!usages)
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${spec}' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [${Object.keys(USAGES).join(", ")}]`,
    );
  const usage =
    asText(input["KeyUsage"]) ??
    (usages.length === 1 ? usages[0] : spec === "SYMMETRIC_DEFAULT" ? "ENCRYPT_DECRYPT" : undefined);
  if (usage === undefined || !usages.includes(usage))
    throw new AwsError(
      "ValidationException",
      `KeyUsage ${usage ?? "null"} is not compatible with KeySpec ${spec}`,
    );
  if ((input["Origin"] ?? "AWS_KMS") !== "AWS_KMS")
    throw new AwsError("UnsupportedOperationException", "The sandbox makes keys of origin AWS_KMS only.");
  const tags = readTags(input["Tags"]);
  const multiRegion = input["MultiRegion"] === true;
  const bypass = input["BypassPolicyLockoutSafetyCheck"] === true;
  authorizeAccount(world, call, "kms:CreateKey", "*", {
    "kms:KeySpec": spec,
    "kms:KeyUsage": usage,
    "kms:KeyOrigin": "AWS_KMS",
    "kms:MultiRegion": String(multiRegion),
    "kms:BypassPolicyLockoutSafetyCheck": String(bypass),
    "kms:CallerAccount": call.caller.account,
    ...tagContext(tags),
  });
  const { account } = call.caller;
  const id = multiRegion ? `mrk-${randomUUID().replace(/-/g, "")}` : randomUUID();
  const key = newKey(world, call.region, account, id, { spec, usage, multiRegion, manager: "CUSTOMER" });
  key.description = asText(input["Description"]) ?? "";
  key.tags = tags;
  if (input["Policy"] !== undefined) key.policy = parseKeyPolicy(world, input["Policy"]);
  // The default policy delegates to the account, which therefore cannot lock itself out.
  if (!bypass && input["Policy"] !== undefined) checkLockout(world, call, key);
  keys(world).set(key.arn, key);
  return { KeyMetadata: metadata(key) };
}

export function describeKey(world: World, call: Call, input: Input): Output {
  const { key, alias } = findKey(world, call, input["KeyId"]);
  authorizeKey(world, call, "kms:DescribeKey", key, alias ? { "kms:RequestAlias": alias } : {});
  return { KeyMetadata: metadata(key) };
}

export function listKeys(world: World, call: Call, input: Input): Output {
  authorizeAccount(world, call, "kms:ListKeys");
  const own = [...keys(world).values()].filter(
    ({ account, region }) => account === call.caller.account && region === call.region,
  );
  const { items, rest } = page(own, input);
  return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...rest };
}

export function metadata(key: KmsKey): Output {
  const symmetric = key.spec === "SYMMETRIC_DEFAULT";
  return {
    AWSAccountId: key.account,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: seconds(key.created),
    Enabled: key.state === "Enabled",
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: key.state,
    ...(key.deletionDate ? { DeletionDate: seconds(key.deletionDate) } : {}),
    Origin: "AWS_KMS",
    KeyManager: key.manager,
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    ...(symmetric
      ? { EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"], CurrentKeyMaterialId: materialId(key) }
      : {}),
    ...(key.spec.startsWith("RSA") && key.usage === "ENCRYPT_DECRYPT"
      ? { EncryptionAlgorithms: ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"] }
      : {}),
    MultiRegion: key.multiRegion,
    ...(key.multiRegion
      ? {
          MultiRegionConfiguration: {
            MultiRegionKeyType: "PRIMARY",
            PrimaryKey: { Arn: key.arn, Region: key.region },
            ReplicaKeys: [],
          },
        }
      : {}),
  };
}

/** Identifies the current key material without revealing it: its index in the key's history. */
function materialId(key: KmsKey): string {
  return Buffer.from(`${key.id}${key.material.length}`).toString("hex").padEnd(64, "0").slice(0, 64);
}

function newKey(
  world: World,
  region: string,
  account: string,
  id: string,
  kind: Pick<KmsKey, "spec" | "usage" | "multiRegion" | "manager">,
): KmsKey {
  return {
    ...kind,
    id,
    arn: keyArn(region, account, id),
    account,
    region,
    created: world.now().toISOString(),
    material: [randomBytes(32).toString("base64")],
    description: "",
    state: "Enabled",
    policy: defaultPolicy(account),
    tags: {},
    rotation: { enabled: false, days: 365, onDemand: [] },
  };
}

/** Source: KMS Developer Guide, "Default key policy". */
function defaultPolicy(account: string): PolicyDocument {
  return {
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  };
}

/** `alias/aws/s3`: all of its account may use it, only through its service. */
function makeAwsManaged(world: World, region: string, account: string, name: string): KmsAlias {
  const service = name.slice("alias/aws/".length);
  const key = newKey(world, region, account, randomUUID(), {
    spec: "SYMMETRIC_DEFAULT",
    usage: "ENCRYPT_DECRYPT",
    multiRegion: false,
    manager: "AWS",
  });
  key.description = `Default key that protects my ${service} data when no other key is defined`;
  key.rotation.enabled = true;
  const use = [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncrypt*",
    "kms:GenerateDataKey*",
    "kms:CreateGrant",
    "kms:DescribeKey",
  ];
  key.policy = {
    Version: "2012-10-17",
    Id: `auto-${service}-2`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account that are authorized to use ${service}`,
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: use,
        Resource: "*",
        Condition: {
          StringEquals: {
            "kms:ViaService": `${service}.${region}.amazonaws.com`,
            "kms:CallerAccount": account,
          },
        },
      },
      {
        Sid: "Allow direct access to key metadata to the account",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"],
        Resource: "*",
      },
    ],
  };
  keys(world).set(key.arn, key);
  const arn = aliasArn(region, account, name);
  const alias: KmsAlias = {
    name,
    arn,
    account,
    region,
    created: key.created,
    updated: key.created,
    keyId: key.id,
  };
  aliases(world).set(arn, alias);
  return alias;
}

onAwsManaged(makeAwsManaged);

function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

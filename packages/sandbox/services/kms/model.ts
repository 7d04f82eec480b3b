/** The shapes of KMS's requests. Source: KMS API Reference, version 2014-11-01. */
import { boolean, integer, list, map, oneOf, structure, text } from "../../protocol/shape";

const keyId = text({ min: 1, max: 2048 });
const marker = text({ min: 1, max: 1024 });
const page = { Limit: integer(1, 1000), Marker: marker };
const grantTokens = list(text({ min: 1, max: 8192 }), 0, 10);
const principal = text({ min: 1, max: 256, pattern: /^[\w+=,.@:/-]+$/ });
const alias = text({ min: 1, max: 256, pattern: /^[a-zA-Z0-9:/_-]+$/ });
const grantId = text({ min: 1, max: 128 });
const tags = list(structure({ "TagKey!": text({ min: 1, max: 128 }), "TagValue!": text({ max: 256 }) }));
const policy = text({ min: 1, max: 131072 });
const policyName = text({ min: 1, max: 128, pattern: /^[\w]+$/ });
const context = map(text());
const algorithm = oneOf("SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE");
/** Base64. The operations check the lengths, because an error must not repeat the value. */
const blob = text();
const recipient = structure({ KeyEncryptionAlgorithm: text(), AttestationDocument: blob });
const modifiers = list(oneOf("IGNORE_CIPHERTEXT"));
const ofKey = structure({ "KeyId!": keyId });

const ofDataKey = {
  "KeyId!": keyId,
  EncryptionContext: context,
  NumberOfBytes: integer(1, 1024),
  KeySpec: oneOf("AES_256", "AES_128"),
  GrantTokens: grantTokens,
  DryRun: boolean,
};

export const shapes = {
  CreateKey: structure({
    Policy: policy,
    Description: text({ max: 8192 }),
    KeyUsage: oneOf("SIGN_VERIFY", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"),
    CustomerMasterKeySpec: text(),
    KeySpec: text(),
    Origin: oneOf("AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"),
    BypassPolicyLockoutSafetyCheck: boolean,
    Tags: tags,
    MultiRegion: boolean,
  }),
  DescribeKey: structure({ "KeyId!": keyId, GrantTokens: grantTokens }),
  ListKeys: structure(page),
  EnableKey: ofKey,
  DisableKey: ofKey,
  ScheduleKeyDeletion: structure({ "KeyId!": keyId, PendingWindowInDays: integer() }),
  CancelKeyDeletion: ofKey,
  UpdateKeyDescription: structure({ "KeyId!": keyId, "Description!": text({ max: 8192 }) }),
  GetKeyPolicy: structure({ "KeyId!": keyId, PolicyName: policyName }),
  PutKeyPolicy: structure({
    "KeyId!": keyId,
    PolicyName: policyName,
    "Policy!": policy,
    BypassPolicyLockoutSafetyCheck: boolean,
  }),
  ListKeyPolicies: structure({ "KeyId!": keyId, ...page }),
  EnableKeyRotation: structure({ "KeyId!": keyId, RotationPeriodInDays: integer(90, 2560) }),
  DisableKeyRotation: ofKey,
  GetKeyRotationStatus: ofKey,
  RotateKeyOnDemand: ofKey,
  ListKeyRotations: structure({ "KeyId!": keyId, ...page }),
  TagResource: structure({ "KeyId!": keyId, "Tags!": tags }),
  UntagResource: structure({ "KeyId!": keyId, "TagKeys!": list(text({ min: 1, max: 128 })) }),
  ListResourceTags: structure({ "KeyId!": keyId, ...page }),
  CreateAlias: structure({ "AliasName!": alias, "TargetKeyId!": keyId }),
  UpdateAlias: structure({ "AliasName!": alias, "TargetKeyId!": keyId }),
  DeleteAlias: structure({ "AliasName!": alias }),
  ListAliases: structure({ KeyId: keyId, ...page }),
  CreateGrant: structure({
    "KeyId!": keyId,
    GranteePrincipal: principal,
    RetiringPrincipal: principal,
    "Operations!": list(text()),
    Constraints: structure({
      EncryptionContextSubset: context,
      EncryptionContextEquals: context,
      SourceArn: text(),
    }),
    GrantTokens: grantTokens,
    Name: text({ min: 1, max: 256, pattern: /^[a-zA-Z0-9:/_-]+$/ }),
    DryRun: boolean,
    GranteeServicePrincipal: text(),
    RetiringServicePrincipal: text(),
  }),
  ListGrants: structure({ ...page, "KeyId!": keyId, GrantId: grantId, GranteePrincipal: principal }),
  ListRetirableGrants: structure({ ...page, "RetiringPrincipal!": principal }),
  RetireGrant: structure({
    GrantToken: text({ min: 1, max: 8192 }),
    KeyId: keyId,
    GrantId: grantId,
    DryRun: boolean,
  }),
  RevokeGrant: structure({ "KeyId!": keyId, "GrantId!": grantId, DryRun: boolean }),
  Encrypt: structure({
    "KeyId!": keyId,
    "Plaintext!": blob,
    EncryptionContext: context,
    GrantTokens: grantTokens,
    EncryptionAlgorithm: algorithm,
    DryRun: boolean,
  }),
  Decrypt: structure({
    CiphertextBlob: blob,
    EncryptionContext: context,
    GrantTokens: grantTokens,
    KeyId: keyId,
    EncryptionAlgorithm: algorithm,
    Recipient: recipient,
    DryRun: boolean,
    DryRunModifiers: modifiers,
  }),
  ReEncrypt: structure({
    CiphertextBlob: blob,
    SourceEncryptionContext: context,
    SourceKeyId: keyId,
    "DestinationKeyId!": keyId,
    DestinationEncryptionContext: context,
    SourceEncryptionAlgorithm: algorithm,
    DestinationEncryptionAlgorithm: algorithm,
    GrantTokens: grantTokens,
    DryRun: boolean,
    DryRunModifiers: modifiers,
  }),
  GenerateDataKey: structure({ ...ofDataKey, Recipient: recipient }),
  GenerateDataKeyWithoutPlaintext: structure(ofDataKey),
  GenerateRandom: structure({
    NumberOfBytes: integer(1, 1024),
    CustomKeyStoreId: text({ min: 1, max: 64 }),
    Recipient: recipient,
  }),
};

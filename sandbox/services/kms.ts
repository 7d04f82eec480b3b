/** AWS Key Management Service. Source: KMS API Reference, version 2014-11-01. */
import type { Call, KmsInternal, Service, World } from "../core";
import { notImplemented } from "../routing";
import { jsonResponse, parseJson, targetOperation } from "../wire/json";
import { checked } from "./sagemaker/shape";
import { authorizeKey, encryptionContextKeys, mayUse } from "./kms/access";
import { createAlias, deleteAlias, listAliases, updateAlias } from "./kms/aliases";
import {
  createGrant,
  grantOn,
  listGrants,
  listRetirableGrants,
  retire,
  retireGrant,
  revokeGrant,
} from "./kms/grants";
import { getKeyPolicy, listKeyPolicies, putKeyPolicy } from "./kms/keyPolicy";
import { createKey, describeKey, listKeys } from "./kms/keys";
import { scheduleKeyDeletion, setState, updateKeyDescription } from "./kms/states";
import { getKeyRotationStatus, listKeyRotations, rotateKeyOnDemand, setRotation } from "./kms/rotation";
import { shapes } from "./kms/model";
import { checkSettings, endDryRun } from "./kms/dryRun";
import { findKey, grants, keys } from "./kms/state";
import { listResourceTags, tagResource, untagResource } from "./kms/tags";
import {
  dataKeyAs,
  decryptAs,
  decryptOperation,
  encryptOperation,
  generateDataKey,
  generateRandom,
  reEncrypt,
} from "./kms/use";

type Operation = (
  world: World,
  call: Call,
  input: Readonly<Record<string, unknown>>,
) => Record<string, unknown>;

const operations: Readonly<Record<string, Operation>> = {
  CreateKey: createKey,
  DescribeKey: describeKey,
  ListKeys: listKeys,
  EnableKey: setState("EnableKey"),
  DisableKey: setState("DisableKey"),
  ScheduleKeyDeletion: scheduleKeyDeletion,
  CancelKeyDeletion: setState("CancelKeyDeletion"),
  UpdateKeyDescription: updateKeyDescription,
  GetKeyPolicy: getKeyPolicy,
  PutKeyPolicy: putKeyPolicy,
  ListKeyPolicies: listKeyPolicies,
  EnableKeyRotation: setRotation("EnableKeyRotation"),
  DisableKeyRotation: setRotation("DisableKeyRotation"),
  GetKeyRotationStatus: getKeyRotationStatus,
  RotateKeyOnDemand: rotateKeyOnDemand,
  ListKeyRotations: listKeyRotations,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListResourceTags: listResourceTags,
  CreateAlias: createAlias,
  UpdateAlias: updateAlias,
  DeleteAlias: deleteAlias,
  ListAliases: listAliases,
  CreateGrant: createGrant,
  ListGrants: listGrants,
  ListRetirableGrants: listRetirableGrants,
  RetireGrant: retireGrant,
  RevokeGrant: revokeGrant,
  Encrypt: encryptOperation,
  Decrypt: decryptOperation,
  ReEncrypt: reEncrypt,
  GenerateDataKey: generateDataKey(true),
  GenerateDataKeyWithoutPlaintext: generateDataKey(false),
  GenerateRandom: generateRandom,
};

export function createKms(world: World): Service & KmsInternal {
  return {
    handle(call, request) {
      const name = targetOperation(request);
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) return Promise.reject(notImplemented("kms", name));
      return new Promise((resolve) => {
        const input = parseJson(request);
        const shape = shapes[name];
        if (shape) checked(shape, input);
        checkSettings(input);
        const output = operation(world, call, input);
        // What changes nothing is done, and its result kept back; what changes something looks for itself.
        endDryRun(input);
        resolve(jsonResponse(output));
      });
    },
    generateDataKey: (call, keyId, encryptionContext) => dataKeyAs(world, call, keyId, encryptionContext),
    decrypt: (call, ciphertext, encryptionContext) => decryptAs(world, call, ciphertext, encryptionContext),
    describeKey(call, keyId) {
      const { key } = findKey(world, call, keyId);
      authorizeKey(world, call, "kms:DescribeKey", key);
      const { arn, account, state, spec, usage } = key;
      return { arn, account, state, enabled: state === "Enabled", keySpec: spec, keyUsage: usage };
    },
    createGrant: (call, keyId, grant, name) =>
      grantOn(world, call, findKey(world, call, keyId).key, { ...grant, ...(name ? { name } : {}) }),
    retireGrant(call, keyArn, grantId) {
      const grant = grants(world).get(grantId);
      if (grant?.keyArn === keyArn) retire(world, call, grant);
    },
    policyOf: (arn) => keys(world).get(arn)?.policy,
    allows: (call, keyId, action, encryptionContext = {}) =>
      mayUse(world, call, action, findKey(world, call, keyId).key, encryptionContextKeys(encryptionContext)),
  };
}

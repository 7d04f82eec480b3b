/** AWS Key Management Service. Source: KMS API Reference, version 2014-11-01. */
import type { Call, KmsInternal, Service, World } from "../../core";
import { notImplemented } from "../../pipeline/route";
import { jsonResponse, parseJson, targetOperation } from "../../protocol/json";
import { checked } from "../sagemaker/shape";
import { authorizeKey, encryptionContextKeys, mayUse } from "./access";
import { createAlias, deleteAlias, listAliases, updateAlias } from "./aliases";
import {
  createGrant,
  grantOn,
  listGrants,
  listRetirableGrants,
  retire,
  retireGrant,
  revokeGrant,
} from "./grants";
import { getKeyPolicy, listKeyPolicies, putKeyPolicy } from "./keyPolicy";
import { createKey, describeKey, listKeys } from "./keys";
import { scheduleKeyDeletion, setState, updateKeyDescription } from "./states";
import { getKeyRotationStatus, listKeyRotations, rotateKeyOnDemand, setRotation } from "./rotation";
import { shapes } from "./model";
import { checkSettings, endDryRun } from "./dryRun";
import { findKey, grants, keys } from "./state";
import { listResourceTags, tagResource, untagResource } from "./tags";
import {
  dataKeyAs,
  decryptAs,
  decryptOperation,
  encryptOperation,
  generateDataKey,
  generateRandom,
  reEncrypt,
} from "./use";

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

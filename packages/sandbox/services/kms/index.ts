/** AWS Key Management Service. Source: KMS API Reference, version 2014-11-01. */
import type { Call, KmsPort, World } from "../../core";
import { json } from "../../protocol/json";
import { defineService } from "../../protocol/service";
import type { Shape } from "../../protocol/shape";
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

export const kms = defineService({
  name: "kms",
  protocol: json("TrentService"),
  operations: withDryRuns({
    CreateKey: { shape: shapes.CreateKey, run: createKey },
    DescribeKey: { shape: shapes.DescribeKey, run: describeKey },
    ListKeys: { shape: shapes.ListKeys, run: listKeys },
    EnableKey: { shape: shapes.EnableKey, run: setState("EnableKey") },
    DisableKey: { shape: shapes.DisableKey, run: setState("DisableKey") },
    ScheduleKeyDeletion: { shape: shapes.ScheduleKeyDeletion, run: scheduleKeyDeletion },
    CancelKeyDeletion: { shape: shapes.CancelKeyDeletion, run: setState("CancelKeyDeletion") },
    UpdateKeyDescription: { shape: shapes.UpdateKeyDescription, run: updateKeyDescription },
    GetKeyPolicy: { shape: shapes.GetKeyPolicy, run: getKeyPolicy },
    PutKeyPolicy: { shape: shapes.PutKeyPolicy, run: putKeyPolicy },
    ListKeyPolicies: { shape: shapes.ListKeyPolicies, run: listKeyPolicies },
    EnableKeyRotation: { shape: shapes.EnableKeyRotation, run: setRotation("EnableKeyRotation") },
    DisableKeyRotation: { shape: shapes.DisableKeyRotation, run: setRotation("DisableKeyRotation") },
    GetKeyRotationStatus: { shape: shapes.GetKeyRotationStatus, run: getKeyRotationStatus },
    RotateKeyOnDemand: { shape: shapes.RotateKeyOnDemand, run: rotateKeyOnDemand },
    ListKeyRotations: { shape: shapes.ListKeyRotations, run: listKeyRotations },
    TagResource: { shape: shapes.TagResource, run: tagResource },
    UntagResource: { shape: shapes.UntagResource, run: untagResource },
    ListResourceTags: { shape: shapes.ListResourceTags, run: listResourceTags },
    CreateAlias: { shape: shapes.CreateAlias, run: createAlias },
    UpdateAlias: { shape: shapes.UpdateAlias, run: updateAlias },
    DeleteAlias: { shape: shapes.DeleteAlias, run: deleteAlias },
    ListAliases: { shape: shapes.ListAliases, run: listAliases },
    CreateGrant: { shape: shapes.CreateGrant, run: createGrant },
    ListGrants: { shape: shapes.ListGrants, run: listGrants },
    ListRetirableGrants: { shape: shapes.ListRetirableGrants, run: listRetirableGrants },
    RetireGrant: { shape: shapes.RetireGrant, run: retireGrant },
    RevokeGrant: { shape: shapes.RevokeGrant, run: revokeGrant },
    Encrypt: { reads: true, shape: shapes.Encrypt, run: encryptOperation },
    Decrypt: { reads: true, shape: shapes.Decrypt, run: decryptOperation },
    ReEncrypt: { reads: true, shape: shapes.ReEncrypt, run: reEncrypt },
    GenerateDataKey: { reads: true, shape: shapes.GenerateDataKey, run: generateDataKey(true) },
    GenerateDataKeyWithoutPlaintext: {
      reads: true,
      shape: shapes.GenerateDataKeyWithoutPlaintext,
      run: generateDataKey(false),
    },
    GenerateRandom: { reads: true, shape: shapes.GenerateRandom, run: generateRandom },
  }),
  port: (world): KmsPort => ({
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
  }),
});

type Input = Readonly<Record<string, unknown>>;
interface KmsOperation {
  readonly shape: Shape;
  readonly reads?: boolean;
  run(this: void, world: World, call: Call, input: Input): Record<string, unknown>;
}

/** Makes each operation refuse settings that the sandbox cannot act on, and end a dry run with an error. */
function withDryRuns(operations: Readonly<Record<string, KmsOperation>>): Record<string, KmsOperation> {
  const wrapped = Object.entries(operations).map(([name, { run, ...operation }]) => {
    const checkedRun: KmsOperation["run"] = (world, call, input) => {
      checkSettings(input);
      const output = run(world, call, input);
      // A reading operation runs, and a dry run discards its result; a changing operation checks for a dry run itself.
      endDryRun(input);
      return output;
    };
    return [name, { ...operation, run: checkedRun }];
  });
  return Object.fromEntries(wrapped) as Record<string, KmsOperation>;
}

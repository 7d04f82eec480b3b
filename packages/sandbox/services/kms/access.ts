/** The access checks of KMS: the key's own policy and its grants are part of each. */
import type { PolicyDocument, PolicyStatement, RequestContext } from "@feature-store-access/iam";
import { AwsError, type Call, type World } from "../../core";
import { aliases, grants, type KmsKey } from "./state";

/** Operations that AWS lets other accounts use. Source: KMS Developer Guide, "KMS permissions" (Cross-account use). */
const CROSS_ACCOUNT = new Set([
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:GetPublicKey",
  "kms:ListGrants",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:RetireGrant",
  "kms:RevokeGrant",
  "kms:GetKeyRotationStatus",
]);

/** Condition keys of an encryption context. */
export function encryptionContextKeys(context: Readonly<Record<string, string>>): RequestContext {
  const names = Object.keys(context);
  if (names.length === 0) return {};
  return {
    ...Object.fromEntries(
      Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
    ),
    "kms:EncryptionContextKeys": names,
  };
}

/** @throws AwsError AccessDeniedException unless the call may do `action` on the key */
export function authorizeKey(
  world: World,
  call: Call,
  action: string,
  key: KmsKey,
  context: RequestContext = {},
): void {
  if (call.caller.account !== key.account && call.caller.account !== "" && !CROSS_ACCOUNT.has(action))
    throw new AwsError(
      "AccessDeniedException",
      `User: ${call.caller.arn} is not authorized to perform: ${action} on resource: ${key.arn} because ${action.slice(4)} cannot be used on a key of another account`,
    );
  world.authorize(call, keyCheck(world, call, action, key, context));
}

/** Like `authorizeKey`, but returns the decision. */
export function mayUse(
  world: World,
  call: Call,
  action: string,
  key: KmsKey,
  context: RequestContext = {},
): boolean {
  return world.allowed(call, keyCheck(world, call, action, key, context));
}

/** Operations without a key: `kms:ListKeys`, `kms:CreateKey`, ... */
export function authorizeAccount(
  world: World,
  call: Call,
  action: string,
  resource = "*",
  context: RequestContext = {},
): void {
  world.authorize(call, {
    action,
    resource,
    resourceAccount: call.caller.account,
    context,
    code: "AccessDeniedException",
  });
}

function keyCheck(world: World, call: Call, action: string, key: KmsKey, context: RequestContext) {
  const names = [...aliases(world).values()].filter(
    ({ keyId, account, region }) => keyId === key.id && account === key.account && region === key.region,
  );
  return {
    action,
    resource: key.arn,
    resourceAccount: key.account,
    context: {
      "kms:CallerAccount": call.caller.account,
      "kms:KeySpec": key.spec,
      "kms:KeyUsage": key.usage,
      "kms:KeyOrigin": "AWS_KMS",
      "kms:MultiRegion": String(key.multiRegion),
      "kms:ResourceAliases": names.map(({ name }) => name),
      ...Object.fromEntries(
        Object.entries(key.tags).map(([name, value]) => [`aws:ResourceTag/${name}`, value]),
      ),
      ...context,
    },
    resourcePolicy: effectivePolicy(key.policy),
    grants: [...grants(world).values()].filter(({ keyArn }) => keyArn === key.arn),
    code: "AccessDeniedException",
  };
}

/**
 * The effective statements of a key policy: one without Action is stored and has no effect. One without Resource has none either, which the
 * evaluation handles. Source: KMS API Reference, PutKeyPolicy (`Policy`).
 */
export function effectivePolicy(policy: PolicyDocument): PolicyDocument {
  const statements = [policy.Statement].flat() as readonly PolicyStatement[];
  // Returns the same object if possible, because the evaluation caches its compiled form.
  return statements.every(isEffective) ? policy : { ...policy, Statement: statements.filter(isEffective) };
}

function isEffective(statement: PolicyStatement): boolean {
  // The evaluation rejects anything that is not a statement.
  if (typeof statement !== "object" || statement === null) return true;
  const { Action, NotAction } = statement;
  return (Action ?? NotAction) !== undefined;
}

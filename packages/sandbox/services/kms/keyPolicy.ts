/** Key policies: their form, their principals, and the check that a new one does not lock everyone out. */
import { evaluate, type PolicyDocument, PolicyError } from "@feature-store-access/iam";
import { AwsError, type Call, type World } from "../../core";
import { authorizeKey, effectivePolicy, mayUse } from "./access";
import { checkNotPending, findKey, keys, type KmsKey } from "./state";

type Input = Readonly<Record<string, unknown>>;

/** 32 KB. Source: KMS Developer Guide, "Resource quotas". */
const LARGEST = 32_768;

export function getKeyPolicy(world: World, call: Call, input: Input): Record<string, unknown> {
  const { key } = findKey(world, call, input["KeyId"]);
  authorizeKey(world, call, "kms:GetKeyPolicy", key);
  checkName(input);
  return { Policy: JSON.stringify(world.principals.show(key.policy), null, 2), PolicyName: "default" };
}

export function putKeyPolicy(world: World, call: Call, input: Input): Record<string, unknown> {
  const { key } = findKey(world, call, input["KeyId"]);
  const bypass = input["BypassPolicyLockoutSafetyCheck"] === true;
  authorizeKey(world, call, "kms:PutKeyPolicy", key, {
    "kms:BypassPolicyLockoutSafetyCheck": String(bypass),
  });
  checkName(input);
  checkNotPending(key);
  if (key.manager === "AWS")
    throw new AwsError("AccessDeniedException", "The policy of an AWS managed key cannot be changed.");
  const policy = parseKeyPolicy(world, input["Policy"]);
  if (!bypass) checkLockout(world, call, { ...key, policy });
  key.policy = policy;
  keys(world).touch();
  return {};
}

export function listKeyPolicies(world: World, call: Call, input: Input): Record<string, unknown> {
  const { key } = findKey(world, call, input["KeyId"]);
  authorizeKey(world, call, "kms:ListKeyPolicies", key);
  return { PolicyNames: ["default"], Truncated: false };
}

/** @throws AwsError MalformedPolicyDocumentException if it is not a key policy, or names principals that do not exist */
export function parseKeyPolicy(world: World, given: unknown): PolicyDocument {
  if (typeof given !== "string") throw malformed("The policy is not a string");
  if (Buffer.byteLength(given) > LARGEST)
    throw new AwsError("LimitExceededException", `The key policy is larger than ${LARGEST} bytes`);
  let document: PolicyDocument;
  try {
    document = JSON.parse(given) as PolicyDocument;
    tryOut(document);
  } catch (error) {
    if (error instanceof PolicyError || error instanceof SyntaxError || error instanceof TypeError)
      throw malformed(error.message);
    throw error;
  }
  return world.principals.keep(document, "MalformedPolicyDocumentException");
}

/** The caller must be able to change the policy again. Source: KMS API Reference, PutKeyPolicy. */
export function checkLockout(world: World, call: Call, key: KmsKey): void {
  if (mayUse(world, call, "kms:PutKeyPolicy", key)) return;
  throw malformed("The new key policy will not allow you to update the key policy in the future.");
}

function tryOut(document: PolicyDocument): void {
  if (typeof document !== "object" || document === null)
    throw new SyntaxError("The policy is not a JSON object");
  const question = {
    principal: "anonymous",
    action: "kms:DescribeKey",
    resource: "*",
    resourceAccount: "000000000000",
  };
  evaluate(question, { identity: [], resource: effectivePolicy(document) });
}

function checkName(input: Input): void {
  if ((input["PolicyName"] ?? "default") !== "default")
    throw new AwsError("NotFoundException", `No such policy exists: ${JSON.stringify(input["PolicyName"])}`);
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedPolicyDocumentException", message);
}

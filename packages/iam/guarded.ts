/**
 * Keys and roles: what their own policies have to say before anyone's can count, and to whom they can say it. Pure.
 * Sources: KMS Developer Guide, "Key policies"; IAM User Guide, "Role trust policy"; STS API Reference.
 */
import type { Caller } from "./caller";
import type { AccessRequest } from "./types";

/** Source: KMS Developer Guide, "Key policies"; IAM User Guide, "Role trust policy". Aliases and lists have no policy. */
export function needsResourcePolicy({ action, resource }: AccessRequest): boolean {
  const name = action.toLowerCase();
  if (name.startsWith("kms:")) return /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(resource);
  return ASSUMING.has(name);
}

/**
 * What another account can be allowed on a key; its other operations have no effect across accounts.
 * Source: KMS Developer Guide, "Allowing users in other accounts to use a KMS key".
 */
export function isCrossAccountOperation(action: string): boolean {
  const name = action.toLowerCase();
  return (
    !name.startsWith("kms:") ||
    /^kms:(encrypt|decrypt|reencrypt(from|to)|generatedatakey\w*|generatemac|verifymac|sign|verify|derivesharedsecret|getpublickey|describekey|getkeyrotationstatus|creategrant|listgrants|retiregrant|revokegrant)$/.test(
      name,
    )
  );
}

/** These bring a token of an identity provider instead of a signature. */
const FEDERATING: ReadonlySet<string> = new Set(["sts:assumerolewithsaml", "sts:assumerolewithwebidentity"]);

export const ASSUMING: ReadonlySet<string> = new Set([
  ...FEDERATING,
  "sts:assumerole",
  "sts:tagsession",
  "sts:setsourceidentity",
  "sts:setcontext",
]);

/**
 * To KMS and to AssumeRole nobody comes unsigned: in their policies `*` is "every identity in every AWS account". Sources: KMS
 * Developer Guide, "Key policies"; KMS API Reference, "Signing requests"; STS API Reference, AssumeRole.
 */
export function mustBeSigned(caller: Caller, action: string): boolean {
  return (
    caller.kind === "anonymous" &&
    (action.startsWith("kms:") || ASSUMING.has(action)) &&
    !FEDERATING.has(action)
  );
}

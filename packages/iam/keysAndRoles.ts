/** KMS keys and roles: their own policies must allow a request before others can, and some callers can never be allowed. */
import type { Caller } from "./caller";
import type { AccessRequest } from "./types";

/**
 * True if the resource's own policy has to let the caller in, or its account. KMS aliases and lists have no policy.
 * Sources: "Key policies in AWS KMS", https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html;
 * "IAM roles", https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html (trust policy)
 */
export function needsResourcePolicy({ action, resource }: AccessRequest): boolean {
  const name = action.toLowerCase();
  if (name.startsWith("kms:")) return /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(resource);
  return ASSUMING.has(name);
}

/**
 * True if another account can be allowed the operation; KMS's other operations have no effect across accounts.
 * Source: "Allowing users in other accounts to use a KMS key", https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
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

/** Their requests carry a token of an identity provider instead of a signature. */
const FEDERATING: ReadonlySet<string> = new Set(["sts:assumerolewithsaml", "sts:assumerolewithwebidentity"]);

/** Actions that a role's trust policy decides; lower case. */
export const ASSUMING: ReadonlySet<string> = new Set([
  ...FEDERATING,
  "sts:assumerole",
  "sts:tagsession",
  "sts:setsourceidentity",
  "sts:setcontext",
]);

/**
 * True if the caller is anonymous and the action accepts signed requests only: in policies of KMS keys and roles `*` is "every identity in
 * every AWS account". Sources: "Key policies in AWS KMS", https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html;
 * "AssumeRole", https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function mustBeSigned(caller: Caller, action: string): boolean {
  return (
    caller.kind === "anonymous" &&
    (action.startsWith("kms:") || ASSUMING.has(action)) &&
    !FEDERATING.has(action)
  );
}

/** KMS grants. Source: KMS Developer Guide, "Grants in AWS KMS" and "Grant operations". */
import { principalMatch, type PrincipalMatch } from "./principal";
import type { Asked } from "./statement";
import { PolicyError } from "./errors";
import type { DecidingStatement, KmsGrant, ListedGrant, RequestContext } from "./types";

/** Constraints do not apply to operations without an encryption context. Source: "Grants in AWS KMS", grant constraints. */
const WITHOUT_CONTEXT: ReadonlySet<string> = new Set([
  "kms:describekey",
  "kms:retiregrant",
  "kms:getpublickey",
]);
const CONTEXT = "kms:encryptioncontext:";

export interface AllowingGrant extends DecidingStatement {
  readonly match: PrincipalMatch;
}

/**
 * The grants that let the caller in, in place of the key's policy.
 * @throws PolicyError for what is no grant, or has a constraint that is not known here
 */
export function grantsAllowing(
  grants: readonly (KmsGrant | ListedGrant)[],
  asked: Asked,
  context: RequestContext = {},
): AllowingGrant[] {
  if (!asked.action.startsWith("kms:")) return [];
  const operation = asked.action.slice("kms:".length);
  return grants.flatMap((given, index): AllowingGrant[] => {
    const grant = "KeyId" in given ? ofListed(given, index, asked.resource) : given;
    const operations: unknown = grant.operations;
    if (typeof grant.granteePrincipal !== "string" || !Array.isArray(operations))
      throw new PolicyError({ kind: "grant", index }, undefined, "has no grantee or no list of operations");
    if (grant.keyArn !== asked.resource) return [];
    if (!grant.operations.some((each) => each.toLowerCase() === operation)) return [];
    const match = granteeMatch(grant, asked);
    if (!match || !fitsContext(grant, asked, context)) return [];
    return [{ document: { kind: "grant", index }, index: 0, grant: given, match }];
  });
}

/** A constraint that is passed over would let the grant give more than it says. */
function ofListed(given: ListedGrant, index: number, key: string): KmsGrant {
  const { KeyId, GranteePrincipal, Operations, Constraints } = given;
  const { EncryptionContextEquals, EncryptionContextSubset, ...others } = Constraints ?? {};
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new PolicyError(
      { kind: "grant", index },
      undefined,
      `has a constraint "${unknown}", which is not known`,
    );
  return {
    keyArn: key.endsWith(`:key/${KeyId}`) ? key : KeyId,
    granteePrincipal: GranteePrincipal,
    operations: Operations,
    ...(EncryptionContextEquals ? { encryptionContextEquals: EncryptionContextEquals } : {}),
    ...(EncryptionContextSubset ? { encryptionContextSubset: EncryptionContextSubset } : {}),
  };
}

/**
 * A grantee is named as principals of policies are: a role for its sessions too, an account for what its own IAM lets in;
 * but never everyone. "Valid principals include AWS accounts, IAM users, IAM roles, federated users, and assumed role
 * users." Source: KMS API Reference, CreateGrant.
 */
function granteeMatch({ granteePrincipal }: KmsGrant, { caller }: Asked): PrincipalMatch | undefined {
  if (granteePrincipal === "*") return undefined;
  const kind = caller.kind === "service" ? "Service" : "AWS";
  return principalMatch({ [kind]: granteePrincipal }, caller);
}

/** "Grant constraints are case sensitive", the keys of an encryption context too: unlike condition keys. */
function fitsContext(grant: KmsGrant, { action }: Asked, context: RequestContext): boolean {
  if (WITHOUT_CONTEXT.has(action)) return true;
  const given = new Map(
    Object.entries(context)
      .filter(([key]) => key.toLowerCase().startsWith(CONTEXT))
      .map(([key, value]) => [key.slice(CONTEXT.length), typeof value === "string" ? value : value[0]]),
  );
  const has = (wanted: Readonly<Record<string, string>>) =>
    Object.entries(wanted).every(([key, value]) => given.get(key) === value);
  if (grant.encryptionContextSubset && !has(grant.encryptionContextSubset)) return false;
  const { encryptionContextEquals: equals } = grant;
  return !equals || (has(equals) && given.size === Object.keys(equals).length);
}

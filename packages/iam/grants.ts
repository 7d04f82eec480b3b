/** KMS grants. Source: "Grants in AWS KMS", https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
import { principalMatch, type PrincipalMatch } from "./principal";
import type { Asked } from "./statement";
import { PolicyError } from "./errors";
import type { DecidingStatement, KmsGrant, ListedGrant, RequestContext } from "./types";

/**
 * Operations without an encryption context: constraints do not apply to them.
 * Source: "Creating grants", https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html (grant constraints)
 */
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
 * The grants that allow the caller's request without the key's policy.
 * @throws PolicyError for a grant without grantee or operations, or with an unknown constraint
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

/** The listed grant in the other form. Ignoring an unknown constraint would widen the grant, so it is an error. */
function ofListed(given: ListedGrant, index: number, key: string): KmsGrant {
  const { KeyId, GranteePrincipal, Operations, Constraints } = given;
  const { EncryptionContextEquals, EncryptionContextSubset, ...others } = Constraints ?? {};
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new PolicyError({ kind: "grant", index }, undefined, `has an unknown constraint "${unknown}"`);
  return {
    keyArn: key.endsWith(`:key/${KeyId}`) ? key : KeyId,
    granteePrincipal: GranteePrincipal,
    operations: Operations,
    ...(EncryptionContextEquals ? { encryptionContextEquals: EncryptionContextEquals } : {}),
    ...(EncryptionContextSubset ? { encryptionContextSubset: EncryptionContextSubset } : {}),
  };
}

/**
 * A grantee is named like a principal in a policy: a role includes its sessions, and an account includes the principals that its own IAM allows.
 * `*` is not valid: "Valid principals include AWS accounts, IAM users, IAM roles, federated users, and assumed role users."
 * Source: "CreateGrant", https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
 */
function granteeMatch({ granteePrincipal }: KmsGrant, { caller }: Asked): PrincipalMatch | undefined {
  if (granteePrincipal === "*") return undefined;
  const kind = caller.kind === "service" ? "Service" : "AWS";
  return principalMatch({ [kind]: granteePrincipal }, caller);
}

/** Grant constraints are case-sensitive, the keys of an encryption context included, unlike condition keys. */
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

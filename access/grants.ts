/** KMS grants. Source: KMS Developer Guide, "Grants in AWS KMS" and "Grant operations". */
import type { Asked } from "./statement";
import type { DecidingStatement, KmsGrant, RequestContext } from "./types";

/** Constraints do not apply to operations without an encryption context. Source: "Grants in AWS KMS", grant constraints. */
const WITHOUT_CONTEXT: ReadonlySet<string> = new Set([
  "kms:describekey",
  "kms:retiregrant",
  "kms:getpublickey",
]);
const CONTEXT = "kms:encryptioncontext:";

/** The grants that allow the request by themselves, in place of the key's policy. */
export function grantsAllowing(
  grants: readonly KmsGrant[],
  asked: Asked,
  context: RequestContext = {},
): DecidingStatement[] {
  if (!asked.action.startsWith("kms:")) return [];
  const operation = asked.action.slice("kms:".length);
  return grants
    .map((grant, index) => ({ document: { kind: "grant" as const, index }, index: 0, grant }))
    .filter(({ grant }) => grant.keyArn === asked.resource)
    .filter(({ grant }) => grant.operations.some((each) => each.toLowerCase() === operation.toLowerCase()))
    .filter(({ grant }) => isGrantee(grant, asked) && fitsContext(grant, asked, context));
}

function isGrantee({ granteePrincipal }: KmsGrant, { caller }: Asked): boolean {
  return granteePrincipal === caller.arn || granteePrincipal === caller.principalArn;
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

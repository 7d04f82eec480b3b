/**
 * Policies in AWS's sizes. IAM counts characters without white space; these documents have none between tokens.
 * Source: IAM User Guide, "IAM and AWS STS quotas".
 */
import { groupStatements, sharedStatements, type CrossAccountAccessFacts } from "./crossAccountRole";
import { policy, type Policy } from "./document";

/** Characters, but for `managedPolicies`. */
export const QUOTAS = {
  /** All inline policies of a role together. */
  inlinePolicies: 10_240,
  managedPolicy: 6_144,
  /** Managed policies of a role; AWS raises it to 20 on request. */
  managedPolicies: 10,
  /** AWS raises it to 4,096 on request. */
  trustPolicy: 2_048,
  bucketPolicy: 20 * 1024,
  keyPolicy: 32 * 1024,
} as const;

export function sizeOf(document: Policy): number {
  return JSON.stringify(document).length;
}

/** What the role is given: one inline policy while that is large enough, managed policies beyond it. */
export type AccessDocuments =
  | { readonly kind: "inline"; readonly documents: readonly [Policy] }
  | { readonly kind: "managed"; readonly documents: readonly Policy[] };

/** The least privilege of the role in as many documents as it takes; together they grant what one would. */
export function accessDocuments(facts: CrossAccountAccessFacts): AccessDocuments {
  const whole = policy(...sharedStatements(facts), ...groupStatements(facts));
  if (sizeOf(whole) <= QUOTAS.inlinePolicies) return { kind: "inline", documents: [whole] };
  const documents = [policy(...sharedStatements(facts))];
  let taken: CrossAccountAccessFacts["groups"] = [];
  let last: Policy | undefined;
  for (const group of facts.groups) {
    const more = policy(...groupStatements({ ...facts, groups: [...taken, group] }));
    if (last && sizeOf(more) > QUOTAS.managedPolicy) {
      documents.push(last);
      taken = [group];
      last = policy(...groupStatements({ ...facts, groups: taken }));
    } else {
      taken = [...taken, group];
      last = more;
    }
  }
  if (last) documents.push(last);
  return { kind: "managed", documents };
}

/**
 * The sizes of policies that AWS accepts. IAM counts characters without white space; these documents have none between tokens.
 * Sources: IAM User Guide, "IAM and AWS STS quotas", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
 */
import type { Policy } from "./document";

/** Characters, except `managedPolicies`. */
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

/** Which parts of the context each rule depends on: what is configured of the policy that it is in the pack. */
import type { RuleContext } from "./rule";

export const CONFIGURED: Readonly<Record<string, readonly (keyof RuleContext)[]>> = {
  "no-foreign-principal": ["allowedAccountIds"],
  "no-wildcard-action": ["policyMode", "allowedAccountIds"],
  "no-broad-managed-policy": ["policyMode"],
  "key-rotated": ["unrotatedKeys"],
  "bucket-encrypted": ["awsManagedKeys"],
  "data-protected": ["protectData"],
};

/** The pack's configuration as `--policy-pack-config` takes it, in a file. */
export function packConfiguration(context: RuleContext): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(CONFIGURED).map(([rule, names]) => [
      rule,
      Object.fromEntries(names.map((name) => [name, context[name]])),
    ]),
  );
}

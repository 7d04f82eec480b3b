/** The only list of rules, for the pack and the driver, and the violations that the rules find in a program. */
import { bucketEncrypted } from "./bucketEncryption";
import { noForeignPrincipal } from "./foreignPrincipal";
import { keyRotated, keySymmetric } from "./keys";
import { noBroadManagedPolicy } from "./managedPolicy";
import { ownershipEnforced } from "./ownership";
import { dataProtected } from "./protectedData";
import { publicAccessBlocked } from "./publicAccess";
import { noPublicPrincipal } from "./publicPrincipal";
import type { DeclaredResource, Rule, RuleContext, Violation } from "./rule";
import { tlsOnly } from "./tlsOnly";
import { noWildcardAction } from "./wildcardAction";

export { UNKNOWN, type DeclaredResource, type Rule, type RuleContext, type Violation } from "./rule";

export const RULES: readonly Rule[] = [
  noPublicPrincipal,
  noForeignPrincipal,
  noWildcardAction,
  noBroadManagedPolicy,
  tlsOnly,
  ownershipEnforced,
  publicAccessBlocked,
  bucketEncrypted,
  keySymmetric,
  keyRotated,
  dataProtected,
];

/** The pack's configuration as `--policy-pack-config` takes it, in a file: values by policy and name. */
export function packConfiguration(context: RuleContext): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    RULES.flatMap(({ name, configuredBy }) =>
      configuredBy ? [[name, Object.fromEntries(configuredBy.map((part) => [part, context[part]]))]] : [],
    ),
  );
}

/** The violations of a single resource. */
export function violationsOf(resource: DeclaredResource, context: RuleContext): Violation[] {
  return RULES.flatMap((rule) =>
    (rule.check?.(resource, context) ?? []).map((problem) => violation(rule, resource, problem)),
  );
}

/** The violations that only a stack's resources together show, without those of single resources. */
export function violationsOfStack(resources: readonly DeclaredResource[], context: RuleContext): Violation[] {
  return RULES.flatMap((rule) =>
    (rule.checkStack?.(resources, context) ?? []).map(({ resource, problem }) =>
      violation(rule, resource, problem),
    ),
  );
}

function violation(
  { name: rule, advice }: Rule,
  { urn, type, name }: DeclaredResource,
  problem: string,
): Violation {
  return { rule, urn, type, name, problem, advice };
}

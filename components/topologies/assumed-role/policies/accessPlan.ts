/** The documents of the role that a consumer assumes, within AWS's size limits. */
import { policy, type Policy } from "../../../policies/document";
import { QUOTAS, sizeOf } from "../../../policies/quotas";
import { groupStatements, sharedStatements } from "./crossAccountRole";
import type { CrossAccountAccessFacts, PermittedGroup } from "./facts";

/** The split of the role's least-privilege permissions: one inline policy if they fit, managed policies otherwise. */
export type AccessPlan =
  | { readonly kind: "inline" }
  /** The first policy has the shared statements; each further one has the statements for the feature groups with these names. */
  | { readonly kind: "managed"; readonly parts: readonly (readonly string[])[] };

/** Splits by the sizes of these facts: stand-ins of the right length are enough. */
export function planAccess(facts: CrossAccountAccessFacts): AccessPlan {
  if (sizeOf(wholeAccess(facts)) <= QUOTAS.inlinePolicies) return { kind: "inline" };
  const parts: string[][] = [];
  let taken: PermittedGroup[] = [];
  for (const group of facts.groups) {
    const fits =
      sizeOf(policy(...groupStatements({ ...facts, groups: [...taken, group] }))) <= QUOTAS.managedPolicy;
    taken = taken.length > 0 && fits ? [...taken, group] : [group];
    if (taken.length === 1) parts.push([group.name]);
    else parts.at(-1)?.push(group.name);
  }
  return { kind: "managed", parts };
}

/** The documents of a plan, in order; together they permit what one document would. */
export function accessDocuments(facts: CrossAccountAccessFacts, plan: AccessPlan): readonly Policy[] {
  if (plan.kind === "inline") return [wholeAccess(facts)];
  const parts = plan.parts.map((names) => ({
    ...facts,
    groups: facts.groups.filter(({ name }) => names.includes(name)),
  }));
  return [policy(...sharedStatements(facts)), ...parts.map((part) => policy(...groupStatements(part)))];
}

function wholeAccess(facts: CrossAccountAccessFacts): Policy {
  return policy(...sharedStatements(facts), ...groupStatements(facts));
}

/** Matches statements with requests. */
import { resourceMatcher } from "./arn";
import type { Caller } from "./caller";
import { holds } from "./conditions/condition";
import type { Context } from "./context";
import type { CompiledStatement, ResourcePattern } from "./document";
import { isExempt, principalMatch, type PrincipalMatch } from "./principal";
import { asText, resolve } from "./variables";

/** A request in the form that statements are matched with. */
export interface Asked {
  readonly caller: Caller;
  /** Lower case. */
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
  /** True if a permissions boundary is attached to the caller. */
  readonly bounded: boolean;
}

/** True if the statement's actions and resources match the request and its conditions hold. Principals are left to `reaches`. */
export function concerns(statement: CompiledStatement, asked: Asked): boolean {
  const { source } = statement;
  const named = statement.actions.some((matches) => matches(asked.action));
  if (named !== (source.Action !== undefined)) return false;
  if (statement.resources) {
    const met = statement.resources.some((pattern) => resourceFits(pattern, asked));
    if (met !== (source.Resource !== undefined)) return false;
  }
  return statement.conditions.every((condition) => holds(condition, asked.context));
}

/** How a resource policy's statement names the caller; undefined if it does not. For a Deny all matches are equal. */
export function reaches(
  { source }: CompiledStatement,
  { caller, bounded }: Asked,
): PrincipalMatch | undefined {
  if (source.Principal !== undefined) return principalMatch(source.Principal, caller);
  if (source.NotPrincipal === undefined) return undefined;
  // "... will always deny any IAM principal that has a permissions boundary policy attached, regardless of the values specified in
  // the NotPrincipal element." Source: "Permissions boundaries for IAM entities", https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
  if (source.Effect === "Deny") return !bounded && isExempt(source.NotPrincipal, caller) ? undefined : "self";
  return principalMatch(source.NotPrincipal, caller) === undefined ? "everyone" : undefined;
}

function resourceFits(pattern: ResourcePattern, { resource, context }: Asked): boolean {
  if (typeof pattern === "function") return pattern(resource);
  const filled = resolve(pattern.template, context);
  return filled !== undefined && resourceMatcher(filled, pattern.completing)(asText(resource));
}

/** Whether a statement applies to a request. */
import { resourceMatcher } from "./arn";
import type { Caller } from "./caller";
import { holds } from "./conditions/condition";
import type { Context } from "./context";
import type { CompiledStatement, ResourcePattern } from "./document";
import { isSpared, principalMatch, type PrincipalMatch } from "./principal";
import { asText, resolve } from "./variables";

export interface Asked {
  readonly caller: Caller;
  /** Lower case. */
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
  /** Whether a permissions boundary is attached to the caller. */
  readonly bounded: boolean;
}

/** True if the statement is about the request's action and resource and its conditions hold; of whom, is not asked here. */
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

/**
 * How a resource policy's statement reaches the caller; undefined if it does not. For a Deny the strength has no
 * meaning: it reaches or it does not.
 */
export function reaches(
  { source }: CompiledStatement,
  { caller, bounded }: Asked,
): PrincipalMatch | undefined {
  if (source.Principal !== undefined) return principalMatch(source.Principal, caller);
  if (source.NotPrincipal === undefined) return undefined;
  // "... will always deny any IAM principal that has a permissions boundary policy attached, regardless of the values
  // specified in the NotPrincipal element." Source: IAM User Guide, "Permissions boundaries for IAM entities".
  if (source.Effect === "Deny") return !bounded && isSpared(source.NotPrincipal, caller) ? undefined : "self";
  return principalMatch(source.NotPrincipal, caller) === undefined ? "everyone" : undefined;
}

function resourceFits(pattern: ResourcePattern, { resource, context }: Asked): boolean {
  if (typeof pattern === "function") return pattern(resource);
  const filled = resolve(pattern.template, context);
  return filled !== undefined && resourceMatcher(filled, pattern.completing)(asText(resource));
}

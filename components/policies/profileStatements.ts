/** Statements that several profiles are made of. */
import type { Statement } from "./document";
import { groupsInScope, type Scoped } from "./groupScope";
import type { ProfileFacts } from "./profiles";

type GroupFacts = Pick<ProfileFacts, "partition" | "region" | "groupAccount" | "scope" | "groups">;

/** ARN pattern of all feature groups of the account and region. */
export function anyGroup({ partition, region, groupAccount }: GroupFacts): string {
  return `arn:${partition}:sagemaker:${region}:${groupAccount}:feature-group/*`;
}

/** Actions on the groups of the scope; none if it has none. */
export function onGroups(facts: GroupFacts, Sid: string, Action: readonly string[]): Statement[] {
  return scoped(Sid, Action, groupsInScope(facts.scope, anyGroup(facts), facts.groups));
}

/** A statement of that scope. */
export function scoped(
  Sid: string,
  Action: string | readonly string[],
  scope: Scoped | undefined,
  more: NonNullable<Statement["Condition"]> = {},
): Statement[] {
  if (!scope) return [];
  const { Resource, Condition = {} } = scope;
  const operators = new Set([...Object.keys(Condition), ...Object.keys(more)]);
  const merged = Object.fromEntries(
    [...operators].map((operator) => [operator, { ...Condition[operator], ...more[operator] }]),
  );
  return [{ Sid, Effect: "Allow", Action, Resource, ...(operators.size > 0 ? { Condition: merged } : {}) }];
}

/** The key through one service only. */
export function viaService(
  Sid: string,
  Action: readonly string[],
  Resource: string,
  service: string,
): Statement {
  return {
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    Condition: { StringEquals: { "kms:ViaService": service } },
  };
}

/** Statements that several profiles use. */
import { allow, type Conditions, type Statement } from "./document";
import { groupsInScope, knownParts, type Scoped } from "./groupScope";
import { tableArns } from "./offlineObjects";
import type { ProfileFacts } from "./profileFacts";

type GroupFacts = Pick<ProfileFacts, "partition" | "region" | "groupAccount" | "scope" | "groups">;

/** ARN pattern of all feature groups of the account and region. */
export function anyGroup({ partition, region, groupAccount }: GroupFacts): string {
  return `arn:${partition}:sagemaker:${region}:${groupAccount}:feature-group/*`;
}

/** Actions on the groups of the scope; none if it has no groups. */
export function onGroups(facts: GroupFacts, Sid: string, Action: readonly string[]): Statement[] {
  return scoped(Sid, Action, groupsInScope(facts.scope, anyGroup(facts), facts.groups));
}

/** A statement of that scope. */
export function scoped(
  Sid: string,
  Action: string | readonly string[],
  scope: Scoped | undefined,
  more: Conditions = {},
): Statement[] {
  if (!scope) return [];
  const { Resource, Condition = {} } = scope;
  const operators = new Set([...Object.keys(Condition), ...Object.keys(more)]);
  const merged = Object.fromEntries(
    [...operators].map((operator) => [operator, { ...Condition[operator], ...more[operator] }]),
  );
  return [allow(Sid, Action, Resource, operators.size > 0 ? merged : undefined)];
}

/** `arn:PARTITION:glue:REGION:ACCOUNT`, of the feature groups' Data Catalog. */
export function glueOf({ partition, region, groupAccount }: GroupFacts): string {
  return `arn:${partition}:glue:${region}:${groupAccount}`;
}

/** A statement for the tables of each part of the scope, under the part's condition; none for parts without tables. */
export function onTables(facts: GroupFacts, sid: string, actions: readonly string[]): Statement[] {
  const parts = knownParts(facts.scope, facts.groups);
  return parts.flatMap(({ groups, condition }, index): Statement[] => {
    const tables = groups.flatMap(({ table }) => (table ? [table] : []));
    if (tables.length === 0) return [];
    return [allow(numbered(sid, parts, index), actions, tableArns(glueOf(facts), tables), condition)];
  });
}

/** The Sid, with the part's number if there are several. */
export function numbered(sid: string, parts: readonly unknown[], index: number): string {
  return parts.length === 1 ? sid : `${sid}${index + 1}`;
}

/**
 * The feature groups that a permission is for: by their ARNs, or by their tags (attribute-based access control).
 *
 * SageMaker decides by a group's tags (`aws:ResourceTag`) at each request, so permissions on online records and on groups follow a
 * change of tags at once. S3, Glue and Athena do not see a group's tags; there a scope by tags covers the groups that have the tags
 * in the settings when the stage is updated. Sources: Service Authorization Reference, "Amazon SageMaker AI" (resource type
 * feature-group: aws:ResourceTag, sagemaker:ResourceTag), "Amazon S3", "AWS Glue"; IAM User Guide, "ABAC for AWS".
 */
import type { Conditions, Statement } from "./document";

/** Key -> value. */
export type Tags = Readonly<Record<string, string>>;

export type GroupScope =
  | { readonly kind: "names"; readonly names: readonly string[] }
  /** Groups that have all of these tags. */
  | { readonly kind: "tags"; readonly tags: Tags }
  /** Groups whose tags of these keys have the same values as the principal's. */
  | { readonly kind: "principalTags"; readonly keys: readonly string[] };

export interface ScopedGroup {
  readonly name: string;
  readonly arn: string;
  readonly tags: Tags;
}

export type Scoped = Required<Pick<Statement, "Resource">> & Pick<Statement, "Condition">;

/**
 * Resource and condition for a statement of SageMaker's actions on existing groups.
 * @param anyGroup ARN pattern of all groups of the account and region
 * @param groups those of the settings; by name, others are left out
 * @returns undefined if the scope is empty
 */
export function groupsInScope(
  scope: GroupScope,
  anyGroup: string,
  groups: readonly ScopedGroup[],
): Scoped | undefined {
  if (scope.kind === "names") {
    const arns = groups.filter(({ name }) => scope.names.includes(name)).map(({ arn }) => arn);
    return arns.length === 0 ? undefined : { Resource: arns };
  }
  return { Resource: anyGroup, Condition: { StringEquals: tagsOfScope(scope, "aws:ResourceTag") } };
}

/** The same for groups that the request creates: the request carries their tags. */
export function newGroupsInScope(
  scope: GroupScope,
  anyGroup: string,
  groups: readonly ScopedGroup[],
): Scoped | undefined {
  if (scope.kind === "names") return groupsInScope(scope, anyGroup, groups);
  return { Resource: anyGroup, Condition: { StringEquals: tagsOfScope(scope, "aws:RequestTag") } };
}

function tagsOfScope(
  scope: Exclude<GroupScope, { kind: "names" }>,
  key: "aws:ResourceTag" | "aws:RequestTag",
): Conditions[string] {
  // A principal without the tag matches nothing: the variable then has no value and no default.
  const tags =
    scope.kind === "tags"
      ? Object.entries(scope.tags)
      : scope.keys.map((name) => [name, `\${aws:PrincipalTag/${name}}`] as const);
  return Object.fromEntries(tags.map(([name, value]) => [`${key}/${name}`, value]));
}

/** A scope's groups according to the settings, and the condition on the principal for them. */
export interface KnownPart<T> {
  readonly groups: readonly T[];
  readonly condition?: Conditions;
}

/**
 * The scope for services that do not see groups' tags: the groups that it covers today. By the principal's tags, one
 * part for each combination of values that the groups have.
 */
export function knownParts<T extends ScopedGroup>(scope: GroupScope, groups: readonly T[]): KnownPart<T>[] {
  if (scope.kind !== "principalTags") {
    const known = groups.filter((group) =>
      scope.kind === "names" ? scope.names.includes(group.name) : carries(group.tags, scope.tags),
    );
    return known.length === 0 ? [] : [{ groups: known }];
  }
  const parts = new Map<string, { groups: T[]; tags: Tags }>();
  for (const group of groups) {
    const values = scope.keys.map((key) => tagValue(group.tags, key));
    if (values.includes(undefined)) continue;
    const id = JSON.stringify(values);
    const part = parts.get(id);
    if (part) part.groups.push(group);
    else {
      const tags = Object.fromEntries(scope.keys.map((key, index) => [key, values[index] ?? ""]));
      parts.set(id, { groups: [group], tags });
    }
  }
  return [...parts.values()].map(({ groups: known, tags }) => ({
    groups: known,
    condition: {
      StringEquals: Object.fromEntries(
        Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
      ),
    },
  }));
}

/** The tag keys that decide whether a group is in the scope. */
export function decidingKeys(scope: GroupScope): readonly string[] {
  if (scope.kind === "names") return [];
  return scope.kind === "tags" ? Object.keys(scope.tags) : scope.keys;
}

/** True if the tags include all wanted ones, as `aws:ResourceTag` compares them: keys without regard to case, values with. */
export function carries(tags: Tags, wanted: Tags): boolean {
  return Object.entries(wanted).every(([key, value]) => tagValue(tags, key) === value);
}

function tagValue(tags: Tags, key: string): string | undefined {
  return Object.entries(tags).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

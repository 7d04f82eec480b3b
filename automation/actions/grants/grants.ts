/**
 * Finds Feature Store's grants among those on the stores' keys, the feature group of each, and whether the group uses it. Pure.
 * AWS documents that Feature Store makes a grant for each feature group with a key of its own ("Security and access control",
 * https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html), but not how the grant names the group: the
 * code looks for the group's ARN in the grant's encryption context, and for its name in the grant's name.
 */

/** A grant as KMS lists it. */
export interface ListedGrant {
  readonly id: string;
  /** ARN of the key. */
  readonly key: string;
  readonly name?: string;
  readonly grantee: string;
  readonly retiring?: string;
  readonly created?: Date;
  readonly operations: readonly string[];
  /** The encryption context of its constraint, equal or subset. */
  readonly encryptionContext: Readonly<Record<string, string>>;
}

/** A feature group as SageMaker describes it. */
export interface DescribedGroup {
  readonly name: string;
  readonly arn: string;
  /** `Created`, `Deleting`, ... */
  readonly status: string;
  readonly created?: Date;
  readonly online: boolean;
  /** ARN of the online store's key; absent for AWS's own key. */
  readonly onlineKey?: string;
}

/**
 * `inUse`: the group's online store is encrypted under the key; `orphan`: it is not, or there is no such group; `unknown`:
 * Feature Store's, but it names no group, so that it counts as in use; `foreign`: not Feature Store's.
 */
export type GrantState = "inUse" | "orphan" | "unknown" | "foreign";

export interface JudgedGrant extends ListedGrant {
  readonly state: GrantState;
  /** The feature group that it names, if any. */
  readonly group?: string;
  /** Why it is an orphan, in words. */
  readonly because?: string;
}

export interface GroupGrants {
  readonly name: string;
  readonly onlineKey?: string;
  /**
   * `granted`; `missing`: its online store has a key but no grant, so that nobody can read or write it; `none`: it needs
   * no grant; `absent`: the group does not exist.
   */
  readonly state: "granted" | "missing" | "none" | "absent";
  /** IDs. */
  readonly grants: readonly string[];
}

const GROUP_ARN = /^arn:[^:]+:sagemaker:[^:]+:\d{12}:feature-group\/([a-zA-Z0-9_-]+)$/;
const GROUP_NAME = /feature-(?:group|store)[:/]([a-zA-Z0-9](?:[_-]*[a-zA-Z0-9])*)/;
/** Milliseconds by which a grant's creation time may differ from its group's. */
const TOLERANCE = 5 * 60_000;

/** Name of the feature group that a grant is for, in lower case as ARNs have it; undefined if it names none. */
export function groupOf({ encryptionContext, name = "" }: ListedGrant): string | undefined {
  const byContext = Object.values(encryptionContext)
    .map((value) => GROUP_ARN.exec(value)?.[1])
    .find((found) => found !== undefined);
  return (byContext ?? GROUP_NAME.exec(name)?.[1])?.toLowerCase();
}

/** Each grant with its state, judged by the feature groups in AWS. */
export function judged(grants: readonly ListedGrant[], groups: readonly DescribedGroup[]): JudgedGrant[] {
  const byName = new Map(groups.map((group) => [group.name.toLowerCase(), group]));
  return grants.map((grant): JudgedGrant => {
    const named = groupOf(grant);
    if (named === undefined) return { ...grant, state: isFeatureStores(grant) ? "unknown" : "foreign" };
    const group = byName.get(named);
    const because = orphaned(grant, group, grants);
    const name = group?.name ?? named;
    return because === undefined
      ? { ...grant, group: name, state: "inUse" }
      : { ...grant, group: name, state: "orphan", because };
  });
}

function isFeatureStores({ grantee, retiring = "" }: ListedGrant): boolean {
  return [grantee, retiring].some((principal) => /sagemaker/i.test(principal));
}

function orphaned(
  grant: ListedGrant,
  group: DescribedGroup | undefined,
  all: readonly ListedGrant[],
): string | undefined {
  if (!group) return "there is no such feature group";
  if (group.onlineKey === undefined)
    return group.online ? "its online store is encrypted under AWS's own key" : "it has no online store";
  if (!isSameKey(grant.key, group.onlineKey)) return `its online store is encrypted under ${group.onlineKey}`;
  if (!isOlder(grant, group)) return undefined;
  const newer = all.some(
    (other) => other.key === grant.key && groupOf(other) === groupOf(grant) && !isOlder(other, group),
  );
  return newer ? "it was made for a deleted group of the same name" : undefined;
}

/** AWS describes a group's key as it was given: by ARN or by ID. */
function isSameKey(arn: string, given: string): boolean {
  return arn === given || arn.endsWith(`/${given}`);
}

function isOlder({ created }: ListedGrant, group: DescribedGroup): boolean {
  if (!created || !group.created) return false;
  return created.getTime() + TOLERANCE < group.created.getTime();
}

/** The groups of the settings, each with its grants. @param names of the settings */
export function groupGrants(
  names: readonly string[],
  groups: readonly DescribedGroup[],
  grants: readonly JudgedGrant[],
): GroupGrants[] {
  return names.map((name): GroupGrants => {
    const group = groups.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (!group) return { name, state: "absent", grants: [] };
    const own = grants.filter((grant) => grant.group === group.name && grant.state === "inUse");
    const { onlineKey } = group;
    if (onlineKey === undefined) return { name, state: "none", grants: [] };
    return {
      name,
      onlineKey,
      state: own.length > 0 ? "granted" : "missing",
      grants: own.map(({ id }) => id),
    };
  });
}

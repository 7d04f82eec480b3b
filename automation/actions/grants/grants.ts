/**
 * Finds Feature Store's grants among those on the stores' keys, the feature group of each, and if that uses it. Pure. AWS
 * documents that Feature Store makes a grant for each feature group with a key of its own ("Security and access control",
 * https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html), and not how the grant names the group: the
 * group's ARN is looked for in the grant's encryption context, and its name in the grant's.
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
  /** Of its constraint, equal or subset. */
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
  /** ARN of the online store's key; left out: AWS's own. */
  readonly onlineKey?: string;
}

/**
 * `inUse`: the group's online store is encrypted under the key; `orphan`: it is not, or there is no such group; `unknown`:
 * Feature Store's, for nobody knows whom, which counts as in use; `foreign`: not Feature Store's.
 */
export type GrantState = "inUse" | "orphan" | "unknown" | "foreign";

export interface JudgedGrant extends ListedGrant {
  readonly state: GrantState;
  /** Name of the feature group that it is for, if it names one. */
  readonly group?: string;
  /** Why it is an orphan, in words. */
  readonly because?: string;
}

export interface GroupGrants {
  readonly name: string;
  readonly onlineKey?: string;
  /**
   * `granted`; `missing`: its online store has a key and no grant, so that nobody reads or writes it; `none`: it needs
   * none; `absent`: it does not exist.
   */
  readonly state: "granted" | "missing" | "none" | "absent";
  /** IDs. */
  readonly grants: readonly string[];
}

const GROUP_ARN = /^arn:[^:]+:sagemaker:[^:]+:\d{12}:feature-group\/([a-zA-Z0-9_-]+)$/;
const GROUP_NAME = /feature-(?:group|store)[:/]([a-zA-Z0-9](?:[_-]*[a-zA-Z0-9])*)/;
/** A grant is made shortly before or after its group says that it was. */
const TOLERANCE = 5 * 60_000;

/** Name of the feature group that a grant is for, in lower case as ARNs have it; undefined if it names none. */
export function groupOf({ encryptionContext, name = "" }: ListedGrant): string | undefined {
  const byContext = Object.values(encryptionContext)
    .map((value) => GROUP_ARN.exec(value)?.[1])
    .find((found) => found !== undefined);
  return (byContext ?? GROUP_NAME.exec(name)?.[1])?.toLowerCase();
}

/** Each grant judged by the groups that there are. */
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
  return newer ? "it was made for a group of that name that is gone" : undefined;
}

/** A group is described with its key as it was given: by ARN, or by ID. */
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

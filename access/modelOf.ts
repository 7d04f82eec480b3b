/** Turns described resources into the access model: finds the documents of each role, bucket and key. */
import { managedDocument, type PolicyDocument } from "@feature-store-access/iam";
import type {
  AccessModel,
  DescribedResource,
  ModelDocument,
  ModelResource,
  ModelRole,
  ResourceKind,
  Unmodelled,
} from "./model";
import { groupedBy } from "./lists";
import { unmodelledIn } from "./unmodelled";

/**
 * @param described in any order; resources that do not affect access are left out
 * @param existingRoles ARNs of existing roles: an attachment names its role without the path
 */
export function modelOf(
  described: readonly DescribedResource[],
  existingRoles: readonly string[] = [],
): AccessModel {
  const unmodelled: Unmodelled[] = [];
  const reader = new Reader(described, existingRoles, unmodelled);
  const roles = reader.roles();
  const resources = [...reader.resources(), ...roles.map(asResource)];
  return { roles, resources, unmodelled: [...unmodelled, ...unmodelledIn(described)] };
}

const KINDS: Readonly<Record<string, ResourceKind>> = {
  "aws:s3/bucket:Bucket": "bucket",
  "aws:kms/key:Key": "key",
  "aws:sagemaker/featureGroup:FeatureGroup": "featureGroup",
  "aws:athena/workgroup:Workgroup": "workgroup",
  "aws:sns/topic:Topic": "topic",
  "aws:sqs/queue:Queue": "queue",
};

class Reader {
  private readonly byType: ReadonlyMap<string, readonly DescribedResource[]>;
  private readonly managed: ReadonlyMap<string, ModelDocument>;

  constructor(
    described: readonly DescribedResource[],
    private readonly existingRoles: readonly string[],
    private readonly unmodelled: Unmodelled[],
  ) {
    this.byType = groupedBy(described, ({ type }) => type);
    this.managed = new Map(
      this.of("aws:iam/policy:Policy").flatMap((each) => {
        const document = this.document(each, "policy", "managed", `managed policy ${labelOf(each)}`);
        return document ? [[text(each, "arn"), document] as const] : [];
      }),
    );
  }

  roles(): ModelRole[] {
    const attached = [...this.inline(), ...this.attached()];
    const identity = groupedBy(attached, ({ account, role }) => `${account}/${role}`);
    const made = this.of("aws:iam/role:Role").map((each): ModelRole => {
      const name = text(each, "name");
      const trust = this.document(each, "assumeRolePolicy", "trust", `trust policy of ${labelOf(each)}`);
      const boundaryArn = text(each, "permissionsBoundary");
      const boundary = boundaryArn === "" ? undefined : this.managedPolicy(boundaryArn, each, "boundary");
      const documents = identity.get(`${each.account}/${name}`) ?? [];
      identity.delete(`${each.account}/${name}`);
      return {
        arn: text(each, "arn"),
        name,
        label: labelOf(each),
        stage: each.stage,
        account: each.account,
        made: true,
        uniqueId: text(each, "uniqueId"),
        identity: documents.map(({ document }) => document),
        tags: tagsOf(each),
        ...(trust ? { trust } : {}),
        ...(boundary ? { boundary } : {}),
      };
    });
    // Policies attached to a role that no stage makes: an existing role.
    const existing = [...identity.values()].map((documents): ModelRole => {
      const [{ partition, account, role }] = documents as [Attached];
      const head = `arn:${partition}:iam::${account}:role/`;
      const known = this.existingRoles.find((each) => each.startsWith(head) && each.endsWith(`/${role}`));
      const arn = known ?? `${head}${role}`;
      const own = documents.map(({ document }) => document);
      return { arn, name: role, label: arn, stage: "", account, made: false, identity: own, tags: {} };
    });
    return [...made, ...existing];
  }

  resources(): ModelResource[] {
    const policies = new Map([
      ...this.policiesOf("aws:s3/bucketPolicy:BucketPolicy", "bucket", "bucket"),
      ...this.policiesOf("aws:sns/topicPolicy:TopicPolicy", "arn", "topic"),
      ...this.policiesOf("aws:sqs/queuePolicy:QueuePolicy", "queueUrl", "queue"),
    ]);
    return Object.entries(KINDS).flatMap(([type, kind]) =>
      this.of(type).map((each): ModelResource => {
        const inline = kind === "key" || kind === "topic" || kind === "queue" ? kind : undefined;
        const carried = policies.get(`${kind}/${keyOf(each, kind)}`);
        const own =
          inline && text(each, "policy") !== ""
            ? this.document(each, "policy", inline, `${inline} policy of ${labelOf(each)}`)
            : undefined;
        const policy = carried ?? own ?? (kind === "key" ? defaultKeyPolicy(each) : undefined);
        return {
          kind,
          arn: text(each, "arn"),
          label: labelOf(each),
          stage: each.stage,
          account: each.account,
          region: each.region,
          tags: tagsOf(each),
          properties: each.outputs,
          ...(policy ? { policy } : {}),
          ...(each.code === undefined ? {} : { code: each.code }),
        };
      }),
    );
  }

  /** Policies that are separate resources, by the resource that they belong to. */
  private policiesOf(
    type: string,
    key: string,
    kind: "bucket" | "topic" | "queue",
  ): [string, ModelDocument][] {
    return this.of(type).flatMap((each) => {
      const document = this.document(each, "policy", kind, `${kind} policy ${labelOf(each)}`);
      return document ? [[`${kind}/${text(each, key)}`, document] as const] : [];
    });
  }

  private inline(): Attached[] {
    return this.of("aws:iam/rolePolicy:RolePolicy").flatMap((each) => {
      const document = this.document(each, "policy", "identity", `identity policy ${labelOf(each)}`);
      return document ? [{ ...each, role: roleName(text(each, "role")), document }] : [];
    });
  }

  private attached(): Attached[] {
    return this.of("aws:iam/rolePolicyAttachment:RolePolicyAttachment").flatMap((each) => {
      const document = this.managedPolicy(text(each, "policyArn"), each, "managed");
      return document ? [{ ...each, role: roleName(text(each, "role")), document }] : [];
    });
  }

  private managedPolicy(
    arn: string,
    { code, ...by }: DescribedResource,
    kind: "managed" | "boundary",
  ): ModelDocument | undefined {
    const own = this.managed.get(arn);
    if (own) return { ...own, kind };
    const document = managedDocument(arn);
    if (document)
      return { kind, document, name: `managed policy ${arn.slice(arn.lastIndexOf("/") + 1)}`, resource: arn };
    const problem = `attaches ${arn}, whose text is not known here: nothing it permits can be proven`;
    this.unmodelled.push({ resource: labelOf(by), problem, ...(code === undefined ? {} : { code }) });
    return undefined;
  }

  private document(
    each: DescribedResource,
    property: string,
    kind: ModelDocument["kind"],
    name: string,
  ): ModelDocument | undefined {
    const source = each.outputs[property];
    const at = { resource: labelOf(each), ...(each.code === undefined ? {} : { code: each.code }) };
    try {
      const document = (typeof source === "string" ? JSON.parse(source) : source) as
        PolicyDocument | undefined;
      if (typeof document === "object" && (document as unknown) !== null)
        return { kind, document, name, ...at };
    } catch {
      // Reported below, like a missing document.
    }
    this.unmodelled.push({ ...at, problem: `${name} is not a JSON policy document` });
    return undefined;
  }

  private of(type: string): readonly DescribedResource[] {
    return this.byType.get(type) ?? [];
  }
}

type Attached = DescribedResource & { readonly role: string; readonly document: ModelDocument };

function asResource(role: ModelRole): ModelResource {
  const { arn, label, stage, account, trust, tags } = role;
  return {
    kind: "role",
    arn,
    label,
    stage,
    account,
    region: "",
    tags,
    properties: {},
    ...(trust ? { policy: trust } : {}),
  };
}

/**
 * The policy that AWS gives a key that is created without one. Source: AWS KMS Developer Guide, "Default key policy",
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
function defaultKeyPolicy(each: DescribedResource): ModelDocument {
  const Principal = { AWS: `arn:${each.partition}:iam::${each.account}:root` };
  const Statement = { Effect: "Allow", Principal, Action: "kms:*", Resource: "*" } as const;
  return {
    kind: "key",
    document: { Version: "2012-10-17", Statement: [Statement] },
    name: `default key policy of ${labelOf(each)}`,
    resource: labelOf(each),
    ...(each.code === undefined ? {} : { code: each.code }),
  };
}

export function labelOf({ stage, name }: Pick<DescribedResource, "stage" | "name">): string {
  return `${stage}.${name}`;
}

/** The property by which a separate policy resource names the resource. */
function keyOf(each: DescribedResource, kind: ResourceKind): string {
  if (kind === "bucket") return text(each, "bucket");
  return kind === "queue" ? text(each, "url") : text(each, "arn");
}

/** A role's name, even if a path or an ARN is given. */
function roleName(role: string): string {
  return role.slice(role.lastIndexOf("/") + 1);
}

function text({ outputs }: DescribedResource, key: string): string {
  const value = outputs[key];
  return typeof value === "string" ? value : "";
}

function tagsOf({ outputs }: DescribedResource): Record<string, string> {
  return { ...(outputs["tagsAll"] as object | undefined), ...(outputs["tags"] as object | undefined) };
}

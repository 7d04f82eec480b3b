/**
 * Resources that give access in a way that the model does not read. Each is reported as something about which nothing
 * can be proven; resources that do not affect access are left out.
 */
import type { DescribedResource, Unmodelled } from "./model";

/** Type tokens of @pulumi/aws, each with what such a resource does. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^aws:iam\/policyAttachment:/, "attaches a policy exclusively, and detaches it from everyone else"],
  [/^aws:iam\/(user|group)(Policy|PolicyAttachment):/, "gives a user or a group a policy"],
  [/^aws:iam\/role(Policies|PolicyAttachments)Exclusive:/, "takes policies from a role"],
  [/^aws:kms\/keyPolicy:/, "replaces the policy of a key"],
  [/^aws:kms\/grant:/, "permits the use of a key beside its policy"],
  [/^aws:kms\/(replicaKey|externalKey|replicaExternalKey):/, "is a key with a policy of its own"],
  [/^aws:s3\/(bucketAcl|bucketAclV2):/, "gives access by an access control list"],
  [/^aws:(s3|s3control)\/[a-zA-Z]*[aA]ccess(Point|Grant)[a-zA-Z]*:/, "is another way into a bucket"],
  [/^aws:glue\/resourcePolicy:/, "opens the Data Catalog to other accounts"],
  [/^aws:lakeformation\/(permissions|optIn):/, "gives access through Lake Formation"],
  [/^aws:ram\//, "shares resources with other accounts"],
  [
    /^aws:(secretsmanager\/secretPolicy|lambda\/permission|sagemaker\/modelPackageGroupPolicy):/,
    "gives access",
  ],
];

/**
 * By type token: inputs that hold a policy or stand for one, where the model reads separate resources. Providers'
 * outputs of the same names are ignored: they repeat the separate resources as of the last refresh.
 */
export const POLICY_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  "aws:iam/role:Role": ["inlinePolicies", "managedPolicyArns"],
  "aws:s3/bucket:Bucket": ["policy", "acl", "grants"],
};

export function unmodelledIn(described: readonly DescribedResource[]): Unmodelled[] {
  return described.flatMap((each) => {
    const { stage, name, type, outputs, code } = each;
    const at = { resource: `${stage}.${name}`, ...(code === undefined ? {} : { code }) };
    const does = TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? "";
    const kept = (POLICY_PROPERTIES[type] ?? []).filter((key) => isGiven(outputs[key]));
    return [
      ...(does === "" ? [] : [{ ...at, problem: `(${type}) ${does}` }]),
      ...kept.map((key) => ({ ...at, problem: `has ${key} of its own` })),
    ].map(({ problem, ...rest }) => ({ ...rest, problem: `${problem}: nothing it permits can be proven` }));
  });
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== "" && value !== "private";
}

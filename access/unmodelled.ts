/**
 * What grants access in a way that the model does not read: it is told as something that nothing can be proven about,
 * and never passed over in silence. What has no say in who may do what is left out here.
 */
import type { DescribedResource, ModelFault } from "./model";

/** By type: what such a resource does. Those of Pulumi's spelling for resources of @pulumi/aws. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^aws:iam\/policyAttachment:/, "attaches a policy for itself alone, and takes it from everyone else"],
  [/^aws:iam\/(user|group)(Policy|PolicyAttachment):/, "gives a user or a group a policy"],
  [/^aws:iam\/role(Policies|PolicyAttachments)Exclusive:/, "takes policies from a role"],
  [/^aws:kms\/keyPolicy:/, "replaces the policy of a key"],
  [/^aws:kms\/grant:/, "grants the use of a key beside its policy"],
  [/^aws:kms\/(replicaKey|externalKey|replicaExternalKey):/, "is a key with a policy of its own"],
  [/^aws:s3\/(bucketAcl|bucketAclV2):/, "gives access by an access control list"],
  [/^aws:(s3|s3control)\/[a-zA-Z]*[aA]ccess(Point|Grant)[a-zA-Z]*:/, "is another way into a bucket"],
  [/^aws:glue\/resourcePolicy:/, "opens the Data Catalog to other accounts"],
  [/^aws:lakeformation\/(permissions|optIn):/, "has Lake Formation grant access"],
  [/^aws:ram\//, "shares resources with other accounts"],
  [
    /^aws:(secretsmanager\/secretPolicy|lambda\/permission|sagemaker\/modelPackageGroupPolicy):/,
    "grants access",
  ],
];

/**
 * Inputs that hold policies, or stand for one, where resources of their own are read. What providers answer under the same
 * names is left out: it repeats what the resources say, as of the last time somebody looked.
 */
export const POLICY_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  "aws:iam/role:Role": ["inlinePolicies", "managedPolicyArns"],
  "aws:s3/bucket:Bucket": ["policy", "acl", "grants"],
};

export function ungraspable(described: readonly DescribedResource[]): ModelFault[] {
  return described.flatMap((each) => {
    const { stage, name, type, outputs, code } = each;
    const at = { resource: `${stage}.${name}`, ...(code === undefined ? {} : { code }) };
    const does = TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? "";
    const kept = (POLICY_PROPERTIES[type] ?? []).filter((key) => isGiven(outputs[key]));
    return [
      ...(does === "" ? [] : [{ ...at, problem: `(${type}) ${does}` }]),
      ...kept.map((key) => ({ ...at, problem: `has ${key} of its own` })),
    ].map(({ problem, ...rest }) => ({ ...rest, problem: `${problem}: nothing it grants can be proven` }));
  });
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== "" && value !== "private";
}

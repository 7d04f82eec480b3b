/** No AWS managed policy that allows a whole service is attached. */
import { listOf } from "./documents";
import type { Rule } from "./rule";

const AWS_MANAGED = /^arn:[^:]+:iam::aws:policy\/(?:.*\/)?([^/]+)$/;
const BROAD = /FullAccess|^AdministratorAccess|^PowerUserAccess/;
/** The policies that AWS attaches in "Using STS assumed roles to enable cross account access for SageMaker Feature Store". */
const DOCUMENTED = ["AmazonS3FullAccess", "AmazonAthenaFullAccess", "AmazonSageMakerFullAccess"];

/** By type token: the input with ARNs of managed policies. */
const ARNS: Readonly<Record<string, string>> = {
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
  "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
  "aws:iam/role:Role": "managedPolicyArns",
};

export const noBroadManagedPolicy: Rule = {
  name: "no-broad-managed-policy",
  configuredBy: ["policyMode"],
  description: "No AWS managed policy that allows a whole service is attached.",
  advice:
    "Allow what is needed in a policy of your own. policyMode: documented allows the three policies that AWS's document attaches.",
  check({ type, inputs }, { policyMode }) {
    const input = ARNS[type];
    return listOf(input === undefined ? undefined : inputs[input]).flatMap((arn) => {
      const name = typeof arn === "string" ? AWS_MANAGED.exec(arn)?.[1] : undefined;
      if (name === undefined || !BROAD.test(name)) return [];
      if (policyMode === "documented" && DOCUMENTED.includes(name)) return [];
      return [`${input} attaches ${name}`];
    });
  },
};

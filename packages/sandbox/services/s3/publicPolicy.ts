/** Decides whether a bucket policy is public. Source: Amazon S3 User Guide, "The meaning of public". */
import type { PolicyDocument, PolicyStatement } from "@feature-store-access/iam";

/** Condition keys that make a statement for everyone non-public, if their values are fixed. */
const NARROWING = new Set(
  [
    "aws:SourceArn",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:SourceOwner",
    "aws:SourceAccount",
    "aws:SourceIp",
    "aws:userid",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "s3:DataAccessPointArn",
    "s3:DataAccessPointAccount",
  ].map((key) => key.toLowerCase()),
);
const POSITIVE =
  /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/i;

export function isPublicPolicy(policy: PolicyDocument): boolean {
  return statementsOf(policy).some(
    (statement) => statement.Effect === "Allow" && isForEveryone(statement) && !isNarrowed(statement),
  );
}

export function statementsOf(policy: PolicyDocument): readonly PolicyStatement[] {
  return Array.isArray(policy.Statement)
    ? (policy.Statement as readonly PolicyStatement[])
    : [policy.Statement as PolicyStatement];
}

function isForEveryone({ Principal, NotPrincipal }: PolicyStatement): boolean {
  if (NotPrincipal !== undefined) return true;
  if (Principal === undefined) return false;
  if (typeof Principal === "string") return Principal === "*";
  const aws = Principal["AWS"];
  return aws === "*" || (Array.isArray(aws) && aws.includes("*"));
}

function isNarrowed({ Condition = {} }: PolicyStatement): boolean {
  return Object.entries(Condition).some(
    ([operator, keys]) =>
      POSITIVE.test(operator) &&
      Object.entries(keys).some(([key, value]) => {
        const values = (Array.isArray(value) ? value : [value]) as readonly (string | number | boolean)[];
        return NARROWING.has(key.toLowerCase()) && values.every((each) => isFixed(key, String(each)));
      }),
  );
}

function isFixed(key: string, value: string): boolean {
  if (key.toLowerCase() === "aws:sourceip") return !/\/[0-7]$/.test(value);
  return !/[*?]|\$\{/.test(value);
}

/** Resources as programs declare them: for each rule one that breaks it and one that keeps it, for both ways to judge. */
import type { DeclaredResource, RuleContext } from "../../policy-pack/rules";

export const A = "111111111111";
export const B = "222222222222";
export const STRANGER = "999999999999";
export const ROLE = `arn:aws:iam::${A}:role/writer`;
export const BUCKET = "arn:aws:s3:::store-sagemaker";

export const CONTEXT: RuleContext = {
  allowedAccountIds: [A, B],
  policyMode: "leastPrivilege",
  protectData: true,
};

/** A resource as a case has it: what is left out is as it should be. */
export interface Declared {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
}

export interface Case {
  readonly rule: string;
  readonly title: string;
  readonly resource: Declared;
  readonly context?: Partial<RuleContext>;
  /** What the rule says; left out: nothing. */
  readonly says?: string;
}

export function declaredResource(
  { type, inputs, protect = true, retainOnDelete = true }: Declared,
  name = "it",
): DeclaredResource {
  const urn = `urn:pulumi:dev::p::${type}::${name}`;
  return { urn, type, name, inputs, protect, retainOnDelete, account: A };
}

export const TLS = {
  Sid: "DenyInsecureTransport",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [BUCKET, `${BUCKET}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
export const ROOT = {
  Sid: "Enable IAM User Permissions",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${A}:root` },
  Action: "kms:*",
  Resource: "*",
};

export const document = (...Statement: object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });

export const allow = (Principal: unknown, more: object = {}): object => ({
  Sid: "Access",
  Effect: "Allow",
  Principal,
  Action: "s3:GetObject",
  Resource: `${BUCKET}/*`,
  ...more,
});

export const bucketPolicy = (...statements: object[]): Declared => ({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  inputs: { bucket: "store-sagemaker", policy: document(...statements) },
});
export const key = (inputs: object = {}, more: Partial<Declared> = {}): Declared => ({
  type: "aws:kms/key:Key",
  inputs: { enableKeyRotation: true, policy: document(ROOT), ...inputs },
  ...more,
});
export const trust = (Principal: unknown): Declared => ({
  type: "aws:iam/role:Role",
  inputs: { assumeRolePolicy: document({ Effect: "Allow", Principal, Action: "sts:AssumeRole" }) },
});
export const rolePolicy = (...statements: object[]): Declared => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  inputs: { role: "r", policy: document(...statements) },
});
export const attachment = (name: string): Declared => ({
  type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  inputs: { role: "r", policyArn: `arn:aws:iam::aws:policy/${name}` },
});
export const bucket = (inputs: object = {}, more: Partial<Declared> = {}): Declared => ({
  type: "aws:s3/bucket:Bucket",
  inputs: { bucket: "store-sagemaker", ...inputs },
  ...more,
});
/** A part of a bucket's configuration, by the class of @pulumi/aws. */
export const part = (name: string, inputs: object): Declared => ({
  type: `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`,
  inputs: { bucket: "store-sagemaker", ...inputs },
});
export const ownership = (objectOwnership = "BucketOwnerEnforced"): Declared =>
  part("BucketOwnershipControls", { rule: { objectOwnership } });
export const block = (more: object = {}): Declared =>
  part("BucketPublicAccessBlock", {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
    ...more,
  });
export const encryption = (byDefault: object): Declared =>
  part("BucketServerSideEncryptionConfiguration", {
    rules: [{ applyServerSideEncryptionByDefault: byDefault }],
  });

/** The policy documents in a resource's inputs, and the parts of their statements. */
import { UNKNOWN, type DeclaredResource } from "./rule";

export type DocumentKind = "bucket" | "key" | "trust" | "identity" | "resource";

export interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

export interface PolicyDocument {
  readonly kind: DocumentKind;
  /** Its place in the inputs: `policy`, `inlinePolicies[0].policy`. */
  readonly path: string;
  /** Undefined if the document is not a policy; AWS then refuses it. */
  readonly statements: readonly Statement[] | undefined;
}

/** By type token: the inputs that hold a document, and its kind. Source: schemas of @pulumi/aws. */
const DOCUMENTS: Readonly<Record<string, readonly (readonly [string, DocumentKind])[]>> = {
  "aws:s3/bucketPolicy:BucketPolicy": [["policy", "bucket"]],
  "aws:s3/bucket:Bucket": [["policy", "bucket"]],
  "aws:s3/bucketV2:BucketV2": [["policy", "bucket"]],
  "aws:kms/key:Key": [["policy", "key"]],
  "aws:kms/keyPolicy:KeyPolicy": [["policy", "key"]],
  "aws:kms/externalKey:ExternalKey": [["policy", "key"]],
  "aws:kms/replicaKey:ReplicaKey": [["policy", "key"]],
  "aws:iam/role:Role": [["assumeRolePolicy", "trust"]],
  "aws:iam/policy:Policy": [["policy", "identity"]],
  "aws:iam/rolePolicy:RolePolicy": [["policy", "identity"]],
  "aws:iam/userPolicy:UserPolicy": [["policy", "identity"]],
  "aws:iam/groupPolicy:GroupPolicy": [["policy", "identity"]],
  "aws:sns/topic:Topic": [["policy", "resource"]],
  "aws:sns/topicPolicy:TopicPolicy": [["policy", "resource"]],
  "aws:sqs/queue:Queue": [["policy", "resource"]],
  "aws:sqs/queuePolicy:QueuePolicy": [["policy", "resource"]],
  "aws:glue/resourcePolicy:ResourcePolicy": [["policy", "resource"]],
};

/** The documents that are known. */
export function documentsOf({ type, inputs }: DeclaredResource): PolicyDocument[] {
  const own = (DOCUMENTS[type] ?? []).map(([path, kind]) => ({ path, kind, value: inputs[path] }));
  const inline = type === "aws:iam/role:Role" ? listOf(inputs["inlinePolicies"]) : [];
  const inlined = inline.map((each, at) => ({
    path: `inlinePolicies[${at}].policy`,
    kind: "identity" as const,
    value: isRecord(each) ? each["policy"] : undefined,
  }));
  return [...own, ...inlined]
    .filter(({ value }) => value !== undefined && value !== UNKNOWN)
    .map(({ path, kind, value }) => ({ path, kind, statements: statementsOf(value) }));
}

function statementsOf(value: unknown): Statement[] | undefined {
  const document = typeof value === "string" ? parsed(value) : value;
  if (!isRecord(document)) return undefined;
  return listOf(document["Statement"]).filter(isRecord);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Statements that allow something, each with its document. */
export function allowing(resource: DeclaredResource): { document: PolicyDocument; statement: Statement }[] {
  return documentsOf(resource).flatMap((document) =>
    (document.statements ?? [])
      .filter(({ Effect }) => Effect === "Allow")
      .map((statement) => ({ document, statement })),
  );
}

/** The name of a statement in messages: `policy, statement "Sid"`. */
export function placeOf({ path }: PolicyDocument, { Sid }: Statement): string {
  return Sid === undefined ? `${path}, a statement without Sid` : `${path}, statement "${Sid}"`;
}

/** The strings of a statement's element. IAM accepts a single value in place of a list of one. */
export function stringsOf(value: unknown): string[] {
  return listOf(value).filter((each) => typeof each === "string");
}

/** The principals with their types: `AWS`, `Service`, `Federated`, `CanonicalUser`. `"*"` alone is an AWS principal. */
export function principalsOf({ Principal }: Statement): readonly (readonly [string, string])[] {
  if (typeof Principal === "string") return [["AWS", Principal]];
  if (!isRecord(Principal)) return [];
  return Object.entries(Principal).flatMap(([type, names]) =>
    stringsOf(names).map((name) => [type, name] as const),
  );
}

export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === UNKNOWN) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

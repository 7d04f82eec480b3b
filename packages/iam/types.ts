/**
 * A question to policy evaluation, the policies that decide it, and the answer.
 * Source: "IAM JSON policy element reference", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */

/** One string or several, as IAM writes most elements of a statement. */
export type OneOrMany = string | readonly string[];

/**
 * `"*"`, or principals by kind: `{ AWS | Service | Federated | CanonicalUser: one or many }`.
 * Source: "AWS JSON policy elements: Principal", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type PrincipalElement = "*" | Readonly<Record<string, OneOrMany>>;

/**
 * Operator -> condition key -> value or values, as parsed from JSON (numbers and booleans occur there too).
 * Source: "IAM JSON policy elements: Condition", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export type ConditionElement = Readonly<
  Record<string, Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>>
>;

/** One statement of a policy document, as parsed JSON. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Condition?: ConditionElement;
}

/** A policy document as parsed JSON. `Statement` may be a single statement. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: PolicyStatement | readonly PolicyStatement[];
}

/**
 * The condition context: key -> value or values. Keys are compared without regard to case.
 * Source: "AWS global condition context keys", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** A request to AWS, with everything that policies can decide by. */
export interface AccessRequest {
  /**
   * ARN of a role, of an assumed-role session, of a user or of a federated user's session; an account root
   * (`arn:aws:iam::ID:root`, or its 12 digits); for the STS actions that take their tokens an OIDC or SAML provider (ARN,
   * or `accounts.google.com` and the like); a service principal (`sagemaker.amazonaws.com`); or `anonymous`.
   */
  readonly principal: string;
  /** `service:Operation`, such as `s3:GetObject`. */
  readonly action: string;
  /** ARN of the resource, or `*` where the action has none. */
  readonly resource: string;
  /** 12 digits: the account that owns the resource. An S3 ARN does not tell it. */
  readonly resourceAccount: string;
  /** Values of condition keys. `evaluate` adds those that follow from the other fields, such as `aws:PrincipalArn`. */
  readonly context?: RequestContext;
}

/** A KMS grant, as far as it decides access. Source: "Grants in AWS KMS", https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
export interface KmsGrant {
  readonly grantId?: string;
  readonly keyArn: string;
  /** ARN of a role, session or user, or a service principal. */
  readonly granteePrincipal: string;
  /** KMS grant operations: `Decrypt`, `GenerateDataKey`, ... (without `kms:`). */
  readonly operations: readonly string[];
  readonly encryptionContextEquals?: Readonly<Record<string, string>>;
  readonly encryptionContextSubset?: Readonly<Record<string, string>>;
}

/** A grant as KMS lists it. Source: "GrantListEntry", https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html */
export interface ListedGrant {
  readonly GrantId?: string;
  /** The key's ARN or ID. */
  readonly KeyId: string;
  readonly GranteePrincipal: string;
  readonly Operations: readonly string[];
  readonly Constraints?: {
    readonly EncryptionContextEquals?: Readonly<Record<string, string>>;
    readonly EncryptionContextSubset?: Readonly<Record<string, string>>;
  };
}

/**
 * All policies that decide a request.
 * Source: "Policy evaluation logic", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export interface AccessPolicies {
  /** Identity-based policies of the principal: its own, its groups' and the managed ones attached to it. */
  readonly identity: readonly PolicyDocument[];
  /** The resource's policy: of a role its trust policy, of a KMS key its key policy. */
  readonly resource?: PolicyDocument;
  /** Absent or empty: no boundary is attached. A boundary that allows nothing is a document without an Allow. */
  readonly permissionsBoundary?: readonly PolicyDocument[];
  /** Session policies of an assumed-role session: their union limits the session. Absent or empty: none. */
  readonly session?: readonly PolicyDocument[];
  /** Service control policies by level (root, organizational units, account): each level must allow. */
  readonly serviceControl?: readonly (readonly PolicyDocument[])[];
  /** Resource control policies by level, of the resource's account. */
  readonly resourceControl?: readonly (readonly PolicyDocument[])[];
  readonly vpcEndpoint?: readonly PolicyDocument[];
  /** KMS grants. Grants of other keys than the requested one are ignored. */
  readonly grants?: readonly (KmsGrant | ListedGrant)[];
}

export type Decision = "Allowed" | "ImplicitlyDenied" | "ExplicitlyDenied";

/** The place of a document among `AccessPolicies`. */
export interface DocumentPlace {
  readonly kind:
    | "identity"
    | "resource"
    | "permissionsBoundary"
    | "session"
    | "serviceControl"
    | "resourceControl"
    | "vpcEndpoint"
    | "grant";
  /** Index in its list (0 for `resource`); for control policies `level` is the outer index. */
  readonly index: number;
  readonly level?: number;
}

/** A statement that decided, and its document. A grant has no statement: `grant` is set instead. */
export interface DecidingStatement {
  readonly document: DocumentPlace;
  /** Index of the statement in its document. */
  readonly index: number;
  readonly statement?: PolicyStatement;
  readonly grant?: KmsGrant | ListedGrant;
}

export interface Evaluation {
  readonly result: Decision;
  /** For Allowed the statements that allow, for ExplicitlyDenied those that deny, for ImplicitlyDenied the allows found, if any. */
  readonly statements: readonly DecidingStatement[];
  /**
   * For ImplicitlyDenied: the kinds of policy that would have to allow and do not. AWS's error message says the same in
   * words ("because no identity-based policy allows the kms:Decrypt action").
   */
  readonly missing: readonly DocumentPlace["kind"][];
}

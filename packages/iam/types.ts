/**
 * The words of policy evaluation: what is asked, the policies it is asked of, and what comes back.
 * Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements reference".
 */

/** One or several strings, as IAM writes most elements of a statement. */
export type OneOrMany = string | readonly string[];

/** `"*"`, or principals by kind: `{ AWS | Service | Federated | CanonicalUser: one or many }`. */
export type PrincipalElement = "*" | Readonly<Record<string, OneOrMany>>;

/** Operator -> condition key -> value or values, as parsed from JSON (numbers and booleans occur there too). */
export type ConditionElement = Readonly<
  Record<string, Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>>
>;

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

/** A policy document as parsed JSON. `Statement` may be a single statement, as in seed 001. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: PolicyStatement | readonly PolicyStatement[];
}

/** The condition context: key -> value or values; the keys are compared without regard to case. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

export interface AccessRequest {
  /**
   * ARN of a role, of an assumed-role session, of a user or of a federated user's session; an account root
   * (`arn:aws:iam::ID:root`, or its 12 digits); an OIDC or SAML provider (ARN, or `accounts.google.com` and the like), for
   * the STS actions that it vouches for; a service principal (`sagemaker.amazonaws.com`); or `anonymous`.
   */
  readonly principal: string;
  /** `service:Operation`, such as `s3:GetObject`. */
  readonly action: string;
  /** ARN of the resource, or `*` where the action has none. */
  readonly resource: string;
  /** 12 digits: the account that owns the resource (an S3 ARN does not say). */
  readonly resourceAccount: string;
  readonly context?: RequestContext;
}

/** A KMS grant, as far as it decides access. Source: KMS Developer Guide, "Grants in AWS KMS". */
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

/** A grant as KMS lists it. Source: KMS API Reference, GrantListEntry. */
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

/** Everything that may decide a request. For a role's trust policy and a key's policy, `resource` is that document. */
export interface AccessPolicies {
  readonly identity: readonly PolicyDocument[];
  readonly resource?: PolicyDocument;
  /** Absent or empty: none is attached. One that allows nothing is a document without a statement that allows. */
  readonly permissionsBoundary?: readonly PolicyDocument[];
  /** Session policies of an assumed-role session: their union limits the session. Absent or empty: none. */
  readonly session?: readonly PolicyDocument[];
  /** Service control policies by level (root, organizational units, account): each level must allow. */
  readonly serviceControl?: readonly (readonly PolicyDocument[])[];
  readonly resourceControl?: readonly (readonly PolicyDocument[])[];
  readonly vpcEndpoint?: readonly PolicyDocument[];
  readonly grants?: readonly (KmsGrant | ListedGrant)[];
}

export type Decision = "Allowed" | "ImplicitlyDenied" | "ExplicitlyDenied";

/** Where a document stands among `AccessPolicies`, and which of its kind it is. */
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

/** A statement that decided, and the document it stands in. A grant has no statement: `grant` is set then. */
export interface DecidingStatement {
  readonly document: DocumentPlace;
  /** Index of the statement in its document. */
  readonly index: number;
  readonly statement?: PolicyStatement;
  readonly grant?: KmsGrant | ListedGrant;
}

export interface Evaluation {
  readonly result: Decision;
  /** For Allowed: the statements that allow; for ExplicitlyDenied: those that deny; for ImplicitlyDenied: the allows that were found, if any. */
  readonly statements: readonly DecidingStatement[];
  /**
   * For ImplicitlyDenied: the kinds of policy whose allow is missing, in AWS's words for its error message
   * ("because no identity-based policy allows the kms:Decrypt action").
   */
  readonly missing: readonly DocumentPlace["kind"][];
}

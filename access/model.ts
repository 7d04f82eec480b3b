/**
 * The access model: the principals, resources and policies of an account graph, as planned or as deployed. It knows the
 * shapes of resources, but not who describes them.
 */
import type { PolicyDocument } from "@feature-store-access/iam";

/** A resource as a program registers it, or as a deployed stack has it. */
export interface DescribedResource {
  /** Stage that makes it. */
  readonly stage: string;
  /** Pulumi's type token: `aws:iam/role:Role`. */
  readonly type: string;
  /** Logical name in the stage. */
  readonly name: string;
  readonly id: string;
  /** 12 digits: the account that it is made in. */
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** Properties in Pulumi's spelling; documents as JSON text. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** File and line that make it, if known. */
  readonly code?: string;
}

/** A policy document, and where it is attached. */
export interface ModelDocument {
  readonly kind: "trust" | "identity" | "managed" | "boundary" | "bucket" | "key" | "topic" | "queue";
  readonly document: PolicyDocument;
  /** In words: "key policy of writer.writer-key". */
  readonly name: string;
  /** The resource that carries it, `STAGE.NAME`; of a policy that AWS manages, its ARN. */
  readonly resource: string;
  /** File and line that make the resource, if known. */
  readonly code?: string;
}

export interface ModelRole {
  readonly arn: string;
  /** Without path. */
  readonly name: string;
  /** `STAGE.NAME`; of an existing role, its ARN. */
  readonly label: string;
  /** The stage that makes it; empty for an existing role. */
  readonly stage: string;
  readonly account: string;
  /** False for an existing role: what else its account allows it is not known. */
  readonly made: boolean;
  readonly uniqueId?: string;
  readonly trust?: ModelDocument;
  readonly identity: readonly ModelDocument[];
  readonly boundary?: ModelDocument;
  readonly tags: Readonly<Record<string, string>>;
}

export type ResourceKind =
  "bucket" | "key" | "role" | "featureGroup" | "workgroup" | "topic" | "queue" | "table";

export interface ModelResource {
  readonly kind: ResourceKind;
  readonly arn: string;
  /** `STAGE.NAME`. */
  readonly label: string;
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  /** Its own policy: a role's is its trust policy. */
  readonly policy?: ModelDocument;
  readonly tags: Readonly<Record<string, string>>;
  /** All properties of its type, in Pulumi's spelling. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly code?: string;
}

export interface AccessModel {
  readonly roles: readonly ModelRole[];
  readonly resources: readonly ModelResource[];
  /** A document that is not JSON, a managed policy of unknown text, a resource that gives access in another way. */
  readonly unmodelled: readonly Unmodelled[];
}

/** A resource that nothing can be proven about. */
export interface Unmodelled {
  /** `STAGE.NAME`. */
  readonly resource: string;
  readonly problem: string;
  readonly code?: string;
}

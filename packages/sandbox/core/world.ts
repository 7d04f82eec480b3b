/** The world that services live in: its state, its principals, its clock, and the one function that decides every access. */
import type { PolicyDocument } from "@feature-store-access/iam";
import type { AccessCheck, Call, Caller } from "./call";
import type { Services } from "./ports";

/** Principals that exist, and policies' references to them (AWS keeps unique IDs in place of ARNs, and rejects principals that do not exist). */
export interface Principals {
  /**
   * Replaces ARNs of roles and users under `Principal`/`NotPrincipal` by unique IDs, as AWS stores them.
   * Throws `AwsError(code, "Invalid principal in policy...", 400)` for one that does not exist.
   */
  keep(
    document: PolicyDocument,
    code: "MalformedPolicy" | "MalformedPolicyDocument" | "MalformedPolicyDocumentException",
  ): PolicyDocument;
  /** The document as AWS shows it: unique IDs of existing principals as ARNs again, those of deleted ones unchanged. */
  show(document: PolicyDocument): PolicyDocument;
  /** A session of a role, as a service that assumes it gets it (without a trust check). Undefined if there is no such role. */
  roleCaller(roleArn: string, sessionName: string): Caller | undefined;
}

/** A keyed set of JSON values that survives a restart. Values are plain data; call `touch` after changing one in place. */
export interface Collection<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): boolean;
  has(key: string): boolean;
  values(): IterableIterator<T>;
  entries(): IterableIterator<[string, T]>;
  touch(): void;
}

export interface Store {
  /** The collection of that name (`iam.roles`, `s3.buckets`), made on first use. */
  collection<T>(name: string): Collection<T>;
  /** Bytes too large for a collection (object bodies); written atomically; ids are the services' own (letters, digits, `-`). */
  putBlob(id: string, bytes: Buffer): Promise<void>;
  getBlob(id: string): Promise<Buffer>;
  deleteBlob(id: string): Promise<void>;
  /** Resolves once all changes so far are on disk. The server awaits it before it answers. */
  commit(): Promise<void>;
}

/** The world that every service gets. Services reach each other only through `services`, as AWS's do: with a caller, who is authorized. */
export interface World {
  readonly store: Store;
  readonly principals: Principals;
  readonly services: Services;
  /** @throws `AwsError(check.code ?? "AccessDenied", "User: ... is not authorized to perform: ...", 403)` unless allowed */
  authorize(call: Call, check: AccessCheck): void;
  /** Like `authorize`, but returns the decision. */
  allowed(call: Call, check: AccessCheck): boolean;
  now(): Date;
  /** Runs later, outside any request (a feature group's creation, a delayed write), and ends with the server. `store.commit()` follows. */
  later(milliseconds: number, task: () => Promise<void> | void): void;
  /** True if the account is one of the sandbox's. */
  accountExists(id: string): boolean;
}

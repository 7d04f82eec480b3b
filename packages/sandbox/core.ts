/**
 * What the sandbox's services are written against: the call they serve, the world they live in, and their errors.
 * Types and small helpers only; the server, the wire protocols and the services implement them.
 */
import type { TableInput } from "./services/glue/tables";
import type { KmsGrant, PolicyDocument, RequestContext } from "@feature-store-access/iam";

/** Who calls. `kind: "service"` is an AWS service acting by itself (its principal in `arn`). */
export interface Caller {
  readonly kind: "user" | "role" | "root" | "service" | "anonymous";
  /** As `GetCallerIdentity` prints it: for a role session `arn:aws:sts::ID:assumed-role/ROLE/SESSION`. */
  readonly arn: string;
  /** `aws:PrincipalArn`: ARN of the user or role. */
  readonly principalArn: string;
  /** 12 digits; empty for services and anonymous. */
  readonly account: string;
  /** `AIDA...`, or `AROA...:SESSION`: `aws:userid`. */
  readonly userId: string;
  readonly sessionPolicies?: readonly PolicyDocument[];
  readonly accessKeyId?: string;
}

/** One authenticated request, or one step that a service takes for it. */
export interface Call {
  readonly caller: Caller;
  readonly region: string;
  readonly requestId: string;
  /** Condition keys of the request itself: `aws:SourceIp`, `aws:SecureTransport`, `aws:RequestedRegion`, `kms:ViaService`... */
  readonly context: RequestContext;
}

/** An HTTP request after its signature was checked. `path` is still percent-encoded, without the query. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The decoded payload (aws-chunked framing removed, trailers checked). */
  readonly body: Buffer;
}

export interface WireResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** What a query protocol's result says, as a tree: CloudTrail records it, and the body is XML. */
  readonly elements?: unknown;
  /** True: the connection ends without an answer. */
  readonly dropped?: true;
}

/** An error that the client sees: AWS's code, message and HTTP status; `fields` are further members of the error shape. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** One check of `World.authorize`. */
export interface AccessCheck {
  /** `service:Operation`. */
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  /** Condition keys of this action, such as `s3:x-amz-acl` or `kms:EncryptionContext:KEY`. */
  readonly context?: RequestContext;
  /** The bucket, key or trust policy of the resource, as kept (unique IDs in place of ARNs: see `Principals`). */
  readonly resourcePolicy?: PolicyDocument;
  readonly grants?: readonly KmsGrant[];
  /** The service's own error code for a denial: `AccessDenied` (S3, STS, IAM), `AccessDeniedException` (JSON services). */
  readonly code?: string;
}

/** Principals that exist, and policies' references to them (FACTS: AWS keeps unique IDs, and rejects what does not exist). */
export interface Principals {
  /**
   * Replaces ARNs of roles and users under `Principal`/`NotPrincipal` by unique IDs, as AWS keeps them.
   * Throws `AwsError(code, "Invalid principal in policy...", 400)` for one that does not exist.
   */
  keep(
    document: PolicyDocument,
    code: "MalformedPolicy" | "MalformedPolicyDocument" | "MalformedPolicyDocumentException",
  ): PolicyDocument;
  /** The document as AWS shows it: unique IDs of living principals as ARNs again, those of deleted ones as they are. */
  show(document: PolicyDocument): PolicyDocument;
  /** A session of a role, as a service that assumes it has it (no trust check here). Undefined if there is no such role. */
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

/** What every service is given. Services reach each other only through `services`, as AWS's do: with a caller, authorized. */
export interface World {
  readonly store: Store;
  readonly principals: Principals;
  readonly services: Services;
  /** Throws `AwsError(check.code ?? "AccessDenied", "User: ... is not authorized to perform: ...", 403)` unless allowed. */
  authorize(call: Call, check: AccessCheck): void;
  /** As `authorize`, as a question. */
  allowed(call: Call, check: AccessCheck): boolean;
  now(): Date;
  /** Runs later, outside any request (a feature group's creation, a delayed write); ended with the server. `store.commit()` follows. */
  later(milliseconds: number, task: () => Promise<void> | void): void;
  /** True if the account is one of the sandbox's. */
  accountExists(id: string): boolean;
}

/** A service as the server sees it: handles an authenticated request, and declares which condition it is routed by. */
export interface Service {
  /** Every request must call `world.authorize` at least once; the server refuses to answer 2xx otherwise, unless `open` names the operation. */
  handle(call: Call, request: WireRequest): Promise<WireResponse>;
  /** True for an operation that AWS lets every authenticated caller use (GetCallerIdentity): it needs no `world.authorize`. */
  open?(request: WireRequest): boolean;
  /** Called once after the state was loaded: resume what was under way (a feature group in Creating). */
  resume?(): void;
  /** Called once when the sandbox ends: end what would take long, and leave it so that the next start finds it ended. */
  end?(): void | Promise<void>;
}

/** The calls that services make of each other. Each authorizes the caller that it is given, as the API does. */
export interface Services {
  readonly kms: KmsInternal;
  readonly s3: S3Internal;
  readonly glue: GlueInternal;
  readonly cloudtrail: CloudTrailInternal;
}

/** A request that was answered, as CloudTrail sees it. */
export interface AnsweredRequest {
  /** The service that answered (`kms`, `featurestore`). */
  readonly route: string;
  readonly call: Call;
  readonly request: WireRequest;
  readonly response?: WireResponse;
  readonly error?: AwsError;
  /** What was asked of the policies for it. */
  readonly checks: readonly AccessCheck[];
}

export interface CloudTrailInternal {
  /** Records the request in the account of its caller, and in that of the resource where AWS does. Never throws. */
  record(answered: AnsweredRequest): void;
}

export interface KmsInternal {
  /** `GenerateDataKey` AES-256: checks kms:GenerateDataKey. `keyId`: key ARN, key ID, alias name or alias ARN. */
  generateDataKey(
    call: Call,
    keyId: string,
    encryptionContext: Record<string, string>,
  ): { keyArn: string; plaintext: Buffer; ciphertext: Buffer };
  /** Checks kms:Decrypt. */
  decrypt(
    call: Call,
    ciphertext: Buffer,
    encryptionContext: Record<string, string>,
  ): { keyArn: string; plaintext: Buffer };
  /** Checks kms:DescribeKey. */
  describeKey(
    call: Call,
    keyId: string,
  ): { arn: string; account: string; enabled: boolean; state: string; keySpec: string; keyUsage: string };
  /** Checks kms:CreateGrant and returns the grant's ID. */
  createGrant(
    call: Call,
    keyId: string,
    grant: Omit<KmsGrant, "keyArn" | "grantId"> & { readonly retiringPrincipal?: string },
    name?: string,
  ): string;
  retireGrant(call: Call, keyArn: string, grantId: string): void;
  /** The key's policy as it is kept. */
  policyOf(keyArn: string): PolicyDocument | undefined;
  /** True if the call may do `action` (`kms:Decrypt`) on the key now. */
  allows(call: Call, keyId: string, action: string, encryptionContext?: Record<string, string>): boolean;
}

export interface PutObjectInput {
  bucket: string;
  key: string;
  body: Buffer;
  contentType?: string;
  acl?: string;
  sse?: { algorithm: "AES256" | "aws:kms"; keyId?: string; bucketKey?: boolean };
  metadata?: Record<string, string>;
}

export interface S3Internal {
  /** As PutObject: s3:PutObject (and s3:PutObjectAcl with an ACL), kms:GenerateDataKey via S3 where encrypted by a key. */
  putObject(call: Call, input: PutObjectInput): Promise<{ etag: string }>;
  /** As GetObject: s3:GetObject, and kms:Decrypt via S3 where encrypted by a key. */
  getObject(call: Call, bucket: string, key: string): Promise<Buffer>;
  /** As ListObjectsV2: s3:ListBucket. */
  listObjects(
    call: Call,
    bucket: string,
    prefix: string,
  ): { key: string; size: number; lastModified: string }[];
  /** As GetBucketAcl: s3:GetBucketAcl. Throws NoSuchBucket. */
  checkBucketAcl(call: Call, bucket: string): void;
  /** As GetBucketLocation: s3:GetBucketLocation. The bucket's region. Throws NoSuchBucket. */
  bucketLocation(call: Call, bucket: string): string;
  /** Region and owner of a bucket, or undefined: no permission asked (the services' own knowledge). */
  bucketInfo(bucket: string): { region: string; owner: string } | undefined;
}

export interface OfflineTable {
  readonly account: string;
  readonly database: string;
  readonly name: string;
  readonly location: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly parameters?: Readonly<Record<string, string>>;
  }[];
  /** Of an Iceberg table: where its metadata is, and where it was before. */
  readonly iceberg?: { readonly metadataLocation: string; readonly previous?: string };
}

/** A table as who queries it needs it. */
export interface CatalogTable {
  readonly database: string;
  readonly name: string;
  /** `s3://bucket/prefix` */
  readonly location: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Of an Iceberg table: `s3://...metadata.json`, which tells what is in it. */
  readonly metadataLocation?: string;
}

export interface GlueInternal {
  /** As GetDatabase and GetTable: glue:GetDatabase, glue:GetTable. Undefined if there is no such table. */
  getTable(call: Call, database: string, name: string): CatalogTable | undefined;
  /** As GetDatabase, GetDatabases, GetTable or GetTables, in the form of the API. */
  read(call: Call, operation: string, input: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** Whether there is such a table, for who would make it: glue:GetDatabase, glue:GetTable where it is. Throws for an absent database. */
  hasTable(call: Call, database: string, name: string): boolean;
  /** As CreateTable: glue:CreateTable. */
  createTable(call: Call, database: string, input: TableInput): void;
  /** As DeleteTable: glue:DeleteTable. */
  deleteTable(call: Call, database: string, name: string): void;
  /** The offline store's database and table, made with the caller's glue:CreateDatabase / glue:CreateTable as Feature Store does. */
  createOfflineTable(call: Call, table: OfflineTable): void;
  /** The table's columns after features were added, with the caller's glue:GetTable / glue:UpdateTable. */
  updateOfflineTable(call: Call, table: OfflineTable): void;
  /** As GetTable: glue:GetTable. Where an Iceberg table's metadata is. Throws for a table that is none. */
  metadataLocation(call: Call, table: Pick<OfflineTable, "account" | "database" | "name">): string;
}

/** A call like `call`, made by another caller (a service acting as a role). */
export function callAs(call: Call, caller: Caller): Call {
  return { ...call, caller };
}

/** A call like `call` that a service forwards to KMS: `kms:ViaService` is `SERVICE.REGION.amazonaws.com`. */
export function callVia(call: Call, service: string): Call {
  return {
    ...call,
    context: {
      ...call.context,
      "kms:ViaService": `${service}.${call.region}.amazonaws.com`,
      "aws:ViaAWSService": "true",
    },
  };
}

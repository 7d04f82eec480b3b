/** The calls that services make to each other, as AWS's do: each has a caller, whom the called service authorizes as its API does. */
import type { KmsGrant, PolicyDocument, RequestContext } from "@feature-store-access/iam";
import type { AnsweredRequest, Call } from "./call";
import type { GluePort, LakeFormationPort, Place } from "./catalog";
import type { FeatureStorePort, SagemakerPort } from "./featureGroups";

/** The calls that services make to each other. Each authorizes the caller that it is given, as the API does. */
export interface Services {
  readonly kms: KmsPort;
  readonly s3: S3Port;
  readonly glue: GluePort;
  readonly lakeformation: LakeFormationPort;
  readonly sagemaker: SagemakerPort;
  readonly featurestore: FeatureStorePort;
  readonly cloudtrail: CloudTrailPort;
  readonly events: EventsPort;
  readonly sns: SnsPort;
  readonly sqs: SqsPort;
  readonly monitoring: MonitoringPort;
}

export interface CloudTrailPort {
  /** Records the request in its caller's account, and in the resource's account if AWS does. Never throws. */
  record(answered: AnsweredRequest): void;
}

export interface KmsPort {
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
  /** The key's policy as stored. */
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

export interface S3Port {
  /** As PutObject: s3:PutObject (and s3:PutObjectAcl with an ACL), kms:GenerateDataKey via S3 if encrypted under a key. */
  putObject(call: Call, input: PutObjectInput): Promise<{ etag: string }>;
  /** As GetObject: s3:GetObject, and kms:Decrypt via S3 if encrypted under a key. */
  getObject(call: Call, bucket: string, key: string): Promise<Buffer>;
  /** As ListObjectsV2: s3:ListBucket. */
  listObjects(
    call: Call,
    bucket: string,
    prefix: string,
  ): { key: string; size: number; lastModified: string }[];
  /** True if the call may do `action` (`s3:PutObject`) on the bucket, or on the object of that key. @throws AwsError NoSuchBucket */
  allows(call: Call, action: string, bucket: string, key?: string, context?: RequestContext): boolean;
  /** Checks the permissions of PutObject without writing. */
  checkPutObject(call: Call, input: Omit<PutObjectInput, "body">): void;
  /** As GetBucketAcl: s3:GetBucketAcl. @throws AwsError NoSuchBucket */
  checkBucketAcl(call: Call, bucket: string): void;
  /** As GetBucketLocation: s3:GetBucketLocation. The bucket's region. @throws AwsError NoSuchBucket */
  bucketLocation(call: Call, bucket: string): string;
  /** Region and owner of a bucket, or undefined. No access check: services know this by themselves. */
  bucketInfo(bucket: string): { region: string; owner: string } | undefined;
}

/** An event that a trail logs. */
export interface LoggedEvent {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /** `kms.amazonaws.com` */
  readonly source: string;
  readonly name: string;
  /** True for a data event. */
  readonly data: boolean;
  /** CloudTrail's record, as JSON. */
  readonly record: string;
}

export interface EventsPort {
  /** Sends the event to the targets of the rules that match it, in its account and region. */
  receive(event: LoggedEvent): void;
}

/** A message to the subscribers of a topic. */
export interface Publication {
  readonly message: string;
  readonly subject?: string;
  /** Attributes by name, as deliveries show them. */
  readonly attributes?: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
}

export interface SnsPort {
  /** As Publish: sns:Publish, and the topic's key. @returns the message's ID */
  publish(call: Call, topicArn: string, publication: Publication): string;
}

export interface SqsPort {
  /** As SendMessage: sqs:SendMessage, and the queue's key. */
  sendMessage(call: Call, queueArn: string, body: string): void;
}

export interface MonitoringPort {
  /** Adds a value to a metric of AWS's own namespaces, without an access check: services do this for themselves. */
  putMetric(
    place: Place,
    namespace: string,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
  ): void;
}

/**
 * AWS SDK clients by the provider's configuration: region, and credentials by the chain of assumed roles. The SDK itself reads
 * the endpoint from the environment: nothing here knows of a sandbox.
 */
import type { AthenaClient } from "@aws-sdk/client-athena";
import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { ProviderConfig } from "./config";
import { credentialsOf } from "./credentials";

export interface Clients {
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
  /** Milliseconds that an operation may take (`customTimeouts`). */
  readonly patience?: number;
  iam(): Promise<IAMClient>;
  s3(): Promise<S3Client>;
  kms(): Promise<KMSClient>;
  sagemaker(): Promise<SageMakerClient>;
  athena(): Promise<AthenaClient>;
  cloudtrail(): Promise<CloudTrailClient>;
  events(): Promise<EventBridgeClient>;
  cloudwatch(): Promise<CloudWatchClient>;
  sns(): Promise<SNSClient>;
  sqs(): Promise<SQSClient>;
  identity(): Promise<{ account: string; arn: string; userId: string }>;
  /** The clients of another region. */
  inRegion(region: string): Clients;
}

export function makeClients(config: ProviderConfig): Clients {
  const credentials = credentialsOf(config);
  const { profile, maxRetries, defaultTags } = config;
  const regions = new Map<string, Clients>();
  const inRegion = (region: string): Clients => {
    const known = regions.get(region);
    if (known) return known;
    const common = {
      region,
      maxAttempts: (maxRetries ?? 4) + 1,
      ...(credentials ? { credentials } : profile ? { profile } : {}),
    };
    // Loaded on first use: each run of the engine pays the provider's start.
    const made: Clients = {
      region,
      defaultTags,
      inRegion,
      iam: once(async () => new (await import("@aws-sdk/client-iam")).IAMClient(common)),
      kms: once(async () => new (await import("@aws-sdk/client-kms")).KMSClient(common)),
      sagemaker: once(async () => new (await import("@aws-sdk/client-sagemaker")).SageMakerClient(common)),
      athena: once(async () => new (await import("@aws-sdk/client-athena")).AthenaClient(common)),
      cloudtrail: once(async () => new (await import("@aws-sdk/client-cloudtrail")).CloudTrailClient(common)),
      events: once(async () => new (await import("@aws-sdk/client-eventbridge")).EventBridgeClient(common)),
      cloudwatch: once(async () => new (await import("@aws-sdk/client-cloudwatch")).CloudWatchClient(common)),
      sns: once(async () => new (await import("@aws-sdk/client-sns")).SNSClient(common)),
      // A queue's URL names the host that created it, which may have changed since.
      sqs: once(
        async () =>
          new (await import("@aws-sdk/client-sqs")).SQSClient({ ...common, useQueueUrlAsEndpoint: false }),
      ),
      s3: once(
        async () =>
          new (await import("@aws-sdk/client-s3")).S3Client({
            ...common,
            forcePathStyle: hasAddressAsHost(),
          }),
      ),
      identity: once(async () => {
        const client = new STSClient(common);
        const { Account = "", Arn = "", UserId = "" } = await client.send(new GetCallerIdentityCommand({}));
        return { account: Account, arn: Arn, userId: UserId };
      }),
    };
    regions.set(region, made);
    return made;
  };
  return inRegion(config.region);
}

/** True for an IP address, of which buckets cannot be subdomains. */
function hasAddressAsHost(): boolean {
  const endpoint = process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"];
  return (
    endpoint !== undefined &&
    /^https?:\/\/(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]|localhost)(:|\/|$)/i.test(endpoint)
  );
}

/** Calls `make` once for all callers. A failure is not kept. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    if (made) return made;
    const next = make();
    made = next;
    next.catch(() => (made = undefined));
    return next;
  };
}

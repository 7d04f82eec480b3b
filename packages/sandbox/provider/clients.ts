/**
 * AWS SDK clients as the provider's configuration has them: region, and credentials by the chain of assumed roles.
 * The SDK itself finds the endpoint in the environment: nothing here knows of a sandbox.
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
  /** Milliseconds that the program lets an operation take (`customTimeouts`). */
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
  /** The same for another region. */
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
    // Clients are loaded when they are first used: each engine run pays the provider's start.
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
      // The URL of a queue names the host that made it, which after a restart may be another one.
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

/** Buckets cannot be subdomains of an IP address. */
function hasAddressAsHost(): boolean {
  const endpoint = process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"];
  return (
    endpoint !== undefined &&
    /^https?:\/\/(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]|localhost)(:|\/|$)/i.test(endpoint)
  );
}

/** One result for all who ask; a failure is not kept. */
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

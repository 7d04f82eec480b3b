/**
 * AWS SDK clients from the provider's configuration: region, and credentials from the chain of assumed roles. The SDK itself reads the
 * endpoint from the environment, so nothing here knows of a sandbox.
 */
import type { Athena } from "@aws-sdk/client-athena";
import type { CloudTrail } from "@aws-sdk/client-cloudtrail";
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { EventBridge } from "@aws-sdk/client-eventbridge";
import type { IAM } from "@aws-sdk/client-iam";
import type { KMS } from "@aws-sdk/client-kms";
import type { S3 } from "@aws-sdk/client-s3";
import type { SageMaker } from "@aws-sdk/client-sagemaker";
import type { SNS } from "@aws-sdk/client-sns";
import type { SQS } from "@aws-sdk/client-sqs";
import { STS } from "@aws-sdk/client-sts";
import type { ProviderConfig } from "./config";
import { credentialsOf } from "./credentials";

export interface Clients {
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
  /** Milliseconds that an operation may take (`customTimeouts`). */
  readonly patience?: number;
  iam(): Promise<IAM>;
  s3(): Promise<S3>;
  kms(): Promise<KMS>;
  sagemaker(): Promise<SageMaker>;
  athena(): Promise<Athena>;
  cloudtrail(): Promise<CloudTrail>;
  events(): Promise<EventBridge>;
  cloudwatch(): Promise<CloudWatch>;
  sns(): Promise<SNS>;
  sqs(): Promise<SQS>;
  identity(): Promise<{ account: string; arn: string; userId: string }>;
  /** The clients for another region. */
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
    // Loaded on first use, because each run of the engine waits for the provider to start.
    const made: Clients = {
      region,
      defaultTags,
      inRegion,
      iam: once(async () => new (await import("@aws-sdk/client-iam")).IAM(common)),
      kms: once(async () => new (await import("@aws-sdk/client-kms")).KMS(common)),
      sagemaker: once(async () => new (await import("@aws-sdk/client-sagemaker")).SageMaker(common)),
      athena: once(async () => new (await import("@aws-sdk/client-athena")).Athena(common)),
      cloudtrail: once(async () => new (await import("@aws-sdk/client-cloudtrail")).CloudTrail(common)),
      events: once(async () => new (await import("@aws-sdk/client-eventbridge")).EventBridge(common)),
      cloudwatch: once(async () => new (await import("@aws-sdk/client-cloudwatch")).CloudWatch(common)),
      sns: once(async () => new (await import("@aws-sdk/client-sns")).SNS(common)),
      // A queue's URL has the host through which it was created, which may have changed since.
      sqs: once(
        async () =>
          new (await import("@aws-sdk/client-sqs")).SQS({ ...common, useQueueUrlAsEndpoint: false }),
      ),
      s3: once(
        async () =>
          new (await import("@aws-sdk/client-s3")).S3({
            ...common,
            forcePathStyle: hasAddressAsHost(),
          }),
      ),
      identity: once(async () => {
        const client = new STS(common);
        const { Account = "", Arn = "", UserId = "" } = await client.getCallerIdentity({});
        return { account: Account, arn: Arn, userId: UserId };
      }),
    };
    regions.set(region, made);
    return made;
  };
  return inRegion(config.region);
}

/** True for an IP address, which cannot have buckets as subdomains. */
function hasAddressAsHost(): boolean {
  const endpoint = process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"];
  return (
    endpoint !== undefined &&
    /^https?:\/\/(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]|localhost)(:|\/|$)/i.test(endpoint)
  );
}

/** Calls `make` once for all callers. A failure is not cached. */
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

/**
 * AWS SDK clients as the provider's configuration has them: region, and credentials by the chain of assumed roles.
 * The SDK itself finds the endpoint in the environment: nothing here knows of a sandbox.
 */
import type { IAMClient } from "@aws-sdk/client-iam";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { ProviderConfig, RoleToAssume } from "./config";

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

type CredentialSource = (() => Promise<Credentials>) | undefined;

export interface Clients {
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
  iam(): Promise<IAMClient>;
  s3(): Promise<S3Client>;
  kms(): Promise<KMSClient>;
  sagemaker(): Promise<SageMakerClient>;
  /** Account ID of the credentials. */
  account(): Promise<string>;
  identity(): Promise<{ account: string; arn: string; userId: string }>;
}

export function makeClients(config: ProviderConfig): Clients {
  const { region } = config;
  const credentials = config.assumeRoles.reduce<CredentialSource>(
    (source, role) => assuming(role, region, source),
    config.keys,
  );
  const common = { region, maxAttempts: config.maxRetries ?? 5, ...(credentials ? { credentials } : {}) };
  const identity = once(async () => {
    const client = new STSClient(common);
    const { Account = "", Arn = "", UserId = "" } = await client.send(new GetCallerIdentityCommand({}));
    return { account: Account, arn: Arn, userId: UserId };
  });
  // Clients are loaded when they are first used: each engine run pays the provider's start.
  return {
    region,
    defaultTags: config.defaultTags,
    iam: once(async () => new (await import("@aws-sdk/client-iam")).IAMClient(common)),
    kms: once(async () => new (await import("@aws-sdk/client-kms")).KMSClient(common)),
    sagemaker: once(async () => new (await import("@aws-sdk/client-sagemaker")).SageMakerClient(common)),
    s3: once(
      async () =>
        new (await import("@aws-sdk/client-s3")).S3Client({ ...common, forcePathStyle: hasAddressAsHost() }),
    ),
    account: async () => (await identity()).account,
    identity,
  };
}

/** A source of credentials of the role; the SDK keeps them and asks again before they expire. */
function assuming(role: RoleToAssume, region: string, source: CredentialSource): () => Promise<Credentials> {
  return async () => {
    const client = new STSClient({ region, ...(source ? { credentials: source } : {}) });
    const { roleArn, sessionName = "pulumi", externalId, duration, policy, tags } = role;
    const { Credentials: given } = await client
      .send(
        new AssumeRoleCommand({
          RoleArn: roleArn,
          RoleSessionName: sessionName,
          ...(externalId ? { ExternalId: externalId } : {}),
          ...(duration ? { DurationSeconds: duration } : {}),
          ...(policy ? { Policy: policy } : {}),
          ...(tags ? { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } : {}),
        }),
      )
      .catch((error: Error) => {
        throw new Error(
          `Cannot assume IAM Role ${roleArn}: the IAM Role could not be assumed: ${error.name}: ${error.message}`,
        );
      });
    if (!given?.AccessKeyId || !given.SecretAccessKey)
      throw new Error(`Cannot assume IAM Role ${roleArn}: no credentials came back`);
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
      expiration: given.Expiration,
    };
  };
}

/** Buckets cannot be subdomains of an IP address. */
function hasAddressAsHost(): boolean {
  const endpoint = process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"];
  return (
    endpoint !== undefined &&
    /^https?:\/\/(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]|localhost)(:|\/|$)/i.test(endpoint)
  );
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

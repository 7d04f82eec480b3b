/** AWS SDK clients for the identities of a sandbox. */
import { GlueClient } from "@aws-sdk/client-glue";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerFeatureStoreRuntimeClient } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { AssumeRoleCommand, STSClient, type AssumeRoleCommandInput } from "@aws-sdk/client-sts";

/** Keys as the sandbox prints them, or temporary ones. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** SDK clients that sign with these keys; made on first use. */
export function clients(endpoint: string, keys: Keys, region = "eu-central-1") {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  // Retries would hide a wrong answer, and slow down the right refusals.
  const common = {
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    maxAttempts: 1,
  };
  return {
    keys,
    sts: new STSClient(common),
    iam: new IAMClient(common),
    s3: new S3Client({ ...common, forcePathStyle: true }),
    kms: new KMSClient(common),
    sagemaker: new SageMakerClient(common),
    featureStore: new SageMakerFeatureStoreRuntimeClient(common),
    glue: new GlueClient(common),
  };
}

export type Clients = ReturnType<typeof clients>;

/** Temporary keys of a role, assumed with `sts`. */
export async function assume(
  sts: STSClient,
  roleArn: string,
  more: Partial<AssumeRoleCommandInput> = {},
): Promise<Required<Keys>> {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "test", ...more }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
}

/** The error that a promise rejects with, as `{ name, message, status }`. Fails if it resolves. */
export async function refusal(
  promise: Promise<unknown>,
): Promise<{ name: string; message: string; status: number | undefined }> {
  try {
    await promise;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error("the request was expected to be refused, and was not");
}

/** AWS SDK clients for the identities of a sandbox. */
import { AthenaClient } from "@aws-sdk/client-athena";
import { GlueClient } from "@aws-sdk/client-glue";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerFeatureStoreRuntimeClient } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { AssumeRoleCommand, STSClient, type AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import {
  canonicalRequest,
  hmac,
  sha256Hex,
  signingKey,
  stringToSign,
} from "../../packages/sandbox/pipeline/signature/canonical";
import { parseQuery, splitTarget } from "../../packages/sandbox/protocol/encoding";

export { start, type RunningSandbox } from "../../packages/sandbox/start";

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
    athena: new AthenaClient(common),
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

/** A request that no SDK client makes, signed by these keys (SigV4 by header, an unencoded path). */
export async function signedFetch(
  endpoint: string,
  keys: Keys,
  service: string,
  request: RawRequest,
): Promise<{ status: number; text: string }> {
  const { method = "POST", path = "/", body = "" } = request;
  const response = await fetch(endpoint + path, {
    method,
    headers: signedHeaders(endpoint, keys, service, request),
    ...(method === "GET" || method === "HEAD" ? {} : { body }),
  });
  return { status: response.status, text: await response.text() };
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** The headers of such a request, all but `host`, which is the endpoint's. */
export function signedHeaders(
  endpoint: string,
  keys: Keys,
  service: string,
  request: RawRequest,
): Record<string, string> {
  const { method = "POST", path = "/", body = "" } = request;
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const date = time.slice(0, 8);
  const payloadHash = sha256Hex(body);
  const headers: Record<string, string> = {
    ...request.headers,
    "x-amz-date": time,
    "x-amz-content-sha256": payloadHash,
    ...(keys.sessionToken === undefined ? {} : { "x-amz-security-token": keys.sessionToken }),
  };
  const host = endpoint.replace(/^https?:\/\//, "");
  const { path: plain, rawQuery } = splitTarget(path);
  const names = [...Object.keys(headers), "host"].sort();
  const canonical = canonicalRequest({
    method,
    path: plain,
    query: parseQuery(rawQuery),
    headers: { ...headers, host },
    signedHeaders: names,
    payloadHash,
    s3: service === "s3",
  });
  const scope = `${date}/eu-central-1/${service}/aws4_request`;
  const key = signingKey(keys.secretAccessKey, date, "eu-central-1", service);
  const signature = hmac(key, stringToSign(time, scope, canonical)).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { ...headers, authorization };
}

/** The environment variables that point the Pulumi engine, any AWS SDK and the AWS CLI at a sandbox, and at nothing else. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { installProvider } from "@feature-store-access/sandbox";
import { version } from "@pulumi/aws/package.json";
import { cacheDirectory } from "../../automation/engine/versions";
import type { Engine } from "../../automation/engine";
import type { SandboxDescription } from "./runningSandbox";
import { prepareStack } from "./stack";

/** A value to set, or undefined to unset the variable. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Passphrase of the sandbox's stacks. It is not a secret: stacks and passphrase are on this machine only. */
export const PASSPHRASE = "sandbox";

/** Variables of the user's own AWS and Pulumi settings, which must not reach the sandbox's clients. */
const FOREIGN = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_USE_DUALSTACK_ENDPOINT",
  "AWS_CA_BUNDLE",
  "PULUMI_CONFIG_PASSPHRASE_FILE",
  "PULUMI_STACK",
];
/** Endpoints of one service: the SDKs' AWS_ENDPOINT_URL_S3, and the provider's AWS_S3_ENDPOINT and TF_AWS_STS_ENDPOINT. */
const SERVICE_ENDPOINT = /^AWS_ENDPOINT_URL_\w+$|^(TF_)?AWS_\w+_ENDPOINT$/;

/**
 * @param state absolute path of the sandbox's state
 * @param engine folder of the Pulumi CLI, put first on PATH
 * @param outer the environment that this one extends
 */
export function sandboxEnvironment(
  state: string,
  { endpoint, base }: Pick<SandboxDescription, "endpoint" | "base">,
  engine: Pick<Engine, "directory">,
  outer: NodeJS.ProcessEnv = process.env,
): Environment {
  const endpoints = Object.keys(outer).filter((name) => SERVICE_ENDPOINT.test(name));
  const aws = join(state, "aws");
  return {
    ...Object.fromEntries([...FOREIGN, ...endpoints].map((name) => [name, undefined])),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: base.accessKeyId,
    AWS_SECRET_ACCESS_KEY: base.secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_CONFIG_FILE: join(aws, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(aws, "credentials"),
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    ...proxies(endpoint, outer),
    PULUMI_HOME: pulumiHome(state, outer),
    PULUMI_BACKEND_URL: pathToFileURL(backend(state)).href,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // `pulumi up` would check the types of the program and of its imports in each run; `npm run lint` does that.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    PATH: withFirst(engine.directory, outer["PATH"] ?? ""),
  };
}

/** Creates the folders, the provider and the stack `dev` that the environment names, so that `pulumi up --stack dev` works at once.
 * Takes milliseconds if they exist.
 * @throws UserError if the stack cannot be created
 */
export async function prepare(
  state: string,
  engine: Pick<Engine, "command">,
  environment: Environment,
  outer: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  await prepareForDriver(state, outer);
  await prepareStack({
    command: engine.command,
    backend: backend(state),
    home: pulumiHome(state, outer),
    env: over(outer, environment),
  });
}

/** Creates the folders and the provider only: the driver creates its own stacks. */
export async function prepareForDriver(state: string, outer: NodeJS.ProcessEnv = process.env): Promise<void> {
  const aws = join(state, "aws");
  for (const folder of [aws, backend(state), pulumiHome(state, outer)])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const file of ["config", "credentials"])
    if (!existsSync(join(aws, file))) writeFileSync(join(aws, file), "");
  // The user asked for the real provider, which the engine downloads.
  if (usesRealProvider(outer)) return;
  const cache = join(cacheDirectory({ env: outer }), "sandbox-provider");
  await installProvider(pulumiHome(state, outer), { version, cache });
}

/** `outer`, extended by the environment. */
export function over(outer: NodeJS.ProcessEnv, environment: Environment): NodeJS.ProcessEnv {
  const merged: NodeJS.ProcessEnv = { ...outer, ...environment };
  for (const [name, value] of Object.entries(merged)) if (value === undefined) delete merged[name];
  return merged;
}

/** Requests to the sandbox's own address must not go through a proxy, which the AWS CLI would use for the loopback address too.
 * S3 Control's clients, such as the real provider for the tags of buckets, put the account before the host; `222222222222.127.0.0.1`
 * has no address, so the sandbox is the proxy for it. `HTTP_PROXY` is in capitals only, because other programs (curl, gRPC in
 * Node.js) read `http_proxy`.
 */
function proxies(endpoint: string, outer: NodeJS.ProcessEnv): Environment {
  const { hostname } = new URL(endpoint);
  const before = (outer["no_proxy"] ?? outer["NO_PROXY"] ?? "").split(",").filter(Boolean);
  const all = before.includes(hostname) ? before : [...before, hostname];
  return { HTTP_PROXY: endpoint, NO_PROXY: all.join(","), no_proxy: all.join(",") };
}

function withFirst(folder: string, path: string): string {
  const others = path.split(delimiter).filter((other) => other !== "" && other !== folder);
  return [folder, ...others].join(delimiter);
}

function backend(state: string): string {
  return join(state, "pulumi-state");
}

function pulumiHome(state: string, env: NodeJS.ProcessEnv): string {
  return join(state, usesRealProvider(env) ? "pulumi-home-aws" : "pulumi-home");
}

function usesRealProvider(env: NodeJS.ProcessEnv): boolean {
  return env["SANDBOX_PROVIDER"] === "aws";
}

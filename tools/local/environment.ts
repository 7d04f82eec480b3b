/** The environment that points the Pulumi engine, any AWS SDK and the AWS CLI at a sandbox, and at nothing else. */
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Engine } from "../../automation/engine";
import { installProvider } from "../../sandbox/provider/build";
import type { SandboxDescription } from "./sandboxProcess";

/** A value to set, or undefined to take the variable away. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the sandbox's stacks are encrypted with: no secret, as all that it keeps from anyone is on this machine. */
const PASSPHRASE = "sandbox";
const PROJECT = join(__dirname, "..", "..");

/** Variables of the user's own AWS settings, which must not reach the sandbox's clients. */
const FOREIGN = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_CA_BUNDLE",
];

/**
 * @param state absolute path of the sandbox's state
 * @param engine folder of the Pulumi CLI, put first on PATH
 */
export function sandboxEnvironment(
  state: string,
  { endpoint, base }: Pick<SandboxDescription, "endpoint" | "base">,
  engine: Pick<Engine, "directory">,
  outer: NodeJS.ProcessEnv = process.env,
): Environment {
  const endpoints = Object.keys(outer).filter((name) => name.startsWith("AWS_ENDPOINT_URL_"));
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
    PULUMI_HOME: pulumiHome(state, outer),
    PULUMI_BACKEND_URL: pathToFileURL(backend(state)).href,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PATH: [engine.directory, outer["PATH"] ?? ""].join(delimiter),
  };
}

/**
 * Makes what the environment names: folders, the provider, and the stack `dev`, so that `pulumi up --stack dev` works
 * at once. Done before, it takes milliseconds.
 */
export async function prepare(state: string, engine: Engine, environment: Environment): Promise<void> {
  const aws = join(state, "aws");
  for (const folder of [aws, backend(state)]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const file of ["config", "credentials"])
    if (!existsSync(join(aws, file))) writeFileSync(join(aws, file), "");
  // The real provider is for the engine to fetch: the user asked for it.
  if (!usesRealProvider(process.env)) await installProvider(pulumiHome(state, process.env));
  await makeStack(state, engine, environment);
}

/** `process.env` with the environment laid over it. */
export function over(outer: NodeJS.ProcessEnv, environment: Environment): NodeJS.ProcessEnv {
  const merged: NodeJS.ProcessEnv = { ...outer, ...environment };
  for (const [name, value] of Object.entries(merged)) if (value === undefined) delete merged[name];
  return merged;
}

async function makeStack(state: string, engine: Engine, environment: Environment): Promise<void> {
  const checkpoint = join(backend(state), ".pulumi", "stacks", "feature-store-access", "dev.json");
  if (existsSync(checkpoint)) return;
  // In a copy of the project's settings: the engine would note the stack's choice, and its own form, in the real ones.
  const folder = mkdtempSync(join(tmpdir(), "feature-store-access-stack-"));
  try {
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml"])
      copyFileSync(join(PROJECT, file), join(folder, file));
    const env = over(process.env, environment);
    await promisify(execFile)(engine.command, ["stack", "init", "dev", "--non-interactive"], {
      cwd: folder,
      env,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

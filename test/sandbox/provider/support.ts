/** A sandbox, the real engine and the sandbox's provider, with stacks of inline programs: all in one temporary folder. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as aws from "@pulumi/aws";
import { version } from "@pulumi/aws/package.json";
import { LocalWorkspace, Stack, type EngineEvent, type PulumiFn } from "@pulumi/pulumi/automation";
import { writeEmptyStack } from "../../../automation/stacks/emptyStack";
import { findEngine } from "../../../automation/engine";
import { keepConnectionsApart } from "../../../automation/stacks/engineChannels";
import { cacheDirectory } from "../../../automation/engine/versions";
import { installProvider, startSandbox, type Sandbox } from "../../../packages/sandbox";
import { clients, type Clients } from "../support";

export const REGION = "eu-central-1";
const PROJECT = "provider-test";

export class Bench {
  private constructor(
    private readonly folder: string,
    readonly sandbox: Sandbox,
    private readonly environment: Record<string, string>,
  ) {}

  static async open(): Promise<Bench> {
    const engine = await findEngine();
    keepConnectionsApart();
    const folder = mkdtempSync(join(tmpdir(), "provider-test-"));
    const home = join(folder, "home");
    const backend = join(folder, "backend");
    mkdirSync(backend);
    await installProvider(home, { version, cache: join(cacheDirectory(process), "sandbox-provider") });
    const sandbox = await startSandbox();
    return new Bench(folder, sandbox, {
      AWS_ENDPOINT_URL: sandbox.endpoint,
      AWS_ACCESS_KEY_ID: sandbox.base.accessKeyId,
      AWS_SECRET_ACCESS_KEY: sandbox.base.secretAccessKey,
      AWS_REGION: REGION,
      AWS_CONFIG_FILE: join(folder, "none"),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: pathToFileURL(backend).href,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PATH: [engine.directory, process.env["PATH"]].join(delimiter),
    });
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** SDK clients of the administrator of account A (0) or B (1). */
  account(index: 0 | 1): Clients {
    const keys = this.sandbox.accounts[index];
    if (!keys) throw new Error("no such account");
    return clients(this.sandbox.endpoint, keys, REGION);
  }

  /** The stack's state as it is kept, secrets encrypted. */
  stateOf(name: string): string {
    const stacks = join(this.folder, "backend", ".pulumi", "stacks", PROJECT);
    return readFileSync(join(stacks, `${name}.json`), "utf8");
  }

  async stack(name: string, program: PulumiFn): Promise<Stack> {
    // The Automation API looks for the command on this process's PATH.
    process.env["PATH"] = this.environment["PATH"];
    const workDir = mkdtempSync(join(this.folder, "work-"));
    const settings = { name: PROJECT, runtime: "nodejs" } as const;
    await writeEmptyStack(join(this.folder, "backend"), PROJECT, name);
    const workspace = await LocalWorkspace.create({
      program,
      projectSettings: settings,
      workDir,
      envVars: this.environment,
    });
    workspace.selectStack = () => Promise.resolve();
    const stack = await Stack.select(name, workspace);
    // The history that the Automation API asks for after each update is looked at nowhere here.
    stack.info = () => Promise.resolve(undefined);
    return stack;
  }
}

/** The provider of an account, by its deployer role, as the product has it. */
export function accountProvider(name: string, id: string, args: aws.ProviderArgs = {}): aws.Provider {
  return new aws.Provider(name, {
    region: REGION,
    assumeRoles: [{ roleArn: `arn:aws:iam::${id}:role/deployer`, sessionName: "provider-test" }],
    allowedAccountIds: [id],
    defaultTags: { tags: { project: "provider-test" } },
    ...args,
  });
}

/** What the engine did or would do: `create NAME`, `update NAME [policy]`; resources that stay the same are left out. */
export function steps(events: readonly EngineEvent[]): string[] {
  return events.flatMap(({ resourcePreEvent }) => {
    const metadata = resourcePreEvent?.metadata;
    if (!metadata || metadata.op === "same" || metadata.type.startsWith("pulumi:")) return [];
    const diffs = Object.keys(metadata.detailedDiff ?? {}).sort();
    return [
      `${metadata.op} ${metadata.urn.split("::").pop()}${diffs.length > 0 ? ` [${diffs.join(", ")}]` : ""}`,
    ];
  });
}

export const preview = (stack: Stack) => stepsOf((onEvent) => stack.preview({ onEvent }));
export const up = (stack: Stack) =>
  stepsOf(async (onEvent) => {
    // The Automation API would ask for the outputs by two runs of the CLI.
    const outputs = stack.outputs.bind(stack);
    stack.outputs = () => Promise.resolve({});
    await stack.up({ onEvent }).finally(() => (stack.outputs = outputs));
  });

/** Runs one of the stack's operations and tells its steps. */
export async function stepsOf(
  run: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
): Promise<string[]> {
  const events: EngineEvent[] = [];
  await run((event) => events.push(event));
  return steps(events);
}

/** A policy that allows nothing. */
export const EMPTY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }],
});
/** A trust policy for SageMaker. */
export const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "sagemaker.amazonaws.com" } },
  ],
});

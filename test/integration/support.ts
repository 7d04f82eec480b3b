/** What the integration tests share: a sandbox of their own, the engine pointed at it, and commands run as a user runs them. */
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine } from "../../automation/engine";
import type { FaultPlan } from "@feature-store-access/sandbox";
import { over, prepare, prepareForDriver, sandboxEnvironment } from "../../tools/local/environment";
import { projectAccounts } from "../../tools/local/projectAccounts";
import { start, type RunningSandbox } from "../sandbox/support";

export const PROJECT = join(__dirname, "..", "..");

/** What `TestBed.inventory` finds before anything is deployed, and once all of Pulumi.dev.yaml is. */
export const NOTHING = {
  ...{ roles: 0, inlinePolicies: 0, keys: 0, aliases: 0, buckets: 0, featureGroups: 0, workgroups: 0 },
};
export const ALL = {
  ...{ roles: 6, inlinePolicies: 6, keys: 3, aliases: 3, buckets: 4, featureGroups: 4, workgroups: 2 },
};

/** What the topology offline-store alone comes to. */
export const OFFLINE_STORE = {
  ...NOTHING,
  roles: 1,
  inlinePolicies: 1,
  keys: 1,
  aliases: 1,
  buckets: 1,
  featureGroups: 2,
};

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class TestBed {
  private constructor(
    readonly sandbox: RunningSandbox,
    readonly state: string,
    readonly env: NodeJS.ProcessEnv,
    /** Makes the stack `dev`, for `pulumi up`. */
    readonly prepareStack: () => Promise<void>,
  ) {}

  /** @param accounts IDs of those that the sandbox has; of the project's environments by default */
  static async start(
    accounts: readonly string[] = projectAccounts(PROJECT),
    faults?: FaultPlan,
  ): Promise<TestBed> {
    const state = mkdtempSync(join(tmpdir(), "feature-store-access-test-"));
    const engine = await findEngine({ languageHost: true, progress: (line) => console.error(line) });
    const sandbox = await start({ state, accounts, ...(faults ? { faults } : {}) });
    const environment = sandboxEnvironment(state, sandbox, engine);
    await prepareForDriver(state);
    const withStack = () => prepare(state, engine, environment);
    return new TestBed(sandbox, state, over(process.env, environment), withStack);
  }

  async end(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.state, { recursive: true, force: true });
  }

  /** The driver's command line: `npm run COMMAND -- ...`. */
  driver(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Ended> {
    return this.run(process.execPath, driverArguments(args), options);
  }

  /** The same as a process that can be killed. */
  spawnDriver(
    args: readonly string[],
    { cwd = PROJECT, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ): ChildProcess {
    return spawn(process.execPath, driverArguments(args), {
      cwd,
      env: over(this.env, env),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  run(
    command: string,
    args: readonly string[],
    { cwd = PROJECT, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Ended> {
    return ended(spawn(command, args, { cwd, env: over(this.env, env), stdio: ["ignore", "pipe", "pipe"] }));
  }

  /** What the sandbox keeps under a name, such as `kms.keys`. */
  kept<T>(collection: string): T[] {
    return [...this.sandbox.world.store.collection<T>(collection).values()];
  }

  /** What there is of each kind that a deployment makes; keys that wait for their deletion do not count. */
  inventory() {
    const keys = this.kept<{ state: string; manager: string }>("kms.keys");
    const roles = this.kept<{ name: string; inline: object }>("iam.roles").filter(
      ({ name }) => name !== "deployer",
    );
    return {
      roles: roles.length,
      inlinePolicies: roles.flatMap(({ inline }) => Object.keys(inline)).length,
      keys: keys.filter(({ state, manager }) => state !== "PendingDeletion" && manager === "CUSTOMER").length,
      aliases: this.kept("kms.aliases").length,
      buckets: this.kept("s3.buckets").length,
      featureGroups: this.kept("sagemaker.featureGroups").length,
      workgroups: this.kept("athena.workgroups").length,
    };
  }
}

export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr?.on("data", (data: Buffer) => (stderr += data.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

function driverArguments(args: readonly string[]): string[] {
  return [
    "--require",
    join(__dirname, "compiled.cjs"),
    join(PROJECT, "automation", "cli", "main.ts"),
    ...args,
  ];
}

/** The project as a user has it, with settings that a test may change. */
export function projectCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), "feature-store-access-project-"));
  for (const name of [
    "Pulumi.yaml",
    "Pulumi.dev.yaml",
    "index.ts",
    "package.json",
    "tsconfig.json",
    "components",
  ])
    cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/**
 * The driver on the real engine and the sandbox, with 1, 10 and 30 consumers: `up`, a no-op `up` and the preview of the whole
 * graph, each against the same stages run bare through the Automation API one after the other.
 * BENCH_CONSUMERS=1,10 sets the sizes.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, type PulumiCommand } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { deploy, preview } from "../automation";
import { findEngine } from "../automation/engine";
import { Accounts } from "../components/accounts";
import { settingsFromFile, type Settings } from "../components/settings";
import { stages } from "../components/stages";
import { over, prepare, sandboxEnvironment } from "../tools/local/environment";
import { sandboxOn } from "../tools/local/sandboxProcess";

const ROOT = join(__dirname, "..");
const SIZES = (process.env["BENCH_CONSUMERS"] ?? "1,10,30").split(",").map(Number);

export async function benchDriver() {
  const results: Record<string, object> = {};
  for (const size of SIZES) results[`${size} consumers`] = await measure(size);
  return results;
}

async function measure(consumers: number) {
  const bare = await inSandbox(consumers, (command, settings) => seconds(() => runBare(command, settings)));
  const driver = await inSandbox(consumers, async (_, settings, directory) => {
    const given = { env: "dev", directory };
    const ahead = await seconds(() => checked(preview(given)));
    const up = await seconds(() => checked(deploy(given)));
    const again = await seconds(() => checked(deploy(given)));
    return { stages: stages(settings).length, preview: ahead, up, noOp: again };
  });
  return {
    stages: driver.stages,
    upToBare: driver.up / bare,
    noOpToBare: driver.noOp / bare,
    previewToBare: driver.preview / bare,
    seconds: { bare, ...driver },
  };
}

/** Runs the work in a project with as many consumers, on a new sandbox with their accounts. */
async function inSandbox<T>(
  consumers: number,
  work: (command: PulumiCommand, settings: Settings, directory: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "feature-store-access-bench-"));
  const state = join(directory, "state");
  const [before, cwd] = [{ ...process.env }, process.cwd()];
  try {
    const settings = writeProject(directory, consumers);
    // The sandbox has the accounts of the environments in the folder that it is started from.
    process.chdir(directory);
    const engine = await findEngine({ languageHost: true });
    const sandbox = await sandboxOn(state);
    try {
      const environment = sandboxEnvironment(state, sandbox, engine);
      await prepare(state, engine, environment);
      replace(over(before, environment));
      return await work(await engine.pulumiCommand(), settings, directory);
    } finally {
      await sandbox.end();
    }
  } finally {
    replace(before);
    process.chdir(cwd);
    rmSync(directory, { recursive: true, force: true });
  }
}

function writeProject(directory: string, count: number): Settings {
  copyFileSync(join(ROOT, "Pulumi.yaml"), join(directory, "Pulumi.yaml"));
  const file = join(directory, "Pulumi.dev.yaml");
  const content = parse(readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8")) as {
    config: Record<string, unknown>;
  };
  const consumers = Array.from({ length: count }, (_, index) => {
    const id = String(300_000_000_000 + index);
    const account = { id, region: "us-east-1", deployerRoleArn: `arn:aws:iam::${id}:role/deployer` };
    const access = { shoppers: ["readOnline", "readOffline"], payments: ["write"] };
    return [`team-${index}`, { account, resultsBucket: { name: `bench-results-${index}` }, access }];
  });
  content.config["feature-store-access:consumers"] = Object.fromEntries(consumers);
  writeFileSync(file, stringify(content));
  return settingsFromFile(file);
}

/** The same without a driver: each stage's program in a stack, outputs passed on by hand. */
async function runBare(command: PulumiCommand, settings: Settings): Promise<void> {
  const given: Record<string, Record<string, unknown>> = {};
  for (const stage of stages(settings)) {
    const program = () => {
      const inputs = Object.entries(given).map(([name, values]) => [
        name,
        Object.fromEntries(Object.entries(values).map(([key, value]) => [key, pulumi.output(value)])),
      ]);
      const made = stage.program(
        { settings, accounts: new Accounts(settings) },
        Object.fromEntries(inputs) as Record<string, Record<string, pulumi.Output<unknown>>>,
      );
      return Promise.resolve(made);
    };
    const stackName = `bare.${stage.name.replace(/:/g, ".")}`;
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName, projectName: "feature-store-access", program },
      { pulumiCommand: command },
    );
    const { outputs } = await stack.up();
    given[stage.name] = Object.fromEntries(
      Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]),
    );
  }
}

async function checked(run: Promise<{ readonly ok: boolean }>): Promise<void> {
  if (!(await run).ok) throw new Error("the measured run failed");
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

function replace(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}

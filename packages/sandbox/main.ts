#!/usr/bin/env node
/**
 * `feature-store-sandbox --port N --state DIR`: runs a sandbox until SIGINT or SIGTERM. The first line on standard output is JSON
 * with the endpoint and the keys; messages for people go to standard error.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import type { FaultPlan, Faults } from "./pipeline/faults";
import { installProvider, SandboxError, startSandbox } from ".";

const exitCodes = { usage: 2, port: 3, stateInUse: 4, unwritable: 5, unreadable: 6 } as const;

interface Options {
  readonly port: number;
  readonly state: string;
  readonly withParent?: boolean;
  readonly accounts: readonly string[];
  readonly faults?: FaultPlan;
}

const program = new Command("feature-store-sandbox")
  .description("Emulated AWS accounts on the loopback interface, with IAM enforced.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : exitCodes.usage))
  .option("--port <number>", "TCP port on 127.0.0.1; 0 takes any free one", readPort, 4580)
  .option("--state <directory>", "where the accounts' state is kept", ".sandbox")
  .option(
    "--with-parent",
    "end when standard input ends, as it does when the process that started this one has ended",
  )
  .option("--accounts <ids>", "further account IDs, separated by commas", readList, [])
  .option("--faults <file>", "a plan of injected faults, as JSON (docs/sandbox.md)", readPlan)
  .action(run);

program
  .command("install-provider")
  .description("Install the sandbox's Pulumi provider in a PULUMI_HOME, and print its folder.")
  .requiredOption("--pulumi-home <directory>", "the PULUMI_HOME of the sandbox's stacks")
  .requiredOption("--version <version>", "the version of pulumi-aws that the programs use")
  .action(async ({ pulumiHome, version }: { pulumiHome: string; version: string }) => {
    const folder = await installProvider(resolve(pulumiHome), { version }).catch((error: Error) => {
      const message = `Cannot install the provider: ${error.message}. Give another folder with --pulumi-home.`;
      throw new SandboxError("unwritable", message);
    });
    console.log(folder);
  });

function readPort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535)
    throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return Number(text);
}

function readPlan(file: string): FaultPlan {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as FaultPlan;
  } catch (error) {
    throw new InvalidArgumentError(`The fault plan ${file} cannot be read: ${(error as Error).message}`);
  }
}

function readList(text: string): string[] {
  return text.split(",").map((id) => id.trim());
}

async function run(options: Options): Promise<void> {
  const state = resolve(options.state);
  const { port, accounts: more, faults } = options;
  const sandbox = await startSandbox({ port, state, accounts: more, ...(faults ? { faults } : {}) });
  const found = join(state, "endpoint.json");
  const { endpoint, accounts, base } = sandbox;
  writeFileSync(found, JSON.stringify({ pid: process.pid, endpoint, accounts, base }) + "\n", {
    mode: 0o600,
  });
  console.log(JSON.stringify({ endpoint, accounts, base, state }));
  console.error(
    `Sandbox of accounts ${accounts.map(({ id }) => id).join(", ")} at ${endpoint}, state in ${state}.`,
  );

  // A bug in one service must not end the sandbox.
  process.on("unhandledRejection", (error) => console.error("sandbox: a background task failed:", error));

  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    rmSync(found, { force: true });
    if (sandbox.faults) console.error(`Injected faults: ${tally(sandbox.faults.met)}.`);
    sandbox.close().then(() => process.exit(0), fail);
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  if (options.withParent) process.stdin.on("end", end).on("error", end).resume();
}

/** `throttle 3, dropAfter 1`. */
function tally(met: Faults["met"]): string {
  const counts = new Map<string, number>();
  for (const { kind } of met) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${kind} ${count}`).join(", ") || "none";
}

function fail(error: unknown): void {
  if (error instanceof SandboxError) {
    console.error(`sandbox: ${error.message}`);
    process.exit(exitCodes[error.kind]);
  }
  console.error("sandbox: ended by an unexpected error:", error);
  process.exit(1);
}

/** @param args those of the command line, without Node.js and the script */
export function main(args: readonly string[]): void {
  program.parseAsync(args, { from: "user" }).catch(fail);
}

if (require.main === module) main(process.argv.slice(2));

/**
 * Finds the Pulumi CLI, or provides it. In order: `pulumi` on PATH if it is new enough; the one in the cache; the official
 * installer; a build from the Go modules. A provided engine is cached outside the repository.
 */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import { withBeat } from "./beat";
import { build, findGo } from "./build";
import { keep } from "./keep";
import { thisMachine } from "./machine";
import type { Engine, EngineOptions, EngineSource, Machine } from "./types";
import {
  BUILT_CLI_VERSION,
  buildKey,
  cacheDirectory,
  executable,
  installKey,
  isAtLeast,
  major,
  MINIMUM_GO,
  MINIMUM_VERSION,
} from "./versions";
import { ExitCode, UserError } from "../model/errors";

export type { Engine, EngineOptions } from "./types";

const INSTALLER = "https://get.pulumi.com/install.sh";
/** Milliseconds for the installer, which downloads about 200 MB. */
const INSTALL_TIME = 300_000;
const NODE_HOST = "pulumi-language-nodejs";

/**
 * @param machine this machine; tests pass their own
 * @throws UserError (engine) with everything that was tried, and what to install; UserError (interrupted) on the signal
 */
export async function findEngine(
  options: EngineOptions = {},
  machine: Machine = thisMachine(),
): Promise<Engine> {
  const tried: string[] = [];
  for (const way of [onPath, kept, installed, built]) {
    const found = await way(machine, options);
    if (options.signal?.aborted)
      throw new UserError(ExitCode.interrupted, "stopped before a Pulumi engine was found");
    if (typeof found !== "string") return found;
    if (found !== "") tried.push(found);
  }
  throw new UserError(
    ExitCode.engine,
    ["there is no Pulumi engine, and none could be provided:", ...tried.map((line) => `  ${line}`)].join(
      "\n",
    ),
    `Install the Pulumi CLI, ${MINIMUM_VERSION} or newer (https://www.pulumi.com/docs/install/); ` +
      `or Go ${MINIMUM_GO} or newer (https://go.dev/dl/), with which it is built.`,
  );
}

/** A function that finds the engine's command at its first call. @throws UserError (engine, interrupted) */
export function engineCommand(options: EngineOptions): () => Promise<PulumiCommand> {
  let found: Promise<PulumiCommand> | undefined;
  return () => (found ??= findEngine(options).then((engine) => engine.pulumiCommand()));
}

/** Tries to find or provide the engine. @returns it, or the reason for the failure ("" if there is nothing to report) */
type Way = (machine: Machine, options: EngineOptions) => Promise<Engine | string>;

const onPath: Way = async (machine, { languageHost }) => {
  const command = await machine.which("pulumi");
  if (command === undefined) return "pulumi is not on PATH";
  const version = await versionOf(machine, command);
  if (version === undefined) return `${command} does not print its version`;
  if (!isAtLeast(version, MINIMUM_VERSION)) return `${command} is ${version}, older than ${MINIMUM_VERSION}`;
  if (major(version) > major(MINIMUM_VERSION))
    return `${command} is ${version}, and this project is written for Pulumi ${major(MINIMUM_VERSION)}`;
  if (languageHost && !((await machine.which(NODE_HOST)) ?? (await machine.beside(command, NODE_HOST))))
    return `${command} has no Node.js language host (${NODE_HOST}), neither beside it nor on PATH`;
  return engine(command, version, "path", `it is on PATH and new enough (${MINIMUM_VERSION})`);
};

const kept: Way = async (machine) => {
  const reasons: string[] = [];
  for (const key of [installKey(sdkVersion), buildKey()]) {
    const folder = join(engines(machine), key);
    if (!existsSync(folder)) continue;
    const version = await versionOf(machine, commandIn(folder));
    if (version !== undefined)
      return engine(commandIn(folder), version, "cache", `kept from an earlier run in ${folder}`);
    reasons.push(`${commandIn(folder)}, kept from an earlier run, does not run`);
  }
  return reasons.join("; ");
};

const installed: Way = async (machine, options) => {
  if (!(await machine.reaches(INSTALLER))) return "the official installer (get.pulumi.com) is out of reach";
  const { progress = () => undefined } = options;
  const folder = join(engines(machine), installKey(sdkVersion));
  const line = (seconds: number) =>
    `downloading the Pulumi CLI ${sdkVersion} with the official installer (once): ${seconds} s`;
  try {
    await provide(machine, folder, sdkVersion, options, (into) =>
      withBeat(progress, line, () => runInstaller(machine, into, options)),
    );
  } catch (error) {
    return `the official installer failed: ${(error as Error).message}`;
  }
  return engine(
    commandIn(folder),
    sdkVersion,
    "installer",
    `downloaded with the official installer into ${folder}`,
  );
};

const built: Way = async (machine, options) => {
  const go = await findGo(machine);
  if (typeof go === "string") return go;
  const folder = join(engines(machine), buildKey());
  const { progress = () => undefined, signal } = options;
  try {
    await provide(machine, folder, BUILT_CLI_VERSION, options, (into) =>
      build(machine, go, into, progress, signal),
    );
  } catch (error) {
    return (error as Error).message;
  }
  const reason = `built from its Go modules with ${go.version} into ${folder}`;
  return engine(commandIn(folder), BUILT_CLI_VERSION, "build", reason);
};

/** Creates the folder with the engine, once, if the engine runs. @throws Error with the reason */
function provide(
  machine: Machine,
  folder: string,
  version: string,
  options: EngineOptions,
  make: (into: string) => Promise<void>,
): Promise<void> {
  const checked = async (into: string) => {
    await make(into);
    options.signal?.throwIfAborted();
    const found = await versionOf(machine, commandIn(into));
    if (found !== version)
      throw new Error(`the result is ${found ?? "a command that does not run"}, not ${version}`);
  };
  const usable = async () => (await versionOf(machine, commandIn(folder))) !== undefined;
  return keep(folder, checked, { ...options, usable });
}

function engine(command: string, version: string, source: EngineSource, reason: string): Engine {
  const directory = dirname(command);
  return {
    command,
    version,
    directory,
    source,
    reason,
    pulumiCommand: async () => {
      // Takes half a second to load, and callers that only want the command do not need it.
      const { PulumiCommand } = await import("@pulumi/pulumi/automation/cmd.js");
      // The API finds a command by the root of its installation (ROOT/bin/pulumi), or on PATH.
      return PulumiCommand.get(basename(directory) === "bin" ? { root: dirname(directory) } : {});
    },
  };
}

/** Absolute path of the command in a cached folder, which has the layout of the official installer. */
function commandIn(folder: string): string {
  return join(folder, "bin", executable("pulumi"));
}

/** @throws Error with the last lines of the installer */
async function runInstaller(machine: Machine, into: string, { signal }: EngineOptions): Promise<void> {
  const script = join(__dirname, "installer.ts");
  const { code, stderr } = await machine.run(process.execPath, ["--import", "tsx", script, into], {
    cwd: __dirname,
    timeout: INSTALL_TIME,
    group: true,
    signal,
  });
  if (code !== 0) throw new Error(stderr.trim().split("\n").slice(-2).join(" ") || `exit code ${code}`);
}

function engines(machine: Machine): string {
  return join(cacheDirectory(machine), "engine");
}

/** The version of the command, such as `3.259.0`; undefined if it does not run. */
async function versionOf(machine: Machine, command: string): Promise<string | undefined> {
  const { code, stdout } = await machine.run(command, ["version"], {
    timeout: 20_000,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return code === 0 ? /^v?(\d+\.\d+\.\d+[^\s]*)/.exec(stdout.trim())?.[1] : undefined;
}

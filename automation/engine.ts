/**
 * Finds the Pulumi CLI, or provides it: `pulumi` on PATH if it is new enough; what was kept from an earlier run; the
 * official installer; a build from the Go modules. What is provided is kept outside the repository.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import { SemVer } from "semver";
import { build, goFault } from "./engine/build";
import { keep } from "./engine/keep";
import { thisMachine } from "./engine/machine";
import type { Engine, EngineOptions, EngineSource, Machine } from "./engine/types";
import {
  BUILT_CLI_VERSION,
  buildKey,
  cacheDirectory,
  executable,
  installKey,
  isAtLeast,
  MINIMUM_VERSION,
} from "./engine/versions";
import { ExitCode, UserError } from "./errors";

export type { Engine, EngineOptions } from "./engine/types";

const INSTALLER = "https://get.pulumi.com/install.sh";
/** The installer's download is some 200 MB; a line that is slower than this is no help, in milliseconds. */
const INSTALL_TIME = 300_000;
const NODE_HOST = "pulumi-language-nodejs";

/** @throws UserError (engine) that says what was tried and what to install */
export async function findEngine(
  options: EngineOptions = {},
  machine: Machine = thisMachine(),
): Promise<Engine> {
  const tried: string[] = [];
  for (const way of [onPath, kept, installed, built]) {
    const found = await way(machine, options);
    if (typeof found !== "string") return found;
    if (found !== "") tried.push(found);
  }
  throw new UserError(
    ExitCode.engine,
    ["there is no Pulumi engine, and none could be had:", ...tried.map((line) => `  ${line}`)].join("\n"),
    `Install the Pulumi CLI, ${MINIMUM_VERSION} or newer (https://www.pulumi.com/docs/install/), or Go 1.21 or newer to have it built.`,
  );
}

/** Each way gives the engine, or why it does not ("" where there is nothing to say). */
type Way = (machine: Machine, options: EngineOptions) => Promise<Engine | string>;

const onPath: Way = async (machine, { languageHost }) => {
  const command = await machine.which("pulumi");
  if (command === undefined) return "pulumi is not on PATH";
  const version = await versionOf(machine, command);
  if (version === undefined) return `${command} does not say its version`;
  if (!isAtLeast(version, MINIMUM_VERSION)) return `${command} is ${version}, older than ${MINIMUM_VERSION}`;
  if (languageHost && (await machine.which(NODE_HOST)) === undefined)
    return `${command} is there, but its Node.js language host (${NODE_HOST}) is not on PATH`;
  return engine(command, version, "path", `pulumi ${version} is on PATH and new enough (${MINIMUM_VERSION})`);
};

const kept: Way = async (machine) => {
  for (const key of [installKey(sdkVersion), buildKey()]) {
    const folder = join(engines(machine), key);
    const command = commandIn(folder);
    const version = existsSync(command) ? await versionOf(machine, command) : undefined;
    if (version !== undefined)
      return engine(command, version, "cache", `kept from an earlier run in ${folder}`);
  }
  return "";
};

const installed: Way = async (machine, options) => {
  if (!(await machine.reaches(INSTALLER))) return "the official installer (get.pulumi.com) is out of reach";
  options.progress?.(`fetching the Pulumi CLI ${sdkVersion} with the official installer`);
  const folder = join(engines(machine), installKey(sdkVersion));
  try {
    await keep(folder, (into) => runInstaller(machine, into, options), options);
  } catch (error) {
    options.signal?.throwIfAborted();
    return `the official installer failed: ${(error as Error).message}`;
  }
  return engine(
    commandIn(folder),
    sdkVersion,
    "installer",
    `fetched with the official installer into ${folder}`,
  );
};

const built: Way = async (machine, options) => {
  const fault = await goFault(machine);
  if (fault !== undefined) return fault;
  const folder = join(engines(machine), buildKey());
  const { progress = () => undefined, signal } = options;
  try {
    await keep(folder, (into) => build(machine, into, progress, signal), options);
  } catch (error) {
    signal?.throwIfAborted();
    return (error as Error).message;
  }
  const reason = `built from its Go modules into ${folder}`;
  return engine(commandIn(folder), BUILT_CLI_VERSION, "build", reason);
};

function engine(command: string, version: string, source: EngineSource, reason: string): Engine {
  const directory = dirname(command);
  const root = source === "path" ? {} : { root: dirname(directory) };
  return {
    command,
    version,
    directory,
    source,
    reason,
    pulumiCommand: () => PulumiCommand.get({ ...root, version: new SemVer(MINIMUM_VERSION) }),
  };
}

/** Absolute path of the command in a kept folder, which is laid out as the official installer does it. */
function commandIn(folder: string): string {
  return join(folder, "bin", executable("pulumi"));
}

async function runInstaller(machine: Machine, into: string, { signal }: EngineOptions): Promise<void> {
  const script =
    'const { PulumiCommand } = require("@pulumi/pulumi/automation"); const { SemVer } = require("semver");' +
    "PulumiCommand.install({ root: process.argv[1], version: new SemVer(process.argv[2]) }).catch((error) => { console.error(error.message); process.exit(1); });";
  const { code, stderr } = await machine.run(process.execPath, ["-e", script, into, sdkVersion], {
    cwd: __dirname,
    // The installer takes what is on PATH if it will do; it was looked at already, and did not.
    env: { PATH: "/usr/bin:/bin" },
    timeout: INSTALL_TIME,
    signal,
  });
  signal?.throwIfAborted();
  if (code !== 0) throw new Error(stderr.trim().split("\n").slice(-2).join(" ") || `exit code ${code}`);
}

function engines(machine: Machine): string {
  return join(cacheDirectory(machine), "engine");
}

async function versionOf(machine: Machine, command: string): Promise<string | undefined> {
  const { code, stdout } = await machine.run(command, ["version"], {
    timeout: 20_000,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return code === 0 ? /^v?(\d+\.\d+\.\d+[^\s]*)/.exec(stdout.trim())?.[1] : undefined;
}

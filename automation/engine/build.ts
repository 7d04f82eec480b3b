/** Builds the CLI and its Node.js language hosts from their Go modules, for machines that cannot fetch binaries. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withBeat } from "./beat";
import type { Machine } from "./types";
import {
  BUILT_CLI_VERSION,
  BUILT_HOST_VERSION,
  executable,
  isAtLeast,
  MINIMUM_GO,
  requiredGo,
  SOURCES,
} from "./versions";

const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

interface Target {
  readonly title: string;
  readonly folder: string;
  readonly package: string;
  /** Path within the engine's folder. The engine itself finds only files in `bin`. */
  readonly output: string;
  readonly version: string;
}

const TARGETS: readonly Target[] = [
  {
    title: "the Pulumi CLI",
    folder: "cli",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    output: "bin/pulumi",
    version: BUILT_CLI_VERSION,
  },
  {
    title: "its Node.js language host",
    folder: "nodejs-host",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    output: "lib/pulumi-language-nodejs",
    version: BUILT_HOST_VERSION,
  },
  {
    title: "the Node.js language host for policy packs",
    folder: "cli",
    package: "./host",
    output: "bin/pulumi-language-nodejs",
    version: BUILT_CLI_VERSION,
  },
];

/** The Go command to build with, and its version. */
export interface Go {
  readonly command: string;
  readonly version: string;
}

/** The Go on PATH, or the reason why it cannot build. */
export async function findGo(machine: Machine): Promise<Go | string> {
  const command = await machine.which("go");
  if (command === undefined) return "there is no Go on PATH to build it with";
  // Outside any module and without tool chains, to get this Go's own version.
  const { code, stdout } = await machine.run(command, ["env", "GOVERSION"], {
    cwd: tmpdir(),
    env: { GOTOOLCHAIN: "local", GOWORK: "off" },
    timeout: 20_000,
  });
  const version = stdout.trim();
  if (code !== 0 || version === "") return `${command} does not print its version`;
  if (isAtLeast(version, MINIMUM_GO)) return { command, version };
  return `${command} is ${version}, and building needs Go ${MINIMUM_GO} or newer`;
}

/** @throws Error with the compiler's last lines */
export async function build(
  machine: Machine,
  go: Go,
  into: string,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (const target of TARGETS) await buildOne(machine, go, target, into, progress, signal);
}

async function buildOne(
  machine: Machine,
  go: Go,
  target: Target,
  into: string,
  progress: (line: string) => void,
  signal?: AbortSignal,
) {
  const count = { fetched: 0, compiled: 0, last: "resolving modules" };
  const onLine = (line: string) => {
    const fetched = line.startsWith("go: downloading ");
    count[fetched ? "fetched" : "compiled"]++;
    count.last = fetched ? `downloading ${line.split(" ")[2]}` : `compiling ${line}`;
  };
  const line = (seconds: number) =>
    `building ${target.title} ${target.version} from its Go modules (once; some minutes): ${seconds} s, ` +
    `${count.fetched} modules downloaded, ${count.compiled} packages compiled; ${count.last}`;
  const flags = `-s -w -X ${VERSION_VARIABLE}=v${target.version}`;
  const output = join(into, executable(target.output));
  const { code, stderr } = await withBeat(progress, line, () =>
    machine.run(
      go.command,
      ["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", output, target.package],
      { cwd: join(SOURCES, target.folder), env: buildEnvironment(go.version), signal, onLine },
    ),
  );
  signal?.throwIfAborted();
  if (code !== 0)
    throw new Error(
      `go build of ${target.title} failed:\n${stderr
        .trim()
        .split("\n")
        .slice(-5)
        .map((text) => `    ${text}`)
        .join("\n")}`,
    );
}

/**
 * Uses the user's proxy, module cache and build cache, but not the flags, workspace and target platform, which are for the user's
 * own modules.
 */
function buildEnvironment(version: string): Record<string, string> {
  return {
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
    GO111MODULE: "on",
    GOOS: "",
    GOARCH: "",
    CGO_ENABLED: "0",
    // Many distributions set GOTOOLCHAIN=local, which makes an older Go fail at once.
    GOTOOLCHAIN: isAtLeast(version, requiredGo()) ? "local" : "auto",
  };
}

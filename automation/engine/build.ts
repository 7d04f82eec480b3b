/** Builds the CLI and the Node.js language host from their Go modules: for machines that reach no binaries. */
import { join } from "node:path";
import type { Machine } from "./types";
import {
  BUILT_CLI_VERSION,
  BUILT_HOST_VERSION,
  executable,
  isAtLeast,
  MINIMUM_GO,
  SOURCES,
} from "./versions";

const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

interface Target {
  readonly title: string;
  readonly folder: string;
  readonly package: string;
  readonly output: string;
  readonly version: string;
}

const TARGETS: readonly Target[] = [
  {
    title: "the Pulumi CLI",
    folder: "cli",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    output: "pulumi",
    version: BUILT_CLI_VERSION,
  },
  {
    title: "its Node.js language host",
    folder: "nodejs-host",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    output: "pulumi-language-nodejs",
    version: BUILT_HOST_VERSION,
  },
];

/** Why Go cannot build here, or undefined if it can. */
export async function goFault(machine: Machine): Promise<string | undefined> {
  const go = await machine.which("go");
  if (go === undefined) return "there is no Go to build it with";
  const { code, stdout } = await machine.run(go, ["env", "GOVERSION"]);
  const version = stdout.trim();
  if (code !== 0 || version === "") return `${go} does not say its version`;
  return isAtLeast(version, MINIMUM_GO)
    ? undefined
    : `${go} is ${version}, and building needs ${MINIMUM_GO} or newer`;
}

/** @throws Error with the compiler's last lines */
export async function build(
  machine: Machine,
  into: string,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (const target of TARGETS) await buildOne(machine, target, into, progress, signal);
}

async function buildOne(
  machine: Machine,
  target: Target,
  into: string,
  progress: (line: string) => void,
  signal?: AbortSignal,
) {
  const begun = Date.now();
  let downloaded = 0;
  let compiled = 0;
  const tell = () =>
    progress(
      `building ${target.title} ${target.version} from its Go modules (once; about four minutes on two cores): ` +
        `${Math.round((Date.now() - begun) / 1000)} s, ${downloaded} modules fetched, ${compiled} packages compiled`,
    );
  tell();
  const beat = setInterval(tell, 15_000);
  try {
    const flags = `-s -w -X ${VERSION_VARIABLE}=v${target.version}`;
    const output = join(into, "bin", executable(target.output));
    const { code, stderr } = await machine.run(
      (await machine.which("go")) ?? "go",
      ["build", "-v", "-trimpath", "-ldflags", flags, "-o", output, target.package],
      {
        cwd: join(SOURCES, target.folder),
        // The user's own flags and workspaces are for the user's own modules.
        env: { GOFLAGS: "-mod=readonly", GOWORK: "off", CGO_ENABLED: "0" },
        signal,
        onLine: (line) => void (line.startsWith("go: downloading ") ? downloaded++ : compiled++),
      },
    );
    signal?.throwIfAborted();
    if (code !== 0)
      throw new Error(
        `go build of ${target.title} failed: ${stderr.trim().split("\n").slice(-5).join(" | ")}`,
      );
  } finally {
    clearInterval(beat);
  }
}

/** Runs the local commands as a user does, in processes of their own, with an engine that only answers and notes. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { placeCommand } from "../../automation/engine/support";

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
}

const COMPILED = join(__dirname, "..", "..", "integration", "compiled.cjs");

/** Answers as `pulumi version` does, and makes a stack as far as `prepare` looks at it. */
const PULUMI = `#!/bin/sh
echo "$*" >> "$(dirname "$0")/calls"
backend="\${PULUMI_BACKEND_URL#file://}"
case "$1 $2" in
  "version "*) echo v3.259.0 ;;
  "stack init") mkdir -p "$backend/.pulumi/stacks/feature-store-access"
    echo '{}' > "$backend/.pulumi/stacks/feature-store-access/dev.json" ;;
  "stack select") mkdir -p "$PULUMI_HOME/workspaces"
    echo '{}' > "$PULUMI_HOME/workspaces/feature-store-access-0-workspace.json" ;;
  *) echo "no such command here: $*" >&2; exit 1 ;;
esac
`;

/** A folder with a state directory and an engine; `remove` ends what still runs of what was started from it. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), "local-test-"));
  readonly state = join(this.folder, "state");
  private readonly engine = join(this.folder, "bin");
  private readonly children: ChildProcess[] = [];

  constructor() {
    placeCommand(join(this.engine, "pulumi"), PULUMI);
    placeCommand(join(this.engine, "pulumi-language-nodejs"), "#!/bin/sh\n");
  }

  /** `name` of tools/local, or `sandbox/main`; the provider is the engine's business here. */
  start(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    const file = join(
      __dirname,
      "..",
      "..",
      "..",
      name.includes("/") ? "packages" : "tools/local",
      `${name}.ts`,
    );
    const path = [this.engine, process.env["PATH"]].join(delimiter);
    // `npm run` starts them by tsx, which takes twice as long: as `npm start` does, and sandboxProcess.ts its sandboxes.
    const child = spawn(process.execPath, ["--require", COMPILED, file, ...args], {
      env: { ...process.env, PATH: path, SANDBOX_PROVIDER: "aws", ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.children.push(child);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    const ended = once(child, "close").then(([code, signal]) => ({ code, signal, stdout, stderr }));
    return { child, stdout: () => stdout, stderr: () => stderr, ended };
  }

  /** Runs a command in the sandbox's environment. */
  exec(...command: string[]): Promise<Ended> {
    return this.start("exec", ["--state", this.state, ...command]).ended;
  }

  /** What the engine was asked, without the questions for its version. */
  engineCalls(): string[] {
    const lines = readFileSync(join(this.engine, "calls"), "utf8").trim().split("\n");
    return lines.filter((line) => line !== "version");
  }

  async remove(): Promise<void> {
    const alive = this.children.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    await Promise.all(
      alive.map((child) => {
        child.kill("SIGKILL");
        return once(child, "close");
      }),
    );
    // A sandbox that was started for one of them still writes as it ends.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** A sandbox as a process of its own: the one that runs already on a state, or one that is started and ended here. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { UserError } from "../../automation/errors";

const keys = z.object({ id: z.string(), accessKeyId: z.string(), secretAccessKey: z.string() });
const description = z.object({ endpoint: z.url(), accounts: z.array(keys), base: keys });

/** Where a sandbox is, and the keys to it. */
export type SandboxDescription = z.infer<typeof description>;

export interface RunningSandbox extends SandboxDescription {
  /** Absolute path of the state directory. */
  readonly state: string;
  /** True if it was started here: then `end` stops it. */
  readonly started: boolean;
  end(): Promise<void>;
}

export const DEFAULT_STATE = ".sandbox";

/** The exit code where no sandbox could be started, or none runs. */
export const NO_SANDBOX = 9;

/** The sandbox that runs on the state, if one does. */
export async function runningSandbox(state: string): Promise<RunningSandbox | undefined> {
  const found = readEndpoint(resolve(state));
  if (!found || !(await answers(found.endpoint))) return undefined;
  return { ...found, state: resolve(state), started: false, end: () => Promise.resolve() };
}

/** The running sandbox of the state, or one that is started on it. @throws UserError if it does not start */
export async function sandboxOn(state: string, port = 0): Promise<RunningSandbox> {
  return (await runningSandbox(state)) ?? (await startSandboxProcess(resolve(state), port));
}

async function startSandboxProcess(state: string, port: number): Promise<RunningSandbox> {
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const log = join(state, "sandbox.log");
  const stderr = openSync(log, "a", 0o600);
  const main = join(__dirname, "..", "..", "sandbox", "main.ts");
  const child = spawn(
    process.execPath,
    ["--import", "tsx", main, "--state", state, "--port", String(port), "--with-parent"],
    {
      stdio: ["pipe", "pipe", stderr],
      cwd: join(__dirname, "..", ".."),
      // Its own session's signals: a Ctrl-C at the terminal is for the command, which ends this one when it is done.
      detached: true,
    },
  );
  closeSync(stderr);
  const line = await firstLine(child);
  const parsed = line === undefined ? undefined : description.safeParse(JSON.parse(line));
  if (!parsed?.success)
    throw new UserError(NO_SANDBOX, `the sandbox did not start: ${lastLine(log)}`, `Its log is ${log}.`);
  child.unref();
  return { ...parsed.data, state, started: true, end: () => ended(child) };
}

function firstLine(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolveLine) => {
    if (child.stdout) createInterface({ input: child.stdout }).once("line", resolveLine);
    child.once("error", () => resolveLine(undefined));
    child.once("exit", () => resolveLine(undefined));
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolveEnd) => {
    child.once("exit", () => resolveEnd());
    child.kill("SIGTERM");
  });
}

function readEndpoint(state: string): SandboxDescription | undefined {
  try {
    return description.parse(JSON.parse(readFileSync(join(state, "endpoint.json"), "utf8")));
  } catch {
    // Nothing runs there, or what ran was killed while it wrote.
    return undefined;
  }
}

/** A sandbox that was killed leaves its endpoint behind: only an answer in AWS's manner counts. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(2000) });
    return response.headers.has("x-amzn-requestid") || response.headers.has("x-amz-request-id");
  } catch {
    return false;
  }
}

function lastLine(log: string): string {
  const lines = readFileSync(log, "utf8").trim().split("\n");
  return (lines[lines.length - 1] ?? "it said nothing").replace(/^sandbox: /, "");
}

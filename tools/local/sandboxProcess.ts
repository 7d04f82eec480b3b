/** A sandbox in its own process: the one that already runs on a state, or one that is started and ended here. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../automation/model/errors";
import { otherUsers, takeLease } from "./leases";
import { accountOptions, projectAccounts } from "./projectAccounts";
import {
  description,
  endpointPath,
  NO_SANDBOX,
  readEndpoint,
  runningSandbox,
  type RunningSandbox,
} from "./runningSandbox";

export interface StartOptions {
  /** TCP port on 127.0.0.1; 0, the default, takes any free one. */
  readonly port?: number;
  /** Called with a line about each wait. */
  readonly notice?: (line: string) => void;
}

/** The sandbox's exit code if another sandbox uses the state. */
const STATE_IN_USE = 4;
/** Milliseconds that a sandbox may take to start, or to free its state when it ends. */
const PATIENCE = 30_000;
const PAUSE = 200;

/** Calls `use` with the state's running sandbox, or with one that is started for it and ended when no other command uses it.
 * @throws UserError (NO_SANDBOX) if it does not start; what `use` throws
 */
export async function withSandbox<T>(
  state: string,
  use: (sandbox: RunningSandbox) => Promise<T>,
  options: StartOptions = {},
): Promise<T> {
  const sandbox = await sandboxOn(state, options);
  try {
    return await use(sandbox);
  } finally {
    await sandbox.end();
  }
}

/** The state's running sandbox, or one that is started for it. @throws UserError (NO_SANDBOX) if it does not start */
export async function sandboxOn(state: string, options: StartOptions = {}): Promise<RunningSandbox> {
  const folder = resolve(state);
  createFolder(folder);
  // Take the lease before looking for a sandbox: a command that is about to end that sandbox sees the lease and waits.
  const endLease = takeLease(folder);
  try {
    for (const begun = Date.now(); ; await sleep(PAUSE)) {
      const running = await runningSandbox(folder);
      if (running) {
        checkAccounts(running);
        return { ...running, end: () => Promise.resolve(endLease()) };
      }
      const started = await startProcess(folder, options);
      if ("child" in started) return { ...started, end: () => endAfterOthers(started, endLease, options) };
      // Another sandbox is starting or ending on the state: look again.
      if (started.exitCode !== STATE_IN_USE || Date.now() - begun > PATIENCE)
        throw notStarted(folder, started);
    }
  } catch (error) {
    endLease();
    throw error;
  }
}

interface Started extends RunningSandbox {
  readonly child: ChildProcess;
}

/** A sandbox that did not start, and what it printed. */
interface NotStarted {
  readonly exitCode: number;
  readonly printed: string;
}

async function startProcess(state: string, { port = 0 }: StartOptions): Promise<Started | NotStarted> {
  const stderr = openSync(logOf(state), "a", 0o600);
  const before = fstatSync(stderr).size;
  const project = join(__dirname, "..", "..");
  const child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      require.resolve("@feature-store-access/sandbox/main"),
      "--state",
      state,
      "--port",
      String(port),
      "--with-parent",
      ...accountOptions(),
    ],
    {
      stdio: ["pipe", "pipe", stderr],
      cwd: project,
      // Its own session: Ctrl-C at the terminal must reach only the command, which ends the sandbox when it is done.
      detached: true,
    },
  );
  closeSync(stderr);
  const line = await firstLine(child);
  if (typeof line === "number")
    return { exitCode: line, printed: readFileSync(logOf(state)).subarray(before).toString() };
  const ended = () => endProcess(child);
  return { ...description.parse(JSON.parse(line)), state, started: true, child, end: ended };
}

/** @throws UserError (NO_SANDBOX) if an environment names an account that the running sandbox was not started with */
function checkAccounts({ accounts, base }: RunningSandbox): void {
  const known = new Set([base.id, ...accounts.map(({ id }) => id)]);
  const missing = projectAccounts().filter((id) => !known.has(id));
  if (missing.length === 0) return;
  throw new UserError(
    NO_SANDBOX,
    `the running sandbox does not have account ${missing.join(", ")}, which the settings name`,
    `End it, so that the command starts another one, or start it with --accounts ${missing.join(",")}.`,
  );
}

/** The first line on standard output, or the exit code if there is none. */
function firstLine(child: ChildProcess): Promise<string | number> {
  return new Promise((done) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    const finish = (result: string | number) => {
      clearTimeout(timer);
      done(result);
    };
    if (child.stdout) createInterface({ input: child.stdout }).once("line", finish);
    child.once("error", () => finish(1));
    child.once("close", (code) => finish(code ?? 1));
  });
}

async function endAfterOthers(
  sandbox: Started,
  endLease: () => void,
  { notice }: StartOptions,
): Promise<void> {
  const file = endpointPath(sandbox.state);
  endLease();
  for (let told = false; ;) {
    const content = readEndpoint(sandbox.state);
    // Hide the sandbox first: a command that takes a lease after this finds no sandbox to use.
    rmSync(file, { force: true });
    const others = otherUsers(sandbox.state);
    if (others.length === 0 || !content) return sandbox.end();
    writeFileSync(file, JSON.stringify(content) + "\n", { mode: 0o600 });
    if (!told) notice?.(`waiting for other commands that use the sandbox (process ${others.join(", ")})`);
    told = true;
    await sleep(PAUSE);
  }
}

function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once("exit", () => done());
    child.kill("SIGTERM");
  });
}

function createFolder(state: string): void {
  try {
    mkdirSync(state, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UserError(
      NO_SANDBOX,
      `cannot create the state directory ${state}: ${(error as Error).message}`,
      "Name another directory with --state.",
    );
  }
}

function notStarted(state: string, { printed, exitCode }: NotStarted): UserError {
  const last = (printed.trim().split("\n").pop() ?? "").replace(/^sandbox: /, "");
  return new UserError(
    NO_SANDBOX,
    `the sandbox did not start: ${last || `it ended with exit code ${exitCode} and printed nothing`}`,
    `Its log is ${logOf(state)}.`,
  );
}

function logOf(state: string): string {
  return join(state, "sandbox.log");
}

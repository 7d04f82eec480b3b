/** This machine, as the search for an engine sees it. */
import { spawn } from "node:child_process";
import { access, constants, realpath, stat } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { CommandOutput, Machine } from "./types";
import { executable } from "./versions";

/** Milliseconds without an answer after which a host counts as unreachable. */
const ANSWER_TIME = 5_000;

export function thisMachine(env: NodeJS.ProcessEnv = process.env): Machine {
  return {
    env,
    async which(name) {
      for (const folder of (env["PATH"] ?? "").split(delimiter).filter(Boolean)) {
        const path = resolve(folder, executable(name));
        if (await isExecutable(path)) return path;
      }
      return undefined;
    },
    async beside(command, name) {
      const path = join(dirname(await realpath(command)), executable(name));
      return (await isExecutable(path)) ? path : undefined;
    },
    run: (command, args, options = {}) => run(env, command, args, options),
    async reaches(url) {
      try {
        return (await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_TIME) })).ok;
      } catch {
        return false;
      }
    },
  };
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function run(
  env: NodeJS.ProcessEnv,
  command: string,
  args: readonly string[],
  { cwd, env: extra, timeout, group, onLine, signal }: NonNullable<Parameters<Machine["run"]>[2]>,
): Promise<CommandOutput> {
  return new Promise((done) => {
    const detached = group === true && process.platform !== "win32";
    // A process group of its own gets no Ctrl-C: its standard input ends when this process ends.
    const child = spawn(command, args, {
      cwd,
      env: { ...env, ...extra },
      detached,
      stdio: [group ? "pipe" : "ignore", "pipe", "pipe"],
    });
    let ended = "";
    const end = (why: string) => {
      ended = why;
      if (detached && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      else child.kill();
    };
    const onAbort = () => end("stopped");
    const timer = timeout ? setTimeout(() => end(`not done in ${timeout / 1000} s`), timeout) : undefined;
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();

    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (data: Buffer) => (stdout += data.toString()));
    child.stderr?.on("data", (data: Buffer) => (stderr += data.toString()));
    if (onLine && child.stderr) createInterface({ input: child.stderr }).on("line", onLine);
    const finish = (code: number, why: string) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      done({ code, stdout, stderr: [stderr.trimEnd(), why].filter(Boolean).join("\n") });
    };
    child.on("error", (error) => finish(127, error.message));
    child.on("close", (code, by) => finish(code ?? 1, ended || (by ? `ended by ${by}` : "")));
  });
}

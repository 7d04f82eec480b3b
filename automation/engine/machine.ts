/** This machine, as the search for an engine sees it. */
import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { CommandOutput, Machine } from "./types";
import { executable } from "./versions";

/** How long a host may take to answer before it counts as out of reach, in milliseconds. */
const ANSWER_TIME = 5_000;

export function thisMachine(env: NodeJS.ProcessEnv = process.env): Machine {
  return {
    env,
    async which(name) {
      for (const folder of (env["PATH"] ?? "").split(delimiter).filter(Boolean)) {
        const path = join(folder, executable(name));
        if (await isExecutable(path)) return path;
      }
      return undefined;
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
    return true;
  } catch {
    return false;
  }
}

function run(
  env: NodeJS.ProcessEnv,
  command: string,
  args: readonly string[],
  { cwd, env: extra, timeout, onLine, signal }: NonNullable<Parameters<Machine["run"]>[2]>,
): Promise<CommandOutput> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...env, ...extra },
      timeout,
      signal,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    if (onLine) createInterface({ input: child.stderr }).on("line", onLine);
    child.on("error", (error) => resolve({ code: 127, stdout, stderr: `${stderr}${error.message}` }));
    child.on("close", (code, killed) => {
      const why = killed
        ? `${stderr}\nended by ${killed}${timeout ? ` (time limit ${timeout / 1000} s)` : ""}`
        : stderr;
      resolve({ code: code ?? 1, stdout, stderr: why });
    });
  });
}

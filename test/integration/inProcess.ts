/**
 * The driver's command line in the test's own process, as a process of its own would have it: arguments, environment, folder,
 * and what it prints. Loading all that a driver needs takes longer than most of what it does, and is done once so. What
 * it does not prove: that the command line ends its process, which the tests that start it by `spawn` do.
 */
import type { Ended } from "./support";

interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other: environment and folder are the whole process's. */
export function driverInProcess(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  const next = last.then(() => run(args, surroundings));
  last = next.catch(() => undefined);
  return next;
}

async function run(args: readonly string[], { env, cwd }: Surroundings): Promise<Ended> {
  const { main } = await import("../../automation/cli/main.js");
  const before = { env: { ...process.env }, cwd: process.cwd() };
  const stdout = captured(process.stdout);
  const stderr = captured(process.stderr);
  try {
    change(env);
    process.chdir(cwd);
    const code = await main([process.execPath, "cli.ts", ...args]);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(before.cwd);
    change(before.env);
    stdout.release();
    stderr.release();
  }
}

/** The environment itself and no object in its place: it is handed on to processes that are started. */
function change(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  for (const [name, value] of Object.entries(env)) if (value !== undefined) process.env[name] = value;
}

function captured(stream: NodeJS.WriteStream): { text(): string; release(): void } {
  const before = ["write", "isTTY"].map(
    (name) => [name, Object.getOwnPropertyDescriptor(stream, name)] as const,
  );
  let text = "";
  stream.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    const done = rest.find((each): each is () => void => typeof each === "function");
    if (done) queueMicrotask(done);
    return true;
  };
  stream.isTTY = false;
  return {
    text: () => text,
    release() {
      for (const [name, own] of before) {
        Reflect.deleteProperty(stream, name);
        if (own) Object.defineProperty(stream, name, own);
      }
    },
  };
}

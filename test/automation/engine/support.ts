/** A machine of the test's own making: its commands are functions, its cache is a temporary folder. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CommandOutput, Machine } from "../../../automation/engine/types";
import { BUILT_CLI_VERSION } from "../../../automation/engine/versions";

export type RunOptions = NonNullable<Parameters<Machine["run"]>[2]>;
type Run = (
  args: readonly string[],
  options: RunOptions,
) => Partial<CommandOutput> | Promise<Partial<CommandOutput>>;

export interface FakeMachine extends Machine {
  readonly cache: string;
  /** Every command that was run, as `command arg arg`. */
  readonly ran: string[];
  /** Options of each run, by the same index as `ran`. */
  readonly options: RunOptions[];
}

export interface Fakes {
  /** By name: the path that the command has on PATH. */
  readonly onPath?: Record<string, string>;
  /** By name: the path of what stands beside `pulumi`. */
  readonly beside?: Record<string, string>;
  /** By path of the command. Commands that are not here, but are files, are `pulumi` of the version that they hold. */
  readonly commands?: Record<string, Run>;
  readonly reaches?: boolean;
}

export function fakeMachine({
  onPath = {},
  beside = {},
  commands = {},
  reaches = false,
}: Fakes): FakeMachine {
  const cache = mkdtempSync(join(tmpdir(), "engine-test-"));
  const ran: string[] = [];
  const seen: RunOptions[] = [];
  return {
    cache,
    ran,
    options: seen,
    env: { FEATURE_STORE_ACCESS_CACHE: cache },
    which: (name) => Promise.resolve(onPath[name]),
    beside: (_, name) => Promise.resolve(beside[name]),
    reaches: () => Promise.resolve(reaches),
    async run(command, args, options = {}) {
      ran.push([command, ...args].join(" "));
      seen.push(options);
      const fake = commands[command];
      if (fake) return { code: 0, stdout: "", stderr: "", ...(await fake(args, options)) };
      if (existsSync(command)) return { code: 0, stdout: `v${BUILT_CLI_VERSION}\n`, stderr: "" };
      return { code: 127, stdout: "", stderr: `${command}: not found` };
    },
  };
}

export const says =
  (stdout: string): Run =>
  () => ({ stdout });
export const fails =
  (stderr: string, code = 1): Run =>
  () => ({ code, stderr });

/** Writes a file that stands for an executable. */
export function placeCommand(path: string, content = ""): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, 0o755);
}

/** A `go` of the version, whose `build` writes the file after `-o`. */
export function fakeGo(version: string, build: Run = () => ({})): Run {
  return async (args, options) => {
    if (args[0] === "env") return { stdout: `${version}\n` };
    const result = await build(args, options);
    if (!result.code) placeCommand(args[args.indexOf("-o") + 1] ?? "");
    return result;
  };
}

/** False also for a process that has ended and is only waited for. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch (error) {
    // No /proc here: the signal alone tells.
    return (error as NodeJS.ErrnoException).code === "ENOENT" && !existsSync("/proc");
  }
}

/** Waits until `condition` gives something, for half a minute at most: a loop without an end would keep mocha from ending. */
export async function until<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (const begun = Date.now(); Date.now() - begun < 30_000; await sleep(50)) {
    const result = await condition();
    if (result) return result;
  }
  throw new Error(`waited in vain for ${condition.toString()}`);
}

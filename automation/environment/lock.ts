/**
 * The lock of an environment, a file beside the state: only one driver at a time changes it. The engine locks each stack alone, so
 * that two drivers would alternate within a graph.
 */
import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ExitCode, UserError } from "../model/errors";
import { isGone } from "./files";

export interface EnvironmentLockOptions {
  /** Receives one notice when it waits for another run, or when it has released a killed run's lock. */
  readonly notice?: (line: string) => void;
  /** Milliseconds to wait for another run; ten minutes by default. */
  readonly patience?: number;
  /** Milliseconds between checks. */
  readonly pause?: number;
  /** Ends the waiting, with the signal's reason. */
  readonly signal?: AbortSignal;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** `up`, `destroy`. */
  readonly action: string;
  readonly id: string;
}

const PATIENCE = 600_000;
const PAUSE = 250;
/** Milliseconds after which an unfinished takeover counts as abandoned. */
const TAKEOVER = 5_000;

/**
 * Runs `work` while no other process holds this file. A killed process of this machine no longer counts as a holder.
 * @param file absolute path of the lock
 * @throws UserError (locked) naming the holder, if it holds the lock for longer than the patience
 */
export async function alone<T>(
  file: string,
  action: string,
  work: () => Promise<T>,
  options: EnvironmentLockOptions = {},
): Promise<T> {
  const me: Holder = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    action,
    id: randomUUID(),
  };
  await take(file, me, options);
  try {
    return await work();
  } finally {
    // Another process may have considered this one dead, and hold the lock now.
    if ((await holderOf(file))?.id === me.id) await rm(file, { force: true });
  }
}

async function take(file: string, me: Holder, options: EnvironmentLockOptions): Promise<void> {
  const { notice = () => undefined, patience = PATIENCE, pause = PAUSE, signal } = options;
  const end = Date.now() + patience;
  let told = false;
  while (!(await claimed(file, me))) {
    const holder = await holderOf(file);
    if (!holder) continue;
    if (isGone(holder)) {
      if (await released(file, holder))
        notice(`the last run (process ${holder.pid}) was killed: its lock is released`);
      continue;
    }
    if (Date.now() >= end) throw stillHeld(file, holder);
    if (!told) notice(`waiting for another run to end: ${described(holder)}`);
    told = true;
    await sleep(pause, undefined, { signal });
  }
}

/** Creates the file with its content atomically, unless it exists. */
async function claimed(file: string, me: Holder): Promise<boolean> {
  const aside = `${file}.${me.id}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(aside, JSON.stringify(me));
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw new UserError(
      ExitCode.failed,
      `cannot tell whether another run is using this environment: ${(error as Error).message}`,
      "Nothing was changed. Make the folder writable.",
    );
  }
  try {
    await link(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** Removes a dead holder's file. If several processes find it dead, only one does, so that none removes the next holder's file. */
async function released(file: string, dead: Holder): Promise<boolean> {
  const takeover = `${file}.takeover`;
  try {
    await writeFile(takeover, "", { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const age = await stat(takeover).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > TAKEOVER) await rm(takeover, { force: true });
    else await sleep(PAUSE);
    return false;
  }
  try {
    if ((await holderOf(file))?.id !== dead.id) return false;
    await rm(file, { force: true });
    return true;
  } finally {
    await rm(takeover, { force: true });
  }
}

async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UserError(
      ExitCode.locked,
      `the lock ${file} cannot be read: ${(error as Error).message}`,
      "If no other run is under way, remove the file.",
    );
  }
}

function described({ action, pid, host, since }: Holder): string {
  return `${action}, process ${pid} on ${host}, since ${since}`;
}

function stillHeld(file: string, holder: Holder): UserError {
  return new UserError(
    ExitCode.locked,
    `another run is using this environment: ${described(holder)}`,
    `Wait for it to end. If it is no longer running, remove ${file}.`,
  );
}

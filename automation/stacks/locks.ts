/**
 * Locks of a state backend that keeps them as files. A killed run leaves its lock behind: this releases the lock if the process
 * is known to be gone, and otherwise waits for it, with a notice and a limit.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isGone } from "../environment/files";
import { isEngineFailure } from "./engineFailures";
import { plain } from "./events";

export interface LockHolder {
  readonly host: string;
  readonly pid: number;
}

/** Milliseconds to wait for the lock of a running process, before an error names its holder. */
const PATIENCE = 60_000;
const PAUSE = 500;

export interface LockOptions {
  /** Receives notices of waiting and releasing. */
  readonly notice?: (line: string) => void;
  /** Milliseconds to wait for the lock of a running process. */
  readonly patience?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/**
 * Runs `work`. If the stack is locked, releases the lock with `cancel` if each holder is a process of this machine that no longer
 * runs, and tries again; waits for running processes for up to a minute.
 * @throws the error of `work`, if the lock stays (ConcurrentUpdateError)
 */
export async function releasingDeadLocks<T>(
  work: () => Promise<T>,
  cancel: () => Promise<void>,
  { notice = () => undefined, patience = PATIENCE, signal }: LockOptions = {},
): Promise<T> {
  const end = Date.now() + patience;
  let told = false;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const holders = isEngineFailure(error) ? lockHolders(error.message) : [];
      if (holders.length === 0) throw error;
      if (holders.every(isGone)) {
        notice(`releasing the lock of a run that was killed (process ${pidsOf(holders)})`);
        await cancel();
        continue;
      }
      if (Date.now() >= end) throw error;
      if (!told) notice(`waiting for another run (process ${pidsOf(holders)}) to end`);
      told = true;
      await sleep(PAUSE, undefined, { signal });
    }
  }
}

/** The lock holders in the engine's message; empty if it is not about a lock. */
export function lockHolders(message: string): LockHolder[] {
  const text = plain(message);
  if (!text.includes("the stack is currently locked by")) return [];
  return [...text.matchAll(/created by [^@\s]*@(\S+) \(pid (\d+)\)/g)].map(([, host, pid]) => ({
    host: host ?? "",
    pid: Number(pid),
  }));
}

/** One process may hold several locks of a stack. */
function pidsOf(holders: readonly LockHolder[]): string {
  return [...new Set(holders.map(({ pid }) => pid))].join(", ");
}

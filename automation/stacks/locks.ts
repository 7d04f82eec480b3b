/**
 * Locks of a state backend that keeps them as files. A run that was killed leaves its lock behind: it is released
 * here if its process is known to be gone, and waited for, with a word and a bound, if it is still ending.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isGone } from "../environment/files";
import { isEngineFailure } from "./engineFailures";
import { plain } from "./events";

export interface LockHolder {
  readonly host: string;
  readonly pid: number;
}

/** How long a lock of a living process is waited for, in milliseconds, before its holder is named in an error. */
const PATIENCE = 60_000;
const PAUSE = 500;

export interface LockOptions {
  /** Told what is done or waited for. */
  readonly notice?: (line: string) => void;
  /** Milliseconds that a lock of a living process is waited for. */
  readonly patience?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/**
 * Does `work`; where it meets a lock, releases it by `cancel` if each holder is a process of this machine that no
 * longer runs, and tries again. A lock of a living process is waited for, up to a minute.
 * @throws what `work` threw, if the lock stays (ConcurrentUpdateError).
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

/** The holders that the engine's message names; empty if it tells of no lock. */
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

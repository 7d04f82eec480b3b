/**
 * The commands that use a sandbox which one of them started. That one ends it when the last of them is done. A lease is a file
 * named by its process; the lease of a process that has ended does not count.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Takes this process's lease on the sandbox of a state. Returns a function that gives it back. */
export function takeLease(state: string): () => void {
  const folder = leases(state);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, String(process.pid));
  writeFileSync(file, "");
  return () => rmSync(file, { force: true });
}

/** IDs of the other processes that use the sandbox of a state now. */
export function otherUsers(state: string): number[] {
  return namesIn(leases(state))
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && isAlive(pid));
}

/** True if a process with this ID runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may run as another user, whose processes this one may not signal.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function leases(state: string): string {
  return join(state, "users");
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

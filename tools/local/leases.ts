/** Leases of commands that share a sandbox. The command that started it ends it when no other command holds a lease. A lease is a
 * file named after the process ID; leases of processes that have ended do not count.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Takes this process's lease on a state's sandbox. @returns a function that ends the lease */
export function takeLease(state: string): () => void {
  const folder = leases(state);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, String(process.pid));
  writeFileSync(file, "");
  return () => rmSync(file, { force: true });
}

/** IDs of the other processes that use a state's sandbox. */
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
    // EPERM: it runs as another user, whose processes this one may not signal.
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

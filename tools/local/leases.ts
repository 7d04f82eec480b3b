/**
 * Who uses a sandbox that a command started for itself. Others attach to it meanwhile; its starter ends it only when
 * the last of them is done. A lease is a file named by its process; that of a process that is gone counts for nothing.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Takes this process's lease on the sandbox of a state, and returns what gives it back. */
export function takeLease(state: string): () => void {
  const folder = leases(state);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, String(process.pid));
  writeFileSync(file, "");
  return () => rmSync(file, { force: true });
}

/** The process IDs of the others that use the sandbox of a state now. */
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
    // It may run as another user, whom it is not ours to signal.
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

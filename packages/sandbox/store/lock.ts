/**
 * Keeps two sandboxes from using one state directory. `lock.json` names the process that holds the lock; a lock whose process has ended
 * (killed, or the machine restarted) is taken over at once. Process IDs are reused, so the process's start time counts too.
 */
import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lock as shortLock } from "proper-lockfile";
import { SandboxError } from "../errors";

interface Holder {
  readonly pid: number;
  /** Distinguishes two processes that had the same ID one after the other; empty if the system does not tell. */
  readonly started: string;
}

/** Locks `directory` and returns a function that frees it. @throws `SandboxError("stateInUse")` while another sandbox uses it */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, "lock.json");
  // Checking the holder and taking over are two steps: this short lock makes them atomic.
  const done = await shortLock(directory, {
    lockfilePath: join(directory, "lock.step"),
    stale: 2000,
    retries: { retries: 40, minTimeout: 50, maxTimeout: 100 },
  }).catch((error: unknown) => {
    throw new SandboxError(
      "stateInUse",
      `The state directory ${directory} cannot be locked: ${String(error)}.`,
    );
  });
  try {
    const holder = readHolder(path);
    if (holder && lives(holder))
      throw new SandboxError(
        "stateInUse",
        `The state directory ${directory} is in use by another sandbox (process ${holder.pid}). Stop it, or give another directory with --state.`,
      );
    const own: Holder = { pid: process.pid, started: startOf(process.pid) };
    writeFileSync(path, JSON.stringify(own), { mode: 0o600 });
  } finally {
    await done();
  }
  return () => {
    unlinkSync(path);
    return Promise.resolve();
  };
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Holder;
  } catch {
    return undefined; // absent, or truncated when its writer was killed: nobody holds it
  }
}

/** True if the process of this holder is still running. */
function lives(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return startOf(holder.pid) === holder.started;
}

/** On Linux the boot's ID and the process's start in clock ticks; elsewhere empty, so the process ID alone decides. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // The command's name, in parentheses, may contain spaces; the start time is the 20th field after it.
    return `${boot}/${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""}`;
  } catch {
    return "";
  }
}

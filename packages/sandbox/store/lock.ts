/**
 * Keeps two sandboxes from one state directory. The holder's process is named in `lock.json`; a lock whose process is gone
 * (killed, or the machine restarted) is taken over at once. Process IDs are used again, so the process's start time counts too.
 */
import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lock as shortLock } from "proper-lockfile";
import { SandboxError } from "../errors";

interface Holder {
  readonly pid: number;
  /** Differs between two processes that had the same ID one after the other; empty where the system does not tell. */
  readonly started: string;
}

/** Locks `directory` and returns what frees it. @throws `SandboxError("stateInUse")` while another sandbox lives in it */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, "lock.json");
  // The look at the holder and the takeover are two steps: this short lock makes them one.
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
    return undefined; // absent, or cut off when its writer was killed: nobody holds it
  }
}

/** True if the process that wrote this holder still runs. */
function lives(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return startOf(holder.pid) === holder.started;
}

/** On Linux the boot's ID and the process's start in clock ticks; elsewhere empty, and the process ID alone decides. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // The command's name, in parentheses, may hold spaces; the start time is the 20th field after it.
    return `${boot}/${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""}`;
  } catch {
    return "";
  }
}

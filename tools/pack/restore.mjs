/** Restores the package.json that prepack.mjs set aside. Given the ID of npm's process, waits until that has ended. */
import { existsSync, renameSync, rmSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

export const BACKUP = "package.json.source";

export function restore() {
  if (!existsSync(BACKUP)) return;
  rmSync("dist", { recursive: true, force: true });
  renameSync(BACKUP, "package.json");
}

const [, script, npm] = process.argv;
if (script === import.meta.filename) {
  while (npm !== undefined && existsSync(BACKUP) && runs(Number(npm))) await setTimeout(20);
  restore();
}

function runs(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

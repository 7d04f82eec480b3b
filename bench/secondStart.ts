/** The parts of the second `npm start`: engine, sandbox, deployment, verification; in seconds and as shares of the whole. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START = join(__dirname, "..", "tools", "local", "start.ts");

export function benchSecondStart() {
  const state = mkdtempSync(join(tmpdir(), "feature-store-access-bench-"));
  try {
    const first = run(state);
    const second = run(state);
    const whole = Object.values(second).reduce((sum, seconds) => sum + seconds, 0);
    const share = Object.fromEntries(
      Object.entries(second).map(([part, seconds]) => [part, seconds / whole]),
    );
    const before = Object.values(first).reduce((sum, seconds) => sum + seconds, 0);
    return { seconds: second, share, toFirstStart: whole / before };
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

/** Seconds of each part, as `npm start --timings` prints them. */
function run(state: string): Record<string, number> {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", START, "--state", state, "--timings"],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`npm start failed (${status}): ${stderr}`);
  const line = stdout.split("\n").find((each) => each.startsWith("timings "));
  return JSON.parse(line?.slice("timings ".length) ?? "{}") as Record<string, number>;
}

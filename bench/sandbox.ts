/** The start of a sandbox: time until it is ready, and memory. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROUNDS = 5;
const MAIN = join(__dirname, "..", "packages", "sandbox", "main.ts");

/** Median over five starts: seconds from spawn to the first line, the same for a bare Node.js process, and resident megabytes (Linux). */
export async function benchSandbox() {
  const rounds: { ready: number; bare: number; megabytes: number | undefined }[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({ bare: await bareStart(), ...(await oneStart()) });
  const ready = median(rounds.map((each) => each.ready));
  const bare = median(rounds.map((each) => each.bare));
  const megabytes = rounds.map((each) => each.megabytes).filter((value) => value !== undefined);
  return {
    readySeconds: ready,
    bareNodeSeconds: bare,
    ratio: ready / bare,
    ...(megabytes.length > 0 ? { megabytes: median(megabytes) } : {}),
  };
}

async function oneStart(): Promise<{ ready: number; megabytes: number | undefined }> {
  const state = mkdtempSync(join(tmpdir(), "feature-store-access-bench-"));
  const begun = process.hrtime.bigint();
  const child = spawn(process.execPath, ["--import", "tsx", MAIN, "--port", "0", "--state", state], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    await new Promise((resolve, reject) => child.stdout.once("data", resolve) && child.once("exit", reject));
    return { ready: secondsSince(begun), megabytes: residentMegabytes(child.pid) };
  } finally {
    const gone = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGTERM");
    await gone;
    rmSync(state, { recursive: true, force: true });
  }
}

function bareStart(): Promise<number> {
  const begun = process.hrtime.bigint();
  return new Promise((resolve) =>
    spawn(process.execPath, ["-e", ""]).once("close", () => resolve(secondsSince(begun))),
  );
}

function residentMegabytes(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

function secondsSince(begun: bigint): number {
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

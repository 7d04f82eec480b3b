// Locks, on the engine's message as the DIY backend words it (pulumi pkg/backend/diy/lock.go). That the engine's locks
// really read like this is proven where a real run is killed: test/integration.
import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { CommandError } from "@pulumi/pulumi/automation";
import { expect } from "chai";
import { lockHolders, releasingDeadLocks } from "../../../automation/stacks/locks";

function lockError(...pids: number[]): CommandError {
  const locks = pids.map(
    (pid) =>
      `\n  file:///s/.pulumi/locks/x.json: created by ml@${hostname()} (pid ${pid}) at 2026-01-02T03:04:05Z`,
  );
  const text = `error: the stack is currently locked by ${pids.length} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.${locks.join("")}`;
  return Object.assign(Object.create(CommandError.prototype) as CommandError, { message: text });
}

const deadPid = () => spawnSync("true").pid;

describe("locks", () => {
  it("reads who holds a lock", () => {
    expect(lockHolders(lockError(41, 42).message)).to.deep.equal([
      { host: hostname(), pid: 41 },
      { host: hostname(), pid: 42 },
    ]);
    expect(lockHolders("error: something else (pid 3)")).to.deep.equal([]);
  });

  it("releases a dead process's lock, says so, and goes on", async () => {
    const notices: string[] = [];
    let cancelled = 0;
    const pid = deadPid();
    const work = () => (cancelled > 0 ? Promise.resolve("done") : Promise.reject(lockError(pid)));
    const cancel = () => Promise.resolve(void cancelled++);
    expect(await releasingDeadLocks(work, cancel, { notice: (line) => notices.push(line) })).to.equal("done");
    expect(cancelled).to.equal(1);
    expect(notices).to.deep.equal([`releasing the lock of a run that was killed (process ${pid})`]);
  });

  it("waits for a living process, and never cancels its lock", async () => {
    let tries = 0;
    const work = () => (++tries > 1 ? Promise.resolve("done") : Promise.reject(lockError(process.pid)));
    const cancel = () => Promise.reject(new Error("cancelled a living run"));
    expect(await releasingDeadLocks(work, cancel)).to.equal("done");
  });

  it("gives up on a living process after its patience, with the engine's own error", async () => {
    const error = lockError(process.pid, deadPid());
    const outcome = await releasingDeadLocks(
      () => Promise.reject(error),
      () => Promise.resolve(),
      { patience: 0 },
    ).catch((caught: unknown) => caught);
    expect(outcome).to.equal(error);
  });

  it("does not touch other errors", async () => {
    const error = new Error("no credentials");
    expect(
      await releasingDeadLocks(
        () => Promise.reject(error),
        () => Promise.resolve(),
      ).catch((e: unknown) => e),
    ).to.equal(error);
  });
});

// One driver at a time on an environment. That processes exclude each other on the real engine is shown by
// test/integration/driverFaults.test.ts; here they are simulated in one.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { alone } from "../../../automation/environment/lock";
import { ExitCode } from "../../../automation/model/errors";

describe("the lock of an environment", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "feature-store-access-lock-"));
    file = join(folder, "shop", "dev.lock");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const held = (pid: number, host = hostname()) => {
    rmSync(folder, { recursive: true, force: true });
    file = join(mkdtempSync(`${folder}-`), "dev.lock");
    folder = join(file, "..");
    writeFileSync(
      file,
      JSON.stringify({ pid, host, since: "2026-01-01T00:00:00Z", action: "up", id: "other" }),
    );
  };
  const gone = () => spawnSync(process.execPath, ["-e", "0"]).pid;
  const notDone = () => Promise.reject(new Error("not to be done"));
  const caught = (work: Promise<unknown>) => work.catch((error: unknown) => error);

  it("lets one work at a time, says that it waits, and leaves nothing behind", async () => {
    let working = 0;
    const notices: string[] = [];
    const work = async () => {
      expect(++working).to.equal(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      working--;
    };
    const options = { pause: 1, notice: (line: string) => notices.push(line) };
    await Promise.all(Array.from({ length: 5 }, () => alone(file, "up", work, options)));
    expect(notices.length).to.be.within(1, 4);
    expect(notices[0]).to.contain(`waiting for another run to end: up, process ${process.pid}`);
    expect(readdirSync(join(folder, "shop"))).to.deep.equal([]);
  });

  it("is given back when the work fails", async () => {
    const error = new Error("the work's own");
    expect(await caught(alone(file, "up", () => Promise.reject(error)))).to.equal(error);
    expect(existsSync(file)).to.equal(false);
  });

  it("is taken over from a process that was killed, by one of many that want it", async () => {
    held(gone());
    let working = 0;
    const notices: string[] = [];
    const work = async () => {
      expect(++working).to.equal(1);
      await new Promise(setImmediate);
      working--;
    };
    const options = { pause: 1, notice: (line: string) => notices.push(line) };
    await Promise.all(Array.from({ length: 4 }, () => alone(file, "up", work, options)));
    expect(notices.filter((line) => line.includes("was killed"))).to.have.length(1);
  });

  it("stays another's while that lives, or is of another machine; then it is named, with what to do", async () => {
    for (const host of [hostname(), "elsewhere"]) {
      held(host === "elsewhere" ? gone() : process.pid, host);
      const error = await caught(alone(file, "up", notDone, { patience: 0 }));
      expect(error).to.include({ exitCode: ExitCode.locked });
      expect((error as Error).message)
        .to.contain(`process`)
        .and.contain(host);
      expect((error as { advice: string }).advice).to.contain(file);
      expect(JSON.parse(readFileSync(file, "utf8"))).to.include({ id: "other" });
    }
  });

  it("is waited for until the run is stopped", async () => {
    held(process.pid);
    const stop = new AbortController();
    const waiting = alone(file, "up", notDone, { signal: stop.signal, notice: () => stop.abort() });
    expect(await caught(waiting)).to.have.property("name", "AbortError");
  });

  it("says so where it cannot be written or read", async () => {
    writeFileSync(join(folder, "shop"), "a file where the folder should be");
    expect(await caught(alone(file, "up", notDone))).to.include({ exitCode: ExitCode.failed });
    held(1);
    writeFileSync(file, "cut of");
    expect(await caught(alone(file, "up", notDone))).to.include({ exitCode: ExitCode.locked });
  });
});

/**
 * A folder of the cache is made once and whole: by two processes at once, after a maker that was killed, after one that
 * failed. Real processes and files; does not prove anything of file systems shared by several machines.
 */
import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { keep } from "../../../automation/engine/keep";

/** A maker that says "making", makes for as long as it is told, and notes itself in a file that only grows. */
const MAKER = `
  const { keep } = require(process.env.KEEP);
  const { appendFileSync, writeFileSync } = require("node:fs");
  const { join } = require("node:path");
  const [folder, time] = process.argv.slice(1);
  keep(folder, async (into) => {
    appendFileSync(folder + ".makers", "made\\n");
    writeFileSync(join(into, "half"), "");
    console.log("making");
    await new Promise((resolve) => setTimeout(resolve, Number(time)));
    writeFileSync(join(into, "whole"), String(process.pid));
  }, { stale: 2000, pause: 20 }).then(() => console.log("there"));
`;

describe("keep", () => {
  let cache: string;
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "keep-test-"));
    folder = join(cache, "engine", "build-1");
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    rmSync(cache, { recursive: true, force: true });
  });

  const maker = (time: number) => {
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", MAKER, folder, String(time)], {
      env: { ...process.env, KEEP: require.resolve("../../../automation/engine/keep") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const lines: string[] = [];
    const output = createInterface({ input: child.stdout });
    output.on("line", (line) => lines.push(line));
    return { child, lines, said: () => once(output, "line"), ended: once(child, "close") };
  };
  const makers = () => readFileSync(`${folder}.makers`, "utf8").trim().split("\n").length;

  it("makes the folder once for two processes that ask at the same time", async () => {
    const both = [maker(400), maker(400)];
    const ends = await Promise.all(both.map(({ ended }) => ended));
    expect(ends).to.deep.equal([
      [0, null],
      [0, null],
    ]);
    expect(makers()).to.equal(1);
    expect(both.map(({ lines }) => lines.includes("there"))).to.deep.equal([true, true]);
    expect(readdirSync(folder).sort()).to.deep.equal(["half", "whole"]);
  });

  it("leaves nothing under the name when the maker is killed, and the next one clears up and makes it", async () => {
    const first = maker(60_000);
    await first.said();
    first.child.kill("SIGKILL");
    await first.ended;
    expect(existsSync(folder)).to.equal(false);
    const second = maker(0);
    await second.ended;
    expect(makers()).to.equal(2);
    expect(readdirSync(folder).sort()).to.deep.equal(["half", "whole"]);
    expect(readdirSync(join(cache, "engine")).sort()).to.deep.equal(["build-1", "build-1.makers"]);
  });

  it("gives the maker's failure, and leaves nothing aside and no lock", async () => {
    const failure = await keep(folder, (into) => {
      writeFileSync(join(into, "half"), "");
      return Promise.reject(new Error("no compiler"));
    }).catch((error: unknown) => error as Error);
    expect(failure).to.be.instanceOf(Error).with.property("message", "no compiler");
    expect(readdirSync(join(cache, "engine"))).to.deep.equal([]);
  });

  it("does not make what is there, and makes anew what is there and of no use", async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "old"), "");
    let made = 0;
    const make = (into: string) => {
      made++;
      writeFileSync(join(into, "new"), "");
      return Promise.resolve();
    };
    await keep(folder, make);
    expect(made).to.equal(0);
    await keep(folder, make, { usable: () => Promise.resolve(existsSync(join(folder, "new"))) });
    expect(made).to.equal(1);
    expect(readdirSync(folder)).to.deep.equal(["new"]);
  });

  it("tells who waits that it waits, and ends the waiting with the signal", async () => {
    const first = maker(60_000);
    await first.said();
    const lines: string[] = [];
    const stop = new AbortController();
    const waiting = keep(folder, () => Promise.resolve(), {
      progress: (line) => void (lines.push(line), stop.abort()),
      signal: stop.signal,
      pause: 10,
    });
    expect(await waiting.catch((error: unknown) => (error as Error).name)).to.equal("AbortError");
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain("waiting for another process").and.contain(`${folder}.lock`);
  });
});

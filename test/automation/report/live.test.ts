// Progress on a terminal, with a surface that is made up. That log-update moves the cursor right is its own matter.
import { expect } from "chai";
import { PassThrough } from "node:stream";
import { LiveProgress } from "../../../automation/report/live";
import type { DriverProgress } from "../../../automation/model/reports";
import { change, stage } from "../fakeStacks";
import { nothing } from "../../../automation/run/stageReports";

describe("progress on a terminal", () => {
  const lines: string[] = [];
  let shown = "";
  let now = 0;
  let live: LiveProgress;
  beforeEach(() => {
    lines.length = 0;
    const surface = Object.assign((text: string) => void (shown = text), {
      clear: () => (shown = ""),
      done: () => undefined,
    });
    live = new LiveProgress(
      surface,
      (line) => lines.push(line),
      () => now,
    );
  });
  afterEach(() => live.end());

  const begin = (name: string) => live.onProgress({ kind: "stage-begun", stage: name, account: "A" });
  const step = (name: string, resource: string, done: boolean) =>
    live.onProgress({
      kind: "engine",
      progress: { stage: name, kind: "resource", change: { ...change("create"), name: resource }, done },
    });
  const end = (name: string): DriverProgress => ({
    kind: "stage-ended",
    report: { ...nothing(stage(name)), status: "changed", changes: [change("create")] },
  });

  it("shows each stage that is worked on, what it is at, and for how long", () => {
    begin("writer");
    begin("centralStore");
    step("writer", "writer-role", false);
    now += 2000;
    step("writer", "writer-role", true);
    step("writer", "writer-key", false);
    expect(shown.split("\n")).to.deep.equal([
      "writer (account A) 2 s, 1 done: create writer-key",
      "centralStore (account A) 2 s",
    ]);
  });

  it("leaves what is done as lines above, and takes the stage from below", () => {
    begin("writer");
    live.onProgress(end("writer"));
    live.onProgress({ kind: "notice", stage: "x", message: "waiting for a lock" });
    expect(lines[0]).to.match(/^writer: 1 to create/);
    expect(lines[1]).to.equal("x: waiting for a lock");
    expect(shown).to.equal("");
  });

  it("is for terminals: not for pipes, CI, or terminals that cannot be written over", async () => {
    const stream = (isTTY: boolean) =>
      Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 20 }) as never;
    expect(await LiveProgress.on(stream(false), {})).to.equal(undefined);
    expect(await LiveProgress.on(stream(true), { CI: "true" })).to.equal(undefined);
    expect(await LiveProgress.on(stream(true), { TERM: "dumb" })).to.equal(undefined);
    const real = await LiveProgress.on(stream(true), {});
    expect(real).to.be.instanceOf(LiveProgress);
    real?.end();
  });
});

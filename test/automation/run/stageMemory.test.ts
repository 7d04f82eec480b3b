// When a stage is not run: only if program, settings, inputs and state are all as its last run left them.
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Driver } from "../../../automation/run/driver";
import type { DriverOptions } from "../../../automation/model/driverOptions";
import { programHash, hashOf } from "../../../automation/environment/hashes";
import { differences, FileMemory } from "../../../automation/run/stageMemory";
import { CHAIN, deployedStack, FakeStacks, known } from "../fakeStacks";

describe("stages that are unchanged", () => {
  let folder: string;
  let stacks: FakeStacks;
  let program: string | undefined;
  let settings: Record<string, unknown>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "feature-store-access-memory-"));
    stacks = new FakeStacks();
    program = "p1";
    settings = {};
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const driver = (options: Partial<DriverOptions> = {}) =>
    new Driver({
      stages: CHAIN,
      stacks,
      recovery: () => Promise.resolve([]),
      // One that is new, as each run of the command line has one.
      memory: new FileMemory({
        folder,
        nameOf: ({ name }) => name,
        program: () => Promise.resolve(program),
        settingsOf: ({ name }) => settings[name],
      }),
      ...options,
    });
  /** The stages that the engine ran in an update, after one that brought all up. */
  const ran = async (options: Partial<DriverOptions> = {}) => {
    stacks.calls.length = 0;
    const report = await driver(options).up();
    expect(report.ok).to.equal(true);
    for (const { stage: name, notRun, status } of report.stages) {
      expect(notRun === "unchanged").to.equal(!stacks.calls.includes(`up ${name}`), name);
      if (notRun) expect(status).to.equal("unchanged");
    }
    return stacks.calls.map((call) => call.replace("up ", ""));
  };
  const ALL = ["writer", "offlineBucket", "featureGroups"];

  it("are not run, in an update or a preview, and give what is deployed", async () => {
    expect(await ran()).to.deep.equal(ALL);
    expect(await ran()).to.deep.equal([]);
    const { stages } = await driver().preview();
    expect(stacks.calls).to.deep.equal([]);
    expect(stages.map(({ notRun, outputs }) => [notRun, outputs])).to.deep.equal(
      ALL.map((name) => ["unchanged", known(`${name}-id`)]),
    );
  });

  it("are run if the program is another, or cannot be told", async () => {
    await ran();
    program = "p2";
    expect(await ran()).to.deep.equal(ALL);
    program = undefined;
    expect(await ran()).to.deep.equal(ALL);
  });

  it("are run if their settings are others, and only these", async () => {
    await ran();
    settings["offlineBucket"] = { days: 30 };
    expect(await ran()).to.deep.equal(["offlineBucket"]);
  });

  it("are run if what they need gives something else", async () => {
    await ran();
    settings["writer"] = "changed";
    stacks.gives["writer"] = known("another-id");
    expect(await ran()).to.deep.equal(ALL);
  });

  it("are run if their state was written by another, or has an operation that did not end", async () => {
    await ran();
    stacks.state["featureGroups"] = { ...deployedStack(stacks.state["featureGroups"]), version: "other" };
    expect(await ran()).to.deep.equal(["featureGroups"]);
    const pending = [{ urn: "urn:x", type: "aws:kms/key:Key", inputs: {} }];
    stacks.state["writer"] = { ...deployedStack(stacks.state["writer"]), pending };
    expect(await ran()).to.include("writer");
    delete stacks.state["offlineBucket"];
    expect(await ran()).to.deep.equal(["offlineBucket"]);
  });

  it("are run with refresh, where identities are stale, and where nothing is known of the last run", async () => {
    await ran();
    expect(await ran({ refresh: true })).to.deep.equal(ALL);
    const staleIdentities: DriverOptions["staleIdentities"] = ({ name }) =>
      Promise.resolve(name === "writer" ? "its role was made again" : undefined);
    expect(await ran({ staleIdentities })).to.deep.equal(["writer"]);
    rmSync(folder, { recursive: true });
    expect(await ran()).to.deep.equal(ALL);
    for (const name of ALL) writeFileSync(join(folder, `${name}.json`), "cut of");
    expect(await ran()).to.deep.equal(ALL);
  });

  it("are run after a run that failed, whatever it was for", async () => {
    await ran();
    settings["writer"] = "changed";
    stacks.fail = "writer";
    expect((await driver().up()).ok).to.equal(false);
    stacks.fail = undefined;
    settings["writer"] = undefined;
    expect(await ran()).to.deep.equal(["writer"]);
  });

  it("are run each time if they are wired to a secret: no hash of one is kept", async () => {
    stacks.gives["writer"] = { id: { value: "s3cret", secret: true } };
    await ran();
    expect(await ran()).to.deep.equal(["offlineBucket", "featureGroups"]);
  });

  it("keep running where nothing can be noted", async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "a file where the folder should be");
    expect(await ran()).to.deep.equal(ALL);
    expect(await ran()).to.deep.equal(ALL);
  });

  it("are told from others by each part of what a run depends on", () => {
    const basis = { program: "p", settings: "s", inputs: "i", state: "t" };
    expect(differences(basis, basis)).to.deep.equal([]);
    expect(differences({ ...basis, inputs: "j", state: "u" }, basis)).to.deep.equal(["inputs", "state"]);
    expect(hashOf({ a: 1, b: [{ c: 2, d: 3 }] })).to.equal(hashOf({ b: [{ d: 3, c: 2 }], a: 1 }));
    expect(hashOf([1, 2])).not.to.equal(hashOf([2, 1]));
  });
});

describe("the hash of the program", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "feature-store-access-program-"));
    mkdirSync(join(root, "components", "policies"), { recursive: true });
    mkdirSync(join(root, "automation", "graph"), { recursive: true });
    writeFileSync(join(root, "components", "stages.ts"), "1");
    writeFileSync(join(root, "package-lock.json"), "{}");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("is another after any change of a source, its name, or a lock file, and is the same otherwise", async () => {
    const seen = [await programHash(root)];
    const differs = async () => {
      const hash = await programHash(root);
      expect(seen).not.to.include(hash);
      seen.push(hash);
    };
    expect(await programHash(root)).to.equal(seen[0]);
    writeFileSync(join(root, "components", "policies", "key.ts"), "2");
    await differs();
    writeFileSync(join(root, "components", "policies", "key.ts"), "3");
    await differs();
    writeFileSync(join(root, "package-lock.json"), "{ }");
    await differs();
    writeFileSync(join(root, "automation", "graph", "wiring.ts"), "4");
    await differs();
    writeFileSync(join(root, "README.md"), "5");
    expect(await programHash(root)).to.equal(seen.at(-1));
  });

  it("cannot be told without a lock file", async () => {
    rmSync(join(root, "package-lock.json"));
    expect(await programHash(root)).to.equal(undefined);
    expect(await programHash()).to.match(/^[0-9a-f]{64}$/);
  });
});

// What a saved plan says and refuses, with plans and states that are made up. That the engine keeps to its part, and that
// what left the settings goes by a plan, is proven by test/integration (driverPlan, consumers).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ExitCode, UserError } from "../../../automation/model/errors";
import { holdingToPlan, readPlan, savingPlan, type PlanBasis } from "../../../automation/run/planFile";
import type { GraphReport, StageReport } from "../../../automation/model/reports";

const stage = (name: string, more: Partial<StageReport> = {}): StageReport => ({
  ...{ stage: name, account: "B", needs: [], status: "changed", changes: [], unchanged: 0, outputs: {} },
  ...more,
});
const REPORT: GraphReport = {
  action: "preview",
  ok: true,
  stages: [stage("centralStore", { status: "unchanged" }), stage("consumer:gone", { departed: true })],
};

describe("a saved plan", () => {
  let folder: string;
  let states: Record<string, string | undefined>;
  const file = () => join(folder, "plan.json");
  const basisOf = (name: string): Promise<PlanBasis> =>
    Promise.resolve({ program: "p", settings: "s", state: states[name] });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plan-file-"));
    states = { centralStore: "1", "consumer:gone": "1" };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const save = (report = REPORT) => {
    const facts = { environment: "dev", refresh: false, allowReplace: [] };
    return savingPlan(file(), facts, basisOf, () => Promise.resolve(report));
  };
  const apply = async () => {
    let begun = false;
    const plan = await readPlan(file(), "dev");
    await holdingToPlan(file(), plan, basisOf, () => {
      begun = true;
      return Promise.resolve(REPORT);
    });
    return begun;
  };

  it("says which stages go, apart from those that stay", async () => {
    await save();
    const { stages, departed } = await readPlan(file(), "dev");
    expect(stages.map((each) => each.stage)).to.deep.equal(["centralStore"]);
    expect(departed.map((each) => each.stage)).to.deep.equal(["consumer:gone"]);
    expect(await apply()).to.equal(true);
  });

  for (const [what, change] of Object.entries({
    "that goes was changed since": { "consumer:gone": "2" },
    "that goes is gone already": { "consumer:gone": undefined },
    "that stays was changed since": { centralStore: "2" },
  }))
    it(`does not hold where a stage ${what}: nothing is begun`, async () => {
      await save();
      Object.assign(states, change);
      const error = await apply().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(UserError).with.property("exitCode", ExitCode.plan);
      expect((error as Error).message)
        .to.contain(Object.keys(change)[0])
        .and.contain("its state has changed");
    });

  it("is not written of a preview that did not come out well", async () => {
    await save({ ...REPORT, ok: false });
    expect(() => readFileSync(file())).to.throw(/ENOENT/);
  });

  it("of an earlier form has nothing that goes", async () => {
    await save();
    const { departed: _, ...earlier } = JSON.parse(readFileSync(file(), "utf8")) as Record<string, unknown>;
    writeFileSync(file(), JSON.stringify(earlier));
    expect((await readPlan(file(), "dev")).departed).to.deep.equal([]);
  });
});

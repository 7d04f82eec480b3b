// Losses of data, changes of contracts, and why a stage changes: what the driver says before it does anything.
import { expect } from "chai";
import { contractChanges } from "../../../automation/graph/contractChanges";
import { lossesIn } from "../../../automation/run/dataLoss";
import { Driver } from "../../../automation/run/driver";
import type { DriverOptions } from "../../../automation/model/driverOptions";
import type { WireValues } from "../../../automation/model/wires";
import { ExitCode, UserError } from "../../../automation/model/errors";
import { exitCodeOf } from "../../../automation/cli/exitCodes";
import { UNKNOWN_MARKER } from "../../../automation/graph/wiring";
import { bucket, change, CHAIN, deployedStack, FakeStacks, known } from "../fakeStacks";

const role = { urn: "urn:pulumi:dev::p::aws:iam/role:Role::writer", type: "aws:iam/role:Role" };

describe("dangers to data", () => {
  it("are replacements and deletions of what holds data, once for each resource", () => {
    const steps = ["create-replacement", "replace", "delete-replaced"].map((op) => change(op));
    expect(lossesIn("s", steps, deployedStack({ resources: [bucket] }))).to.deep.equal([
      {
        stage: "s",
        kind: "replace",
        urn: bucket.urn,
        type: bucket.type,
        name: "store",
        id: "orders-sagemaker",
        because: ["bucket"],
        allowed: false,
      },
    ]);
    expect(lossesIn("s", [change("delete")], undefined)[0]).to.include({ kind: "delete", allowed: false });
    for (const op of ["create", "update", "same", "import", "read"])
      expect(lossesIn("s", [change(op)], undefined)).to.deep.equal([]);
    expect(lossesIn("s", [change("delete", role)], undefined)).to.deep.equal([]);
  });

  it("are allowed by URN, logical name or AWS ID, and by no other", () => {
    const deployed = deployedStack({ resources: [bucket] });
    const allowed = (name: string) => lossesIn("s", [change("delete")], deployed, [name])[0]?.allowed;
    for (const name of [bucket.urn, "store", "orders-sagemaker"]) expect(allowed(name), name).to.equal(true);
    for (const name of ["orders", "", "*", bucket.type]) expect(allowed(name), name).to.equal(false);
  });

  describe("in a run", () => {
    let stacks: FakeStacks;
    beforeEach(() => {
      stacks = new FakeStacks();
      stacks.state["writer"] = deployedStack({ outputs: known("writer-id") });
      stacks.previewed["writer"] = known("writer-id");
      stacks.state["offlineBucket"] = deployedStack({ resources: [bucket] });
    });
    const driver = (options: Partial<DriverOptions> = {}) =>
      new Driver({ stages: CHAIN, stacks, recovery: () => Promise.resolve([]), ...options });
    const updates = () => stacks.calls.filter((call) => call.startsWith("up"));

    it("fail the preview with their own exit code, and an update before it touches anything", async () => {
      stacks.changes["offlineBucket"] = [change("delete")];
      const report = await driver().preview();
      expect(report.ok).to.equal(false);
      expect(report.stages.map(({ status }) => status)).not.to.include("failed");
      expect(exitCodeOf(report)).to.equal(ExitCode.dataLoss);
      const error = await driver()
        .up()
        .catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(UserError).and.have.property("exitCode", ExitCode.dataLoss);
      expect((error as UserError).message).to.contain("offlineBucket: DELETES aws:s3/bucket:Bucket store");
      expect((error as UserError).advice).to.contain("--allow-replace store");
      expect(updates()).to.deep.equal([]);
    });

    it("pass where they are allowed by name", async () => {
      stacks.changes["offlineBucket"] = [change("replace")];
      const allowReplace = ["store"];
      expect(exitCodeOf(await driver({ allowReplace }).preview())).to.equal(ExitCode.ok);
      expect((await driver({ allowReplace }).up()).ok).to.equal(true);
      expect(updates()).to.have.length(3);
    });

    it("are looked for once more, before the stage, where its inputs are not what was previewed", async () => {
      stacks.gives["writer"] = known("another-id");
      const notOnce: string[] = [];
      const preview = stacks.preview;
      stacks.preview = async (run) => {
        const outcome = await preview(run);
        notOnce.push(run.stage.name);
        const late =
          run.inputs["writer"]?.["id"]?.value === "another-id" && run.stage.name === "offlineBucket";
        return late ? { ...outcome, changes: [change("replace")] } : outcome;
      };
      const report = await driver().up();
      expect(report.stages.map(({ status }) => status)).to.deep.equal(["unchanged", "failed", "skipped"]);
      expect(exitCodeOf(report)).to.equal(ExitCode.dataLoss);
      expect(updates()).to.deep.equal(["up writer"]);
      expect(notOnce.filter((name) => name === "offlineBucket")).to.have.length(2);
    });

    it("cost no preview where nothing that is deployed holds data", async () => {
      stacks.state["offlineBucket"] = deployedStack();
      await driver().up();
      expect(stacks.calls).to.deep.equal(["up writer", "up offlineBucket", "up featureGroups"]);
    });
  });
});

describe("changes of a contract", () => {
  const values = (raw: Record<string, unknown>): WireValues =>
    Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, { value, secret: false }]));

  it("are named by path, with what was and what will be; unknown stays unknown", () => {
    const deployed = values({
      arn: "a",
      groups: { orders: { arn: "x", uri: "u" }, old: 1 },
      list: [1, 2],
      gone: 0,
    });
    const after = values({
      arn: UNKNOWN_MARKER,
      groups: { orders: { arn: "y", uri: "u" }, new: { arn: UNKNOWN_MARKER } },
      list: [1, 3],
    });
    expect(contractChanges(deployed, after)).to.deep.equal([
      { path: "arn", from: { value: "a" }, to: { unknown: true } },
      { path: "groups.orders.arn", from: { value: "x" }, to: { value: "y" } },
      { path: "groups.old", from: { value: 1 } },
      { path: "groups.new", to: { unknown: true } },
      { path: "list", from: { value: [1, 2] }, to: { value: [1, 3] } },
      { path: "gone", from: { value: 0 } },
    ]);
    expect(contractChanges(deployed, deployed)).to.deep.equal([]);
  });

  it("hide secrets, and all that is inside of them", () => {
    const secret = (value: unknown): WireValues => ({ key: { value, secret: true } });
    const changes = contractChanges(secret({ a: 1 }), secret({ a: 2 }));
    expect(changes).to.deep.equal([{ path: "key", from: { secret: true }, to: { secret: true } }]);
    expect(contractChanges(secret("s"), secret("s"))).to.deep.equal([]);
  });

  it("are why the stages that need them change: which stage, and which of its outputs", async () => {
    const stacks = new FakeStacks();
    stacks.state["writer"] = deployedStack({ outputs: known("old") });
    stacks.state["offlineBucket"] = deployedStack({ outputs: known("same") });
    stacks.previewed["writer"] = known("new");
    stacks.previewed["offlineBucket"] = known("same");
    const { stages } = await new Driver({
      stages: CHAIN,
      stacks,
      recovery: () => Promise.resolve([]),
    }).preview();
    expect(stages.map(({ causes }) => causes)).to.deep.equal([
      [],
      [{ stage: "writer", outputs: ["id"] }],
      [{ stage: "writer", outputs: ["id"] }],
    ]);
    expect(stages[0]?.contractChanges).to.deep.equal([
      { path: "id", from: { value: "old" }, to: { value: "new" } },
    ]);
  });
});

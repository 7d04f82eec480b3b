// The driver's walk over the graph, with stacks that are made up. That real stacks behave as these do is proven by
// test/integration, on the real engine.
import { expect } from "chai";
import type { Stage } from "../../../components/stages";
import { Driver } from "../../../automation/run/driver";
import type { DriverProgress } from "../../../automation/model/reports";
import { ExitCode, UserError } from "../../../automation/model/errors";
import { UNKNOWN_MARKER } from "../../../automation/graph/wiring";
import { bucket, CHAIN, deployedStack, FakeStacks, known, stage } from "../fakeStacks";

function driverOver(stacks: FakeStacks, stages: readonly Stage[] = CHAIN) {
  const progress: DriverProgress[] = [];
  const recovery = () => Promise.resolve([{ urn: "urn:x", id: "found-1" }]);
  return {
    progress,
    driver: new Driver({ stages, stacks, recovery, onProgress: (event) => progress.push(event) }),
  };
}

describe("driver", () => {
  it("brings every stage up after its needs, wired to what they gave", async () => {
    const stacks = new FakeStacks();
    const report = await driverOver(stacks).driver.up();
    expect(report.ok).to.equal(true);
    expect(stacks.calls).to.deep.equal(["up writer", "up offlineBucket", "up featureGroups"]);
    expect(stacks.inputs["featureGroups"]).to.deep.equal({
      writer: known("writer-id"),
      offlineBucket: known("offlineBucket-id"),
    });
  });

  it("previews downstream against what upstream would give, unknowns as unknowns", async () => {
    const stacks = new FakeStacks();
    stacks.state["writer"] = deployedStack({
      outputs: { ...known("old"), other: { value: "kept", secret: false } },
    });
    stacks.previewed["writer"] = known("new");
    await driverOver(stacks).driver.preview();
    expect(stacks.inputs["offlineBucket"]).to.deep.equal({
      writer: { ...known("new"), other: { value: "kept", secret: false } },
    });
    expect(stacks.inputs["featureGroups"]?.["offlineBucket"]).to.deep.equal(known(UNKNOWN_MARKER));
  });

  it("stops at a failed stage and says which it skips and why", async () => {
    const stacks = new FakeStacks();
    stacks.fail = "offlineBucket";
    const report = await driverOver(stacks).driver.up();
    expect(report.ok).to.equal(false);
    expect(report.stages.map(({ stage: name, status }) => `${name} ${status}`)).to.deep.equal([
      "writer unchanged",
      "offlineBucket failed",
      "featureGroups skipped",
    ]);
    expect(report.stages[2]?.reason).to.equal("offlineBucket failed");
    expect(stacks.calls).to.not.include("up featureGroups");
  });

  it("refuses an upstream output that does not decode before the stage that needs it is run", async () => {
    const refuse = () => {
      throw new UserError(ExitCode.failed, "writer gave no roleArn");
    };
    const stacks = new FakeStacks();
    const report = await driverOver(stacks, [
      stage("writer", [], { decode: refuse }),
      stage("offlineBucket", ["writer"]),
    ]).driver.up();
    expect(report.stages[1]?.error?.message).to.equal("writer gave no roleArn");
    expect(stacks.calls).to.deep.equal(["up writer"]);
  });

  it("takes over what a killed run made before it goes on", async () => {
    const stacks = new FakeStacks();
    stacks.state["writer"] = deployedStack({
      pending: [{ urn: "urn:x", type: "aws:kms/key:Key", inputs: {} }],
    });
    const { driver, progress } = driverOver(stacks);
    await driver.up();
    expect(stacks.calls.slice(0, 2)).to.deep.equal(["adopt writer [found-1]", "up writer"]);
    expect(progress.find(({ kind }) => kind === "notice")).to.deep.include({ stage: "writer" });
  });

  it("has a deployed stage read anew where its identities are stale, and says why", async () => {
    const stacks = new FakeStacks();
    stacks.state["offlineBucket"] = deployedStack();
    const notices: string[] = [];
    const driver = new Driver({
      stages: CHAIN,
      stacks,
      recovery: () => Promise.resolve([]),
      staleIdentities: ({ name }) =>
        Promise.resolve(name === "featureGroups" ? undefined : `${name}'s role was made again`),
      onProgress: (event) => event.kind === "notice" && notices.push(`${event.stage} ${event.message}`),
    });
    for (const action of ["preview", "up"] as const) {
      stacks.refreshed.length = notices.length = 0;
      await driver[action]();
      expect(stacks.refreshed).to.deep.equal(["offlineBucket"]);
      expect(notices).to.have.length(1);
      expect(notices[0]).to.contain("offlineBucket's role was made again");
    }
  });

  describe("destroy", () => {
    it("goes in reverse, past stages that were never deployed", async () => {
      const stacks = new FakeStacks();
      stacks.state["writer"] = deployedStack();
      stacks.state["featureGroups"] = deployedStack();
      const report = await driverOver(stacks).driver.destroy();
      expect(stacks.calls).to.deep.equal(["destroy featureGroups", "destroy writer"]);
      expect(report.stages[1]).to.include({ stage: "offlineBucket", status: "absent" });
    });

    it("refuses protected data by name, with nothing touched", async () => {
      const stacks = new FakeStacks();
      stacks.state["featureGroups"] = deployedStack();
      stacks.state["offlineBucket"] = deployedStack({ resources: [{ ...bucket, protect: true }] });
      const error = await driverOver(stacks)
        .driver.destroy()
        .catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(UserError).with.property("exitCode", ExitCode.protectedData);
      expect((error as UserError).message).to.contain(
        "offlineBucket (account A): aws:s3/bucket:Bucket orders-sagemaker",
      );
      expect(stacks.calls).to.deep.equal([]);
    });

    it("lifts the protection first where that is asked, of just the stages that have it", async () => {
      const stacks = new FakeStacks();
      stacks.state["writer"] = deployedStack({ outputs: known("w") });
      stacks.state["offlineBucket"] = deployedStack({ resources: [{ ...bucket, protect: true }] });
      await driverOver(stacks).driver.destroy({ stages: CHAIN, stacks });
      expect(stacks.calls).to.deep.equal(["up offlineBucket", "destroy offlineBucket", "destroy writer"]);
      expect(stacks.inputs["offlineBucket"]).to.deep.equal({});
    });
  });
});

// What the driver does with a stage whose program breaks rules, with stacks that are made up. That the rules are heeded on the
// real engine is proven by test/integration/policyPack.test.ts.
import { expect } from "chai";
import { Driver } from "../../../automation/run/driver";
import { ExitCode, PolicyBroken } from "../../../automation/model/errors";
import { exitCodeOf } from "../../../automation/cli/exitCodes";
import { graphJson } from "../../../automation/report/json";
import { graphMarkdown } from "../../../automation/report/markdown";
import { summaryLines } from "../../../automation/report/terminal";
import type { GraphReport } from "../../../automation/model/reports";
import type { StageOutcome, StageRun } from "../../../automation/model/stackPort";
import type { Violation } from "../../../policy-pack/rules";
import { bucket, CHAIN, deployedStack, FakeStacks, known } from "../fakeStacks";

const VIOLATION: Violation = {
  rule: "tls-only",
  urn: "urn:pulumi:dev::p::aws:s3/bucketPolicy:BucketPolicy::offline-bucket-policy",
  type: "aws:s3/bucketPolicy:BucketPolicy",
  name: "offline-bucket-policy",
  problem: "policy does not deny requests without TLS | @somebody",
  advice: "Add a statement.",
};

/** Stacks of which one's program breaks a rule: a preview says so, an update is refused by it. */
class BreakingStacks extends FakeStacks {
  override preview = async (run: StageRun): Promise<StageOutcome> => {
    const outcome = await this.previewedAs(run);
    return run.stage.name === this.breaks ? { ...outcome, violations: [VIOLATION] } : outcome;
  };
  override up = async (run: StageRun): Promise<StageOutcome> => {
    if (run.stage.name === this.breaks) throw new PolicyBroken(run.stage.name, "update", [VIOLATION]);
    this.calls.push(`up ${run.stage.name}`);
    return Promise.resolve({ outputs: known(`${run.stage.name}-id`), changes: [], unchanged: 1 });
  };

  constructor(readonly breaks = "offlineBucket") {
    super();
  }

  private previewedAs(run: StageRun): Promise<StageOutcome> {
    this.calls.push(`preview ${run.stage.name}`);
    return Promise.resolve({ outputs: known("would"), changes: [], unchanged: 1 });
  }
}

const driverOver = (stacks: FakeStacks) =>
  new Driver({ stages: CHAIN, stacks, recovery: () => Promise.resolve([]) });
const states = ({ stages }: GraphReport) => stages.map(({ stage, status }) => `${stage} ${status}`);

describe("a stage that breaks rules", () => {
  it("fails its preview, which goes on with what the stage would give", async () => {
    const report = await driverOver(new BreakingStacks()).preview();
    expect(report.ok).to.equal(false);
    expect(states(report)).to.deep.equal([
      "writer unchanged",
      "offlineBucket failed",
      "featureGroups unchanged",
    ]);
    expect(report.stages[1]?.violations).to.deep.equal([VIOLATION]);
    expect(exitCodeOf(report)).to.equal(ExitCode.policy);
  });

  it("fails its update, and what depends on it is skipped", async () => {
    const stacks = new BreakingStacks();
    const report = await driverOver(stacks).up();
    expect(states(report)).to.deep.equal([
      "writer unchanged",
      "offlineBucket failed",
      "featureGroups skipped",
    ]);
    expect(report.stages[1]?.violations).to.deep.equal([VIOLATION]);
    expect(exitCodeOf(report)).to.equal(ExitCode.policy);
  });

  it("keeps an update from touching any stage, where one is previewed first as data is deployed", async () => {
    const stacks = new BreakingStacks();
    stacks.state["featureGroups"] = deployedStack({ resources: [bucket] });
    const report = await driverOver(stacks).up();
    expect(states(report)).to.deep.equal(["writer skipped", "offlineBucket failed", "featureGroups skipped"]);
    expect(report.stages[0]?.reason).to.equal("nothing was touched: offlineBucket breaks rules");
    expect(stacks.calls.filter((call) => call.startsWith("up"))).to.deep.equal([]);
    expect(exitCodeOf(report)).to.equal(ExitCode.policy);
  });

  it("is in the JSON, in the lines for a terminal and in the comment, with what to do", async () => {
    const report = await driverOver(new BreakingStacks()).preview();
    const { stages } = graphJson(report) as { stages: { violations?: unknown }[] };
    expect(stages.map(({ violations }) => violations)).to.deep.equal([undefined, [VIOLATION], undefined]);
    const lines = summaryLines(report).join("\n");
    expect(lines).to.include("tls-only: BucketPolicy offline-bucket-policy: policy does not deny");
    expect(lines).to.include("Add a statement.");
    const comment = graphMarkdown(report, { env: "dev" });
    expect(comment).to.include("**offlineBucket breaks rules of the policy pack**");
    expect(comment).to.include(
      "| <code>tls-only</code> | <code>offline-bucket-policy</code> | policy does not deny requests without TLS &#124; &#64;somebody | Add a statement. |",
    );
  });
});

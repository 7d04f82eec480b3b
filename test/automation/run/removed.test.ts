// Stages that the settings name no more, with stacks that are made up. That real stacks go is proven by
// test/integration/consumers.test.ts.
import { join } from "node:path";
import { expect } from "chai";
import { RemovedStages, removedStages, withRemoved, withRemovedDrift } from "../../../automation/run/removed";
import { driftLines } from "../../../automation/report/drift";
import { ExitCode, UserError } from "../../../automation/model/errors";
import type { Environment } from "../../../automation/environment/project";
import { settingsFromFile } from "../../../components/settings";
import { bucket, deployedStack, FakeStacks } from "../fakeStacks";

const environment = {
  name: "dev",
  settings: settingsFromFile(join(__dirname, "..", "..", "..", "Pulumi.dev.yaml")),
} as Environment;
const THEIRS = ["consumer", "crossAccountRole", "consumerGrants"].map((kind) => `dev.${kind}.gone`);
const names = (...stacks: string[]) => removedStages(environment, stacks).map(({ name }) => name);

function departing(stacks: FakeStacks, allowReplace?: string[]) {
  const recovery = () => Promise.resolve([]);
  return new RemovedStages({
    stacks,
    recovery,
    allowReplace,
    removed: removedStages(environment, THEIRS),
  });
}

/** Three stacks; that of `consumer:gone` holds a bucket. */
function deployed(protect: boolean) {
  const stacks = new FakeStacks();
  for (const kind of ["crossAccountRole", "consumerGrants"]) stacks.state[`${kind}:gone`] = deployedStack();
  const resources = [{ ...bucket, protect, retainOnDelete: protect }];
  stacks.state["consumer:gone"] = deployedStack({ resources });
  return stacks;
}

describe("departed stages", () => {
  it("are those of the environment that have a stack and are not in the settings", () => {
    expect(names("dev", "dev.writer", "dev.consumer.fraud-scoring", "prod.consumer.gone")).to.deep.equal([]);
    expect(names(...THEIRS)).to.deep.equal(["consumer:gone", "crossAccountRole:gone", "consumerGrants:gone"]);
    expect(names("dev.consumer.a.b", "dev.other.gone", "dev.consumer")).to.deep.equal([]);
  });

  it("need only what is departed with them", () => {
    const needs = Object.fromEntries(
      removedStages(environment, THEIRS).map((each) => [each.name, each.needs]),
    );
    expect(needs["crossAccountRole:gone"]).to.deep.equal(["consumer:gone"]);
    expect(removedStages(environment, THEIRS.slice(1))[0]?.needs).to.deep.equal([]);
  });

  it("of a topology that was turned off are found too", () => {
    const { offlineStore: _, ...settings } = environment.settings;
    const stacks = ["dev.writer", "dev.offlineBucket", "dev.featureGroups", "dev.centralStore"];
    const found = removedStages({ ...environment, settings }, stacks);
    expect(found.map(({ name }) => name)).to.deep.equal(["writer", "offlineBucket", "featureGroups"]);
  });

  it("are previewed as deletions, those of data as dangers", async () => {
    const reports = await departing(deployed(false)).preview();
    expect(reports.map(({ stage }) => stage)).to.deep.equal([
      "consumerGrants:gone",
      "crossAccountRole:gone",
      "consumer:gone",
    ]);
    expect(reports.every(({ departed }) => departed)).to.equal(true);
    const [danger] = reports[2]?.dangers ?? [];
    expect(danger).to.include({ kind: "delete", allowed: false });
    const graph = { action: "preview", stages: [], ok: true } as const;
    expect(withRemoved(graph, reports, "last").ok).to.equal(false);
    const allowed = await departing(deployed(false), [danger?.name ?? ""]).preview();
    expect(withRemoved(graph, allowed, "last").ok).to.equal(true);
  });

  it("are not destroyed with their data unless it is allowed by name", async () => {
    const error = await departing(deployed(false))
      .guard()
      .then(
        () => undefined,
        (thrown: unknown) => thrown as UserError,
      );
    expect(error).to.be.instanceOf(UserError).and.to.include({ exitCode: ExitCode.dataLoss });
  });

  it("are named where drift is read, and are no drift by themselves", async () => {
    const drifted = { urn: "u", type: "t", name: "n", id: "i", kind: "deleted", properties: [] } as const;
    const stacks = deployed(false);
    const graph = { action: "drift", stages: [], ok: true, drifted: false } as const;
    const calm = withRemovedDrift(graph, await departing(stacks).drift());
    expect(calm).to.include({ ok: true, drifted: false });
    expect(
      driftLines(calm).filter((line) => line.includes("removed from the settings and still deployed")),
    ).to.have.lengthOf(3);
    stacks.drifted["consumer:gone"] = [drifted];
    const report = withRemovedDrift(graph, await departing(stacks).drift());
    expect(report).to.include({ ok: true, drifted: true });
    expect(report.stages.find(({ status }) => status === "drifted")).to.include({
      stage: "consumer:gone",
      departed: true,
    });
  });

  it("are destroyed in reverse, and released of their protection before", async () => {
    const stacks = deployed(true);
    await departing(stacks).destroy("released");
    expect(stacks.calls).to.deep.equal([
      "release consumer:gone",
      "destroy consumerGrants:gone",
      "destroy crossAccountRole:gone",
      "destroy consumer:gone",
    ]);
    expect(stacks.state).to.deep.equal({});
  });
});

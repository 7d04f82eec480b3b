// What a stage's program is given of the settings: enough to declare just what it declares with all of them, and nothing
// that would have it run for a change elsewhere.
import { expect } from "chai";
import { Accounts } from "../../../components/accounts";
import { parseSettings, type Settings } from "../../../components/settings";
import { stages, type Stage, type StageInputs } from "../../../components/stages";
import { hashOf } from "../../../automation/environment/hashes";
import { viewOf } from "../../../automation/environment/stageView";
import { devSettings, registering, useMocks } from "../../components/support";

const both = (change: (raw: any) => void = () => undefined): Settings => {
  const raw = devSettings();
  change(raw);
  return parseSettings(raw);
};
const named = (settings: Settings, name: string): Stage => {
  const stage = stages(settings).find((each) => each.name === name);
  if (!stage) throw new Error(`no stage ${name}`);
  return stage;
};
/** By stage: hash of what its program is given. */
const hashes = (settings: Settings) =>
  new Map(stages(settings).map((stage) => [stage.name, hashOf(viewOf(settings, stage).settings)]));
const changedBy = (change: (raw: any) => void) => {
  const before = hashes(both());
  return [...hashes(both(change))].filter(([name, hash]) => before.get(name) !== hash).map(([name]) => name);
};

describe("what a stage is given of the settings", () => {
  before(useMocks);

  for (const policyMode of ["leastPrivilege", "documented"])
    it(`makes it declare what it declares with all of them (${policyMode})`, async () => {
      const settings = both((raw) => (raw.policyMode = policyMode));
      const given: Record<string, StageInputs[string]> = {};
      for (const { name } of stages(settings)) {
        const declared = async (stage: Stage, of: Settings) => {
          let outputs = {};
          const resources = await registering(
            () => (outputs = stage.program({ settings: of, accounts: new Accounts(of) }, given)),
          );
          return {
            outputs,
            resources: resources.map(({ type, name: each, inputs }) => ({ type, each, inputs })),
          };
        };
        const whole = await declared(named(settings, name), settings);
        const view = viewOf(settings, named(settings, name));
        const narrow = await declared(view.stage, view.settings);
        expect(narrow.resources, name).to.deep.equal(whole.resources);
        expect(Object.keys(narrow.outputs)).to.deep.equal(Object.keys(whole.outputs));
        given[name] = whole.outputs;
      }
      expect(Object.keys(given)).to.have.length.of.at.least(9);
    });

  it("changes for no stage but a consumer's own as that consumer changes, comes or goes", () => {
    const own = ["consumer", "crossAccountRole", "consumerGrants"].map((each) => `${each}:fraud-scoring`);
    expect(changedBy(({ consumers }) => (consumers["fraud-scoring"].externalId = "another"))).to.deep.equal(
      own,
    );
    const another = structuredClone(devSettings()["consumers"]?.["fraud-scoring"]) as any;
    another.resultsBucket.name = "shop-another-results";
    another.externalId = "shop/another";
    expect(changedBy(({ consumers }) => (consumers["another"] = another))).to.deep.equal([
      ...["consumer", "crossAccountRole", "consumerGrants"].map((each) => `${each}:another`),
    ]);
    expect(changedBy(({ consumers }) => delete consumers["recommendations"])).to.deep.equal([]);
  });

  it("changes with its own topology, and with what all stages share", () => {
    const mine = changedBy(({ offlineStore }) => (offlineStore.noncurrentVersionDays = 31));
    expect(mine).to.deep.equal(["writer", "offlineBucket", "featureGroups"]);
    const all = stages(both()).map(({ name }) => name);
    expect(changedBy((raw) => (raw.tags = { environment: "other" }))).to.deep.equal(all);
    expect(changedBy((raw) => (raw.accountB.externalId = "other"))).to.deep.equal(all);
  });
});

/** What a change gives and takes: in words from the settings, and to the single grant from the policies. */
import { expect } from "chai";
import { diffAccess, hasUnexplainedGain, type AccessSide } from "../../../access/diff";
import { permissionsOf } from "../../../access/permissions";
import { diffLines } from "../../../automation/report/proofReport";
import { changed, planned, proofOf, statement, type Change, type Plan } from "./plan";

async function side(plan: Plan): Promise<AccessSide> {
  const { model, catalog, intents, ceilings } = await proofOf(plan);
  const isBroad = plan.settings.policyMode === "documented";
  return { permissions: permissionsOf(model, catalog), intents, ceilings, isBroad };
}

type Settings = Parameters<typeof planned>[0];

async function between(before: Settings, after: Settings) {
  return diffAccess(await side(await planned(before)), await side(await planned(after)));
}

describe("proof: what a change does to access", function () {
  this.timeout(20_000);
  let plan: Plan;
  before(async () => void (plan = await planned()));
  const byHand = async (change: Change) => diffAccess(await side(plan), await side(changed(plan, change)));

  it("nothing, where nothing changes", async () => {
    const diff = await between(undefined, undefined);
    expect([diff.gained, diff.lost, diff.grantsGained, diff.grantsLost]).to.deep.equal([[], [], [], []]);
    expect(diffLines(diff, "main")[0]).to.match(/^against main: the same access \(\d+ intended accesses\)$/);
  });

  it("names who may read what now, and where the settings say so", async () => {
    const diff = await between(
      undefined,
      (raw) => (raw["consumers"]["fraud-scoring"].access.shoppers = ["readOnline", "readOffline"]),
    );
    expect(diff.gained).to.deep.equal([
      {
        id: "consumer fraud-scoring readOffline shoppers",
        says: "consumer fraud-scoring may read feature group shoppers offline",
        setting: "consumers.fraud-scoring.access.shoppers",
      },
    ]);
    expect(diff.lost).to.deep.equal([]);
    expect(diff.grantsGained.every(({ explained }) => explained)).to.equal(true);
    expect(diff.grantsGained.map(({ action }) => action)).to.include.members([
      "s3:GetObject",
      "glue:GetTable",
    ]);
    expect(hasUnexplainedGain(diff)).to.equal(false);
  });

  it("names what is lost", async () => {
    const diff = await between(
      (raw) => (raw["consumers"]["fraud-scoring"].access.shoppers = ["readOnline", "write"]),
      undefined,
    );
    expect(diff.lost.map(({ says }) => says)).to.deep.equal([
      "consumer fraud-scoring may write feature group shoppers",
    ]);
    expect(diff.gained).to.deep.equal([]);
    expect(diff.grantsLost.length).to.be.greaterThan(0);
  });

  it("names all that comes with a consumer, and goes with one", async () => {
    const without: Settings = (raw) => delete raw["consumers"]["recommendations"];
    const [coming, going] = [await between(without, undefined), await between(undefined, without)];
    const ofIt = coming.gained
      .filter(({ says }) => says.startsWith("consumer recommendations may read"))
      .map(({ says }) => says);
    expect(ofIt).to.deep.equal([
      "consumer recommendations may read feature group shoppers online",
      "consumer recommendations may read feature group shoppers offline",
    ]);
    expect(going.lost).to.deep.equal(coming.gained);
    expect(hasUnexplainedGain(coming)).to.equal(false);
  });

  it("knows what a statement excepts: less of it is more access, more of it is less", async () => {
    const excepting = (NotAction: string[], NotResource: string[]): Change =>
      statement("cross-account-fraud-scoring-access", "ReadOffline", (each) => {
        delete each.Action;
        delete each.Resource;
        Object.assign(each, { NotAction, NotResource });
      });
    const [secret, both] = [
      "arn:aws:s3:::shop/secret/*",
      ["arn:aws:s3:::shop/secret/*", "arn:aws:s3:::shop/x"],
    ];
    const few = await side(changed(plan, excepting(["iam:*"], [secret])));
    const moreActions = await side(changed(plan, excepting(["iam:*", "s3:Delete*"], [secret])));
    const moreResources = await side(changed(plan, excepting(["iam:*"], both)));
    for (const more of [moreActions, moreResources]) {
      expect(diffAccess(more, few).grantsGained.map(({ action }) => action)).to.deep.equal(["*"]);
      expect(diffAccess(more, few).grantsLost).to.deep.equal([]);
      expect(diffAccess(few, more).grantsLost.map(({ action }) => action)).to.deep.equal(["*"]);
      expect(diffAccess(few, more).grantsGained).to.deep.equal([]);
    }
  });

  it("stands out where a policy gives more and no setting says why", async () => {
    const diff = await byHand(
      statement("cross-account-fraud-scoring-access", "ReadOffline", (each) => {
        each.Resource = "arn:aws:s3:::shop-central-store-sagemaker-dev/*";
      }),
    );
    expect(diff.gained).to.deep.equal([]);
    expect(hasUnexplainedGain(diff)).to.equal(true);
    expect(diffLines(diff, "the deployed stacks").join("\n")).to.match(
      /GAINED, and no setting explains it:\n.*s3:GetObject on arn:aws:s3:::shop-central-store-sagemaker-dev\/\*/,
    );
  });

  it("takes a grant with a condition less for a gain, and one with a condition more for none", async () => {
    const trust = (edit: Parameters<typeof statement>[2]) =>
      statement("cross-account-fraud-scoring-role", "Consumer", edit, "assumeRolePolicy");
    const wider = await byHand(trust((each) => delete each.Condition));
    expect(wider.grantsGained.map(({ action }) => action)).to.deep.equal(["sts:AssumeRole"]);
    const tighter = await byHand(
      trust((each) => (each.Condition.StringEquals["aws:PrincipalOrgID"] = "o-abcdefghij")),
    );
    expect(tighter.grantsGained).to.deep.equal([]);
  });

  it("calls the documents' own policies what the settings ask for", async () => {
    const diff = await between(undefined, (raw) => (raw["policyMode"] = "documented"));
    expect(diff.grantsGained.length).to.be.greaterThan(50);
    expect(hasUnexplainedGain(diff)).to.equal(false);
  });
});

/**
 * Seeded mistakes: each is caught from the plan alone, by a finding that names it. It does not prove that AWS answers to
 * each mistake as the finding says; the sandbox's tests and a real account show that.
 */
import { expect } from "chai";
import type { Finding } from "../../../access/findings";
import { placeWords } from "../../../access/findings";
import { HURRIED } from "./hurriedMistakes";
import { MISTAKES } from "./mistakes";
import { changed, planned, proofOf, type Plan } from "./plan";

const textOf = ({ says, why, places }: Finding) => [says, ...why, ...places.map(placeWords)].join("\n");

describe("proof: seeded mistakes", () => {
  let plan: Plan;
  before(async function () {
    this.timeout(20_000);
    plan = await planned();
  });

  it("finds nothing where there is no mistake", async () => {
    const { findings, intents } = await proofOf(plan);
    expect(findings.map(textOf)).to.deep.equal([]);
    expect(intents.length).to.be.greaterThan(40);
  });

  it("has at least 100 of them", () => expect([...MISTAKES, ...HURRIED].length).to.be.at.least(100));

  for (const { name, change, caught } of [...MISTAKES, ...HURRIED])
    it(`catches: ${name}`, async () => {
      const { findings } = await proofOf(changed(plan, change));
      const all = findings.map(textOf).join("\n\n");
      for (const words of caught) expect(all).to.match(words);
    });
});

// Monitoring in the proof of the whole plan: its topics and trail take AWS's services for this account, and nobody else.
import { expect } from "chai";
import { changed, planned, proofOf, statement, type Plan } from "./plan";

describe("monitoring in the proof", () => {
  let plan: Plan;
  const found = async (of: Plan) =>
    (await proofOf(of)).findings.map(({ says, why }) => `${says}: ${why.join("; ")}`);
  before(async () => {
    plan = await planned((raw: Record<string, any>) => {
      for (const account of ["accountA", "accountB"]) raw[account].region = "eu-central-1";
      raw["monitoring"] = {
        accounts: {
          A: { trail: { bucketName: "shop-trail-a" } },
          B: { trail: { existing: "arn:aws:cloudtrail:eu-central-1:222222222222:trail/all" } },
        },
      };
    });
  });

  it("grants what it is meant to, and nothing else", async () => {
    expect(await found(plan)).to.deep.equal([]);
  });

  for (const [name, policy, sid] of [
    ["a topic that any account's rules publish to", "monitoring-a-topic-policy", "Rules"],
    ["a trail's bucket that any trail writes", "monitoring-a-policy", "WriteTrail"],
  ] as const)
    it(`finds ${name}`, async () => {
      const open = statement(policy, sid, (each) => delete each.Condition);
      expect((await found(changed(plan, open))).join("\n")).to.match(/everyone else may not/);
    });
});

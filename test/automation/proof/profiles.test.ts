// Profiles and access by tags in the proof of the whole plan: all that is intended works, nothing is beyond it, and a
// condition that is lost is found. That AWS decides by tags as the evaluator does is AWS's documentation's word.
import { expect } from "chai";
import type { Proof } from "../../../access/prove";
import { changed, planned, proofOf, statement, type Plan } from "./plan";

type Raw = Record<string, any>;

const trusted = (account: string, name = "Team") => [`arn:aws:iam::${account}:role/${name}`];
const PROFILES = ["producer", "consumer", "auditor", "administrator"] as const;

/** Every profile on both stores, by names, by tags and by the principal's tags; groups tagged by team. */
export function withProfiles(raw: Raw): void {
  raw["offlineStore"].featureGroups[0].tags = { team: "growth" };
  raw["centralStore"].featureGroups[0].tags = { team: "growth" };
  raw["centralStore"].featureGroups[1].tags = { team: "fraud" };
  const profiles: Raw = {};
  for (const profile of PROFILES) {
    const b = { profile, store: "centralStore", trustedRoleArns: trusted("222222222222") };
    profiles[`${profile}-names`] = { ...b, featureGroups: ["payments"] };
    profiles[`${profile}-tags`] = { ...b, tags: { team: "fraud" } };
    profiles[`${profile}-own`] = { ...b, principalTags: ["team"] };
    const a = { profile, store: "offlineStore", trustedRoleArns: trusted("111111111111") };
    profiles[`${profile}-a`] = { ...a, featureGroups: ["customers"] };
  }
  profiles["reader-b"] = {
    profile: "consumer",
    store: "offlineStore",
    account: "B",
    trustedRoleArns: trusted("222222222222"),
    tags: { team: "growth" },
  };
  raw["profiles"] = profiles;
  raw["consumers"]["recommendations"].access = { shoppers: ["readOffline"] };
  delete raw["consumers"]["fraud-scoring"].access;
  raw["consumers"]["fraud-scoring"].accessByTags = [
    { tags: { team: "fraud" }, permissions: ["readOffline"] },
  ];
  raw["consumers"]["recommendations"].accessByTags = [
    { tags: { team: "fraud" }, permissions: ["readOnline", "readOffline"] },
  ];
}

const words = ({ findings }: Proof) => findings.map(({ says, why }) => `${says}: ${why.join("; ")}`);

describe("profiles in the proof", () => {
  let plan: Plan;
  before(async () => {
    plan = await planned(withProfiles);
  });

  it("grant what they are meant to, and nothing else", async () => {
    const proof = await proofOf(plan);
    expect(words(proof)).to.deep.equal([]);
    expect(proof.intents.some(({ intent }) => intent.id.startsWith("profile administrator-own"))).to.equal(
      true,
    );
  });

  // Each a mistake in one statement, and what of the proof finds it.
  const mistakes: readonly (readonly [string, Parameters<typeof changed>[1], RegExp])[] = [
    [
      "a producer by tags without the condition",
      statement("profile-producer-tags-access", "WriteRecords", (each) => delete each.Condition),
      /may do nothing with shoppers/,
    ],
    [
      "a consumer's objects without the principal's tag",
      statement("profile-consumer-own-access", "ReadOffline1", (each) => delete each.Condition),
      /by another's tags/,
    ],
    [
      "an auditor that reads objects",
      statement("profile-auditor-names-access", "InspectBucket", (each) => {
        each.Action = [...each.Action, "s3:GetObject"];
        each.Resource = [each.Resource, `${each.Resource}/*`];
      }),
      /may do no more with payments/,
    ],
    [
      "a trust that lets the account in",
      statement(
        "profile-producer-names-role",
        "Assume",
        (each) => (each.Principal = { AWS: "arn:aws:iam::222222222222:root" }),
        "assumeRolePolicy",
      ),
      /may not assume the role of profile producer-names/,
    ],
    [
      "a consumer of records by tags without the condition",
      statement(
        "cross-account-recommendations-access",
        "ReadRecordsByTags1",
        (each) => delete each.Condition,
      ),
      /not tagged team=fraud/,
    ],
  ];
  for (const [name, change, found] of mistakes)
    it(`find ${name}`, async () => {
      expect(words(await proofOf(changed(plan, change))).join("\n")).to.match(found);
    });
});

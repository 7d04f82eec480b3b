// The project's own programs keep the rules, whatever the settings choose: planned as the access proof plans them, without an
// engine. Not told by a plan: which resources are protected (test/components), and what AWS's answers change.
import { expect } from "chai";
import { ruleContext } from "../../automation/stacks/policyCheck";
import { violationsOf, violationsOfStack, type DeclaredResource } from "../../policy-pack/rules";
import { planned, type Plan } from "../automation/proof/plan";

type Raw = Record<string, any>;

const CHOICES: readonly (readonly [string, (raw: Raw) => unknown])[] = [
  ["as they are in Pulumi.dev.yaml", () => undefined],
  ["with the documents' policies", (raw) => (raw["policyMode"] = "documented")],
  [
    "with AWS's own keys where that is allowed",
    (raw) => (raw["centralStore"].keys = { online: "aws", offline: "aws" }),
  ],
  [
    "with shared, multi-Region, unrotated keys that administrators have",
    (raw) => {
      raw["centralStore"].keys = { online: "shared", multiRegion: true, enableRotation: false };
      raw["centralStore"].keyAdministrators = ["arn:aws:iam::222222222222:role/KeyAdministrator"];
    },
  ],
  [
    "with profiles for roles of a consumer's own account, by tags",
    (raw) =>
      (raw["profiles"] = {
        administrators: {
          profile: "administrator",
          store: "centralStore",
          trustedRoleArns: ["arn:aws:iam::333333333333:role/Engineers"],
          principalTags: ["team"],
        },
        auditors: {
          profile: "auditor",
          store: "offlineStore",
          trustedRoleArns: ["arn:aws:iam::111111111111:role/Audit"],
          tags: { team: "fraud" },
        },
      }),
  ],
  [
    "with monitoring by a trail of its own in each account",
    (raw) =>
      (raw["monitoring"] = {
        accounts: { A: { trail: { bucketName: "trail-a" } }, B: { trail: { bucketName: "trail-b" } } },
      }),
  ],
  [
    "with Iceberg tables",
    (raw) => {
      for (const store of ["offlineStore", "centralStore"])
        for (const group of raw[store].featureGroups) group.tableFormat = "Iceberg";
    },
  ],
  [
    "with a consumer that brings its role and bucket",
    (raw) => {
      const { recommendations } = raw["consumers"];
      recommendations.executionRoleArn = "arn:aws:iam::333333333333:role/notebooks";
      recommendations.resultsBucket = { name: "own-results", existing: true };
      recommendations.trustSageMaker = true;
    },
  ],
];

describe("the project's own programs keep the rules", () => {
  for (const [title, change] of CHOICES)
    it(title, async () => {
      const { settings, described } = await planned(change);
      // What is protected the plan does not tell.
      const context = { ...ruleContext(settings), protectData: false };
      const resources = declaredOf(described);
      expect(resources.length).to.be.above(20);
      expect(resources.flatMap((resource) => violationsOf(resource, context))).to.deep.equal([]);
      for (const stage of new Set(described.map((each) => each.stage)))
        expect(
          violationsOfStack(
            resources.filter((_, at) => described[at]?.stage === stage),
            context,
          ),
          stage,
        ).to.deep.equal([]);
    });

  it("and the documents' policies break just the two rules that policyMode widens", async () => {
    const { settings, described } = await planned((raw) => (raw["policyMode"] = "documented"));
    const context = { ...ruleContext(settings), policyMode: "leastPrivilege", protectData: false } as const;
    const rules = declaredOf(described).flatMap((resource) => violationsOf(resource, context));
    expect([...new Set(rules.map(({ rule }) => rule))].sort()).to.deep.equal([
      "no-broad-managed-policy",
      "no-wildcard-action",
    ]);
  });
});

function declaredOf(described: Plan["described"]): DeclaredResource[] {
  return described.map(({ stage, type, name, account, outputs }) => {
    const urn = `urn:pulumi:dev.${stage}::p::${type}::${name}`;
    return { urn, type, name, account, inputs: outputs, protect: false };
  });
}

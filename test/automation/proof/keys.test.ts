// The access that each choice of keys grants, proven from the plan: what is meant works, and nothing is granted beyond it. The policies
// of given keys are their owners': here they are taken to allow what is asked; test/automation/keyPreflight.test.ts asks them.
import { expect } from "chai";
import { planned, proofOf } from "./plan";

type Raw = { [key: string]: any };
const A = "arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555";
const B = A.replace("111111111111", "222222222222");

const CHOICES: [string, object, object][] = [
  ["shared keys", { online: "shared" }, { online: "shared" }],
  ["own keys through SageMaker", { online: "own", viaService: true }, { viaService: true }],
  ["keys that the service may not look at", { sageMakerReads: false }, { sageMakerReads: false }],
  ["multi-Region keys without rotation", { multiRegion: true, enableRotation: false }, { multiRegion: true }],
  ["given keys", { online: A, offline: A }, { online: B, offline: "own" }],
  ["AWS's own keys", { online: "aws" }, { online: "aws", offline: "aws" }],
];

describe("the proof of each choice of keys", function () {
  this.timeout(60_000);
  for (const [name, offlineStore, centralStore] of CHOICES)
    it(`holds for ${name}`, async () => {
      const plan = await planned((raw: Raw) => {
        for (const [store, keys] of [
          ["offlineStore", offlineStore],
          ["centralStore", centralStore],
        ] as const) {
          raw[store].keys = keys;
          delete raw[store].keyAdministrators;
        }
      });
      const { findings } = await proofOf(plan);
      expect(findings.map(({ says, why }) => [says, ...why].join("\n"))).to.deep.equal([]);
    });
});

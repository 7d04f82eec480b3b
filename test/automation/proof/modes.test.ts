/**
 * Both topologies in both policy modes: all that is meant works, all that must not work does not, and the default mode
 * grants nothing beyond it, whatever the settings choose. It proves the policies against the evaluation of access/, not
 * against AWS.
 */
import { expect } from "chai";
import fc from "fast-check";
import { findingLines } from "../../../automation/proof/findingLines";
import { planned, proofOf } from "./plan";

type Change = NonNullable<Parameters<typeof planned>[0]>;

async function proven(change?: Change) {
  const proof = await proofOf(await planned(change));
  return { ...proof, words: proof.findings.flatMap(findingLines).join("\n") };
}

/** Of each store the first group with an Iceberg table; of the central store the second in memory. */
const formats: Change = (raw) => {
  for (const store of ["offlineStore", "centralStore"]) raw[store].featureGroups[0].tableFormat = "Iceberg";
  Object.assign(raw["centralStore"].featureGroups[1], { storageType: "InMemory", offlineStore: false });
  raw["consumers"]["fraud-scoring"].access.payments = ["readOnline", "write"];
};

const VARIANTS: Readonly<Record<string, Change>> = {
  "an execution role that was there before": (raw) =>
    (raw["consumers"]["fraud-scoring"].executionRoleArn = "arn:aws:iam::111111111111:role/team/sagemaker"),
  "a results bucket that was there before, under a key": (raw) =>
    Object.assign(raw["consumers"]["fraud-scoring"].resultsBucket, {
      existing: true,
      keyArn: "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    }),
  "an organization, and no external ID": (raw) => {
    delete raw["consumers"]["fraud-scoring"].externalId;
    raw["consumers"]["fraud-scoring"].organizationId = "o-abcdefghij";
  },
  "the service in the trust": (raw) => (raw["consumers"]["fraud-scoring"].trustSageMaker = true),
  "a consumer without offline reading": (raw) =>
    (raw["consumers"]["recommendations"].access = { shoppers: ["readOnline"] }),
  "a consumer that only writes": (raw) =>
    (raw["consumers"]["recommendations"].access = { payments: ["write"] }),
  "stores in whole buckets": (raw) => {
    delete raw["offlineStore"].prefix;
    delete raw["centralStore"].prefix;
  },
  "key administrators, and further writers": (raw) => {
    raw["offlineStore"].keyAdministrators = ["arn:aws:iam::111111111111:role/KeyAdmin"];
    raw["centralStore"].keyAdministrators = ["arn:aws:iam::222222222222:role/KeyAdmin"];
    raw["offlineStore"].additionalWriterRoleArns = ["arn:aws:iam::111111111111:role/BackfillWriter"];
  },
  "nobody who verifies": (raw) => (raw["verification"] = { trustDeployer: false }),
  "Iceberg tables, and a group in memory": formats,
  "Iceberg tables in whole buckets, under names of their own": (raw) => {
    formats(raw);
    for (const store of ["offlineStore", "centralStore"]) {
      delete raw[store].prefix;
      raw[store].featureGroups[0].dataCatalog = { database: "features", table: "first" };
    }
  },
  "one topology alone": (raw) => {
    delete raw["centralStore"];
    delete raw["consumers"];
  },
};

describe("proof: modes and settings", function () {
  this.timeout(30_000);

  it("the default mode has no excess, and all intents hold", async () => {
    const { findings, intents, words } = await proven();
    expect(words).to.equal("");
    expect(findings).to.have.length(0);
    expect(intents.filter(({ intent }) => intent.expect === "denied").length).to.be.greaterThan(20);
  });

  it("the documents' own mode has excess, but all intents hold, and nothing is public or foreign", async () => {
    const { findings, intents } = await proven((raw) => (raw["policyMode"] = "documented"));
    expect(intents.filter(({ holds }) => !holds)).to.deep.equal([]);
    expect([...new Set(findings.map(({ kind }) => kind))]).to.deep.equal(["excess"]);
  });

  it("the documents' own mode lets Iceberg tables be written and read too", async () => {
    const { intents } = await proven((raw) => {
      formats(raw);
      raw["policyMode"] = "documented";
    });
    expect(intents.filter(({ holds }) => !holds)).to.deep.equal([]);
  });

  for (const [name, change] of Object.entries(VARIANTS))
    it(`is clean with ${name}`, async () => {
      const { words, intents } = await proven(change);
      expect(words).to.equal("");
      expect(intents.length).to.be.greaterThan(10);
    });

  it("is clean for any access of any consumer", async () => {
    const permissions = fc.subarray(["readOnline", "readOffline", "write"], { minLength: 1 });
    const access = fc.dictionary(fc.constantFrom("shoppers", "payments"), permissions, { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(access, access, async (fraud, recommendations) => {
        const { words, intents } = await proven((raw) => {
          raw["consumers"]["fraud-scoring"].access = fraud;
          raw["consumers"]["recommendations"].access = recommendations;
        });
        expect(words).to.equal("");
        const granted = Object.values({ ...fraud })
          .concat(Object.values(recommendations))
          .flat().length;
        const named = intents.filter(
          ({ intent }) =>
            / (readOnline|readOffline|write) (shoppers|payments)$/.test(intent.id) &&
            !intent.id.includes(" not "),
        );
        expect(named).to.have.length(granted);
      }),
      { numRuns: 5 },
    );
  });

  it("says what an equal question was asked of once only", async () => {
    const { counts } = await proven();
    expect(counts.decided).to.be.within(counts.asked / 3, counts.asked - 5);
  });
});

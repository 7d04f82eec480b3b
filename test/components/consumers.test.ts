// Settings of the assumed-role topology: what is taken, what each fault is called, and where. That AWS takes the names is
// AWS's documentation's word.
import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { parseSettings, SettingsError, settingsFromFile, type Settings } from "../../components/settings";
import { FAULTS, fraud, KEY_A, recommendations, ROLE_A, type Raw } from "./consumerFaults";
import { devSettings } from "./support";

/** The faults, by path, of the development environment's settings with a change. */
function faultsOf(change: (raw: Raw) => void, raw: Raw = devSettings()): Record<string, string> {
  change(raw);
  try {
    parseSettings(raw);
    return {};
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return Object.fromEntries(error.errors.map(({ path, message }) => [path, message]));
  }
}

function parsed(change: (raw: Raw) => void = () => undefined): Settings {
  const raw: Raw = devSettings();
  change(raw);
  return parseSettings(raw);
}

describe("consumers", () => {
  it("get defaults, and the account of their own or A", () => {
    const [inA, own] = parsed().consumers;
    expect(inA).to.deep.equal({
      name: "fraud-scoring",
      account: "A",
      externalId: "shop/fraud-scoring",
      trustSageMaker: false,
      resultsBucket: {
        name: "shop-fraud-scoring-results-dev",
        prefix: "athena-results",
        existing: false,
        retentionDays: 30,
      },
      access: { shoppers: ["readOnline"], payments: ["readOnline", "readOffline", "write"] },
      accessByTags: [],
    });
    expect(own).to.include({ name: "recommendations", account: "recommendations" });
    expect(parsed().accounts["recommendations"]).to.deep.equal({
      id: "333333333333",
      region: "us-east-1",
      partition: "aws",
      deployerRoleArn: "arn:aws:iam::333333333333:role/deployer",
    });
    expect(Object.keys(parsed().accounts)).to.deep.equal(["A", "B", "recommendations"]);
  });

  it("have the service trusted in documented mode alone, unless they say otherwise", () => {
    const trusted = (change: (raw: Raw) => void) =>
      parsed(change).consumers.map(({ trustSageMaker }) => trustSageMaker);
    expect(trusted((raw) => (raw["policyMode"] = "documented"))).to.deep.equal([true, true]);
    expect(trusted((raw) => (fraud(raw)["trustSageMaker"] = true))).to.deep.equal([true, false]);
    expect(
      trusted((raw) => {
        raw["policyMode"] = "documented";
        fraud(raw)["trustSageMaker"] = false;
      }),
    ).to.deep.equal([false, true]);
  });

  it("may be none, of a store that is there, or need no account A, if each has its own", () => {
    const alone = (raw: Raw) => {
      delete raw["offlineStore"];
      delete raw["accountA"];
      delete raw["consumers"]["fraud-scoring"];
    };
    expect(Object.keys(parsed(alone).accounts)).to.deep.equal(["B", "recommendations"]);
    expect(parsed((raw) => delete raw["consumers"]).consumers).to.deep.equal([]);
    expect(parsed((raw) => delete raw["offlineStore"]).offlineStore).to.equal(undefined);
  });

  it("may be in another region than the store, in one organization, with things that they have already", () => {
    const settings = parsed((raw) => {
      raw["accountA"].region = "us-east-1";
      recommendations(raw)["account"].region = "eu-west-1";
      Object.assign(fraud(raw), { executionRoleArn: ROLE_A, organizationId: "o-a1b2c3d4e5" });
      Object.assign(fraud(raw)["resultsBucket"], { existing: true, keyArn: KEY_A });
    });
    expect(settings.consumers[0]).to.include({ executionRoleArn: ROLE_A, organizationId: "o-a1b2c3d4e5" });
    expect(settings.consumers[0]?.resultsBucket).to.include({ existing: true, keyArn: KEY_A });
    expect(settings.accounts["recommendations"]?.region).to.equal("eu-west-1");
  });

  for (const [what, change, path, words] of FAULTS)
    it(`refuse ${what}`, () => {
      const faults = faultsOf(change);
      expect(faults).to.have.property(path);
      expect(faults[path]).to.contain(words);
    });

  it("take prefixes up to the length that is named, and no longer", () => {
    const longest = Number(
      /at most (\d+), as/.exec(
        faultsOf((raw) => (raw["centralStore"].prefix = "p".repeat(1000)))["centralStore.prefix"] ?? "",
      )?.[1],
    );
    const prefix = (length: number) => faultsOf((raw) => (raw["centralStore"].prefix = "p".repeat(length)));
    expect(prefix(longest)).to.deep.equal({});
    expect(prefix(longest + 1)).to.have.property("centralStore.prefix");
  });

  it("may be written by pulumi config set, as text", () => {
    const folder = mkdtempSync(join(tmpdir(), "feature-store-access-consumers-"));
    try {
      const raw = devSettings() as Raw;
      const config = Object.fromEntries(
        Object.entries(raw).map(([key, value]) => [`feature-store-access:${key}`, JSON.stringify(value)]),
      );
      const file = join(folder, "Pulumi.x.yaml");
      writeFileSync(file, stringify({ config }));
      expect(settingsFromFile(file)).to.deep.equal(parseSettings(raw));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

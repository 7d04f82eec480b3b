// Settings: what is taken, and what each fault is called. That AWS takes the names is AWS's documentation's word.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import { parseSettings, SettingsError, settingsFromFile } from "../../components/settings";
import { settingsSchema } from "../../components/settings/schema";
import { devSettings } from "./support";

type Raw = { [key: string]: any };
const ROOT = join(__dirname, "..", "..");

function faultsOf(change: (raw: Raw) => void): Record<string, string> {
  const raw: Raw = devSettings();
  change(raw);
  try {
    parseSettings(raw);
    return {};
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return Object.fromEntries(error.errors.map(({ path, message }) => [path, message]));
  }
}

const group = (raw: Raw, index = 0): Raw => raw["offlineStore"].featureGroups[index];

describe("settings", () => {
  it("of the development environment are right, and frozen all through", () => {
    const settings = settingsFromFile(join(ROOT, "Pulumi.dev.yaml"));
    expect(settings.accounts.A).to.include({ id: "111111111111", partition: "aws" });
    expect(
      settings.offlineStore?.featureGroups.map(({ name, onlineStore }) => ({ name, onlineStore })),
    ).to.deep.equal([
      { name: "customers", onlineStore: true },
      { name: "orders", onlineStore: true },
    ]);
    expect(() => ((settings.offlineStore?.featureGroups[0] as Raw)["features"][0].name = "x")).to.throw(
      TypeError,
    );
  });

  const cases: [string, (raw: Raw) => void, string, string][] = [
    [
      "an account ID that is no string",
      (raw) => (raw["accountA"].id = 111111111111),
      "accountA.id",
      "must be a string",
    ],
    [
      "an account ID of the wrong length",
      (raw) => (raw["accountA"].id = "123456789"),
      "accountA.id",
      "12 digits",
    ],
    [
      "one account for both",
      (raw) => (raw["accountB"].id = "111111111111"),
      "accountB.id",
      "different accounts",
    ],
    ["a region that is none", (raw) => (raw["accountA"].region = "Virginia"), "accountA.region", "us-east-1"],
    ["two regions", (raw) => (raw["accountB"].region = "eu-west-1"), "accountB.region", "us-east-1"],
    [
      "a role of the other account",
      (raw) => (raw["accountB"].deployerRoleArn = raw["accountA"].deployerRoleArn),
      "accountB.deployerRoleArn",
      "account 111111111111",
    ],
    [
      "an ARN without role/, as in the documents",
      (raw) => (raw["accountA"].deployerRoleArn = "arn:aws:iam::111111111111/deployer"),
      "accountA.deployerRoleArn",
      "arn:aws:iam::ACCOUNT_ID:role/ROLE_NAME",
    ],
    [
      "a role of another partition",
      (raw) => (raw["accountA"].deployerRoleArn = "arn:aws-cn:iam::111111111111:role/deployer"),
      "accountA.deployerRoleArn",
      "partition aws-cn",
    ],
    [
      "an administrator of the other account",
      (raw) => (raw["offlineStore"].keyAdministrators = ["arn:aws:iam::222222222222:role/Admin"]),
      "offlineStore.keyAdministrators[0]",
      "not of account A",
    ],
    [
      "a bucket's name in upper case",
      (raw) => (raw["offlineStore"].bucketName = "SageMaker-Store"),
      "offlineStore.bucketName",
      "lower-case",
    ],
    [
      "a bucket's name like an IP address",
      (raw) => (raw["offlineStore"].bucketName = "192.168.5.4"),
      "offlineStore.bucketName",
      "IP address",
    ],
    [
      "a bucket that the documented policy does not reach",
      (raw) =>
        Object.assign(raw, {
          policyMode: "documented",
          offlineStore: { ...raw["offlineStore"], bucketName: "features-dev" },
        }),
      "offlineStore.bucketName",
      "sagemaker",
    ],
    [
      "a prefix with a slash at its end",
      (raw) => (raw["offlineStore"].prefix = "features/"),
      "offlineStore.prefix",
      "at either end",
    ],
    [
      "a waiting period that KMS does not take",
      (raw) => (raw["offlineStore"].keyDeletionWindowDays = 5),
      "offlineStore.keyDeletionWindowDays",
      "7 to 30",
    ],
    [
      "no feature group",
      (raw) => (raw["offlineStore"].featureGroups = []),
      "offlineStore.featureGroups",
      "at least one",
    ],
    [
      "two groups of one name, but for case",
      (raw) => (group(raw, 1)["name"] = "Customers"),
      "offlineStore.featureGroups[1].name",
      "featureGroups[0]",
    ],
    [
      "a group's name with an underscore first",
      (raw) => (group(raw)["name"] = "_customers"),
      "offlineStore.featureGroups[0].name",
      "1 to 64",
    ],
    [
      "a group's name of more than 64 characters",
      (raw) => (group(raw)["name"] = `a${"-".repeat(80)}b`),
      "offlineStore.featureGroups[0].name",
      "1 to 64",
    ],
    [
      "a feature of a reserved name",
      (raw) => (group(raw)["features"][2].name = "write_time"),
      "offlineStore.featureGroups[0].features[2].name",
      "Feature Store itself",
    ],
    [
      "a feature twice",
      (raw) => (group(raw)["features"][2].name = "customer_id"),
      "offlineStore.featureGroups[0].features[2].name",
      "twice",
    ],
    [
      "a type that is none",
      (raw) => (group(raw)["features"][2].type = "Float"),
      "offlineStore.featureGroups[0].features[2].type",
      "String, Integral or Fractional",
    ],
    [
      "an identifier that is no feature",
      (raw) => (group(raw)["recordIdentifier"] = "id"),
      "offlineStore.featureGroups[0].recordIdentifier",
      "not one of the group's features",
    ],
    [
      "an event time that is no feature",
      (raw) => (group(raw)["eventTime"] = "time"),
      "offlineStore.featureGroups[0].eventTime",
      "not one of the group's features",
    ],
    [
      "an event time of the wrong type",
      (raw) => (group(raw)["eventTime"] = "orders_90d"),
      "offlineStore.featureGroups[0].eventTime",
      "Integral",
    ],
    [
      "one feature for identifier and time",
      (raw) => (group(raw)["eventTime"] = "customer_id"),
      "offlineStore.featureGroups[0].eventTime",
      "two features",
    ],
    [
      "too many features",
      (raw) =>
        (group(raw)["features"] = Array.from({ length: 2501 }, (_, i) => ({
          name: `f${i}`,
          type: "String",
        }))),
      "offlineStore.featureGroups[0].features",
      "2,500",
    ],
    [
      "a time to live without an online store",
      (raw) => (group(raw, 1)["onlineStore"] = false),
      "offlineStore.featureGroups[1].ttl",
      "online store",
    ],
    ["a tag of AWS's own", (raw) => (raw["tags"] = { "aws:owner": "x" }), "tags.aws:owner", "AWS's own"],
    [
      "a mode that is none",
      (raw) => (raw["policyMode"] = "strict"),
      "policyMode",
      "leastPrivilege or documented",
    ],
    ["a switch that is no switch", (raw) => (raw["protectData"] = "yes"), "protectData", "true or false"],
    [
      "a misspelt setting",
      (raw) => (raw["policyMod"] = "documented"),
      "policyMod",
      "did you mean policyMode?",
    ],
    [
      "a misspelt setting deep inside",
      (raw) => (group(raw)["features"][0].typ = "String"),
      "offlineStore.featureGroups[0].features[0].typ",
      "did you mean type?",
    ],
    ["a missing account", (raw) => delete raw["accountB"], "accountB", "is missing"],
    [
      "a missing type",
      (raw) => delete group(raw)["features"][1].type,
      "offlineStore.featureGroups[0].features[1].type",
      "is missing",
    ],
  ];
  for (const [what, change, path, words] of cases)
    it(`refuse ${what}`, () => {
      const faults = faultsOf(change);
      expect(faults).to.have.property(path);
      expect(faults[path]).to.contain(words);
    });

  it("name all faults at once", () => {
    const faults = faultsOf((raw) => {
      raw["accountA"].region = "nowhere";
      group(raw)["name"] = "-";
      group(raw, 1)["features"][0].type = "Int";
    });
    expect(Object.keys(faults)).to.have.members([
      "accountA.region",
      "offlineStore.featureGroups[0].name",
      "offlineStore.featureGroups[1].features[0].type",
    ]);
  });

  it("have in Pulumi.yaml the same keys and defaults", () => {
    const { config } = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as {
      config: Record<string, { default?: unknown }>;
    };
    expect(Object.keys(config).sort()).to.deep.equal(Object.keys(settingsSchema.shape).sort());
    const { accountA, accountB, offlineStore } = devSettings() as Raw;
    const parsed: Raw = settingsSchema.parse({ accountA, accountB, offlineStore });
    const leftOut = ["accountA", "offlineStore", "centralStore", "monitoring"];
    for (const [key, { default: value }] of Object.entries(config))
      // What has no default, `pulumi up` asks for: only account B has to be there.
      expect(value, key).to.deep.equal(
        key === "accountB" ? undefined : leftOut.includes(key) ? {} : parsed[key],
      );
  });

  it("are the same however often they are read, for any names that AWS takes (property)", () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9]([_-]?[a-zA-Z0-9]){0,20}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 2, maxLength: 6, selector: (each) => each.toLowerCase() }),
        fc.constantFrom("String", "Fractional"),
        (names, type) => {
          const raw: Raw = devSettings();
          const features = names.map((each, index) => ({
            name: `${each}x`,
            type: index === 1 ? type : "Integral",
          }));
          raw["offlineStore"].featureGroups = [
            { name: names[0], recordIdentifier: features[0]?.name, eventTime: features[1]?.name, features },
          ];
          expect(parseSettings(raw)).to.deep.equal(parseSettings(structuredClone(raw)));
        },
      ),
    );
  });
});

describe("a settings file", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "feature-store-access-settings-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const read = (text: string) => {
    const file = join(folder, "Pulumi.x.yaml");
    writeFileSync(file, text);
    return () => settingsFromFile(file);
  };

  it("that holds an encrypted value is refused, as no setting is a secret", () => {
    expect(read("config:\n  feature-store-access:accountA: { secure: AAABBB }\n")).to.throw(
      SettingsError,
      "no setting here is a secret",
    );
    const deep =
      "config:\n  feature-store-access:consumers: { ads: { access: [{ x: { secure: AAABBB } }] } }\n";
    expect(read(deep)).to.throw(SettingsError, "consumers.ads.access[0].x: is encrypted");
  });

  it("that is no YAML, or no mapping, is named", () => {
    expect(read("config: [\n")).to.throw(SettingsError, "Pulumi.x.yaml");
    expect(read("- a\n- b\n")).to.throw(SettingsError, "Pulumi.x.yaml");
    expect(read("")).to.throw(SettingsError, "accountB: is missing");
  });

  it("may have been written by pulumi config set, which writes text", () => {
    const text = readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8").replace(
      "protectData: false",
      'protectData: "false"',
    );
    expect(read(text)().protectData).to.equal(false);
  });

  it("may have a tag named secure", () => {
    const text = readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8").replace(
      "environment: dev",
      "environment: dev\n    secure: yes-it-is",
    );
    expect(read(text)().tags).to.have.property("secure");
  });

  it("may hold settings of others", () => {
    const dev = readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8").replace(
      "config:",
      "config:\n  aws:region: eu-west-1\n  other:key: 1",
    );
    expect(read(dev)().offlineStore?.bucketName).to.equal("shop-offline-store-sagemaker-dev");
  });
});

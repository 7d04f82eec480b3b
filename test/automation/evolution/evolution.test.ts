// Schema changes of feature groups: what is additive, what is refused, in which batches, and how the driver does it before the
// engine looks. AWS's part is the sandbox's in test/integration/evolution.test.ts.
import type { DescribeFeatureGroupCommandOutput } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { parse } from "yaml";
import fc from "fast-check";
import { Driver } from "../../../automation/run/driver";
import { ExitCode, hasExitCode } from "../../../automation/model/errors";
import { updates } from "../../../automation/evolution/apply";
import {
  batches,
  compareSchema,
  refuseLoss,
  type DeployedGroup,
  type Definition,
} from "../../../automation/evolution/compare";
import { madeGroup } from "../../../automation/evolution/madeGroup";
import { withNewVersion } from "../../../automation/evolution/newVersion";
import { keptDescriptions, schemaChanges } from "../../../automation/evolution/stages";
import { stageLines } from "../../../automation/report/terminal";
import type { StageReport } from "../../../automation/model/reports";
import type { FeatureGroupSettings } from "../../../components/settings";
import { CHAIN, deployedStack, FakeStacks } from "../fakeStacks";

const TYPES = ["String", "Integral", "Fractional"] as const;
const feature = fc.record({
  name: fc.constantFrom("a", "b", "c", "d", "e", "f"),
  type: fc.constantFrom(...TYPES),
});
const features = fc.uniqueArray(feature, { selector: ({ name }) => name, minLength: 1 });
const group = (all: readonly { name: string; type: string }[]) =>
  ({ name: "customers", features: all }) as unknown as FeatureGroupSettings;
const defined = (all: readonly { name: string; type: string }[]): Definition[] =>
  all.map(({ name, type }) => ({ featureName: name, featureType: type }));
const deployedAs = (
  all: readonly { name: string; type: string }[],
  more: Partial<DeployedGroup> = {},
): DeployedGroup => ({ definitions: defined(all), ...more });

describe("schema changes", () => {
  it("are none between the same features in any order", () =>
    fc.assert(
      fc.property(features, (all) => {
        const { added, removed, retyped } = compareSchema(group([...all].reverse()), deployedAs(all));
        expect([added, removed, retyped]).to.deep.equal([[], [], []]);
      }),
    ));

  it("are each either added, removed, retyped or kept", () =>
    fc.assert(
      fc.property(features, features, (wanted, has) => {
        const { added, removed, retyped } = compareSchema(group(wanted), deployedAs(has));
        const kept = wanted.filter(({ name, type }) =>
          has.some((each) => each.name === name && each.type === type),
        );
        expect(added.length + retyped.length + kept.length).to.equal(wanted.length);
        expect(removed.length + retyped.length + kept.length).to.equal(has.length);
      }),
    ));

  it("go in batches of at most a hundred, each feature once and in order", () =>
    fc.assert(
      fc.property(fc.nat(450), (count) => {
        const all = Array.from({ length: count }, (_, at) => at);
        expect(batches(all).flat()).to.deep.equal(all);
        expect(batches(all).every(({ length }) => length > 0 && length <= 100)).to.equal(true);
      }),
    ));

  it("tell a collection and a vector's dimension apart", () => {
    const vector = {
      featureName: "v",
      featureType: "Fractional",
      collectionType: "Vector",
      collectionConfig: { vectorConfig: { dimension: 8 } },
    };
    const wanted = {
      name: "x",
      features: [{ name: "v", type: "Fractional", collection: "Vector", dimension: 9 }],
    } as unknown as FeatureGroupSettings;
    expect(compareSchema(wanted, { definitions: [vector] }).retyped).to.deep.equal([
      { name: "v", from: "Vector of 8 Fractional", to: "Vector of 9 Fractional" },
    ]);
  });

  it("that lose something are refused with what to do instead", () => {
    const change = compareSchema(
      group([{ name: "a", type: "Integral" }]),
      deployedAs([
        { name: "a", type: "String" },
        { name: "b", type: "String" },
      ]),
    );
    try {
      refuseLoss([change], "prod");
      expect.fail("nothing was thrown");
    } catch (error) {
      expect(hasExitCode(error) && error.exitCode).to.equal(ExitCode.schema);
      expect((error as Error).message).to.match(
        /has the feature b, which the settings do not name[^]*the feature a is String, and the settings say Integral/,
      );
      expect((error as { advice: string }).advice).to.contain(
        "npm run evolve -- --env prod --group customers --new-version",
      );
    }
  });
});

describe("changes of a group's time to live, throughput and identity", () => {
  const A = { name: "a", type: "String" };
  const wanted = (more: object) => ({ ...group([A]), ...more });
  const ttl = { unit: "Days", value: 30 } as const;
  const throughput = { mode: "Provisioned", readCapacityUnits: 10, writeCapacityUnits: 5 } as const;

  it("are each a call of their own, after the features'", () => {
    const features = [A, { name: "b", type: "Integral" }];
    const change = compareSchema({ ...group(features), ttl, throughput }, deployedAs([A]));
    expect(updates(change).map(({ input }) => input)).to.deep.equal([
      { FeatureAdditions: [{ FeatureName: "b", FeatureType: "Integral" }] },
      { OnlineStoreConfig: { TtlDuration: { Unit: "Days", Value: 30 } } },
      {
        ThroughputConfig: {
          ThroughputMode: "Provisioned",
          ProvisionedReadCapacityUnits: 10,
          ProvisionedWriteCapacityUnits: 5,
        },
      },
    ]);
  });

  it("end what the settings say no more", () => {
    const change = compareSchema(wanted({}), deployedAs([A], { ttl, throughput }));
    expect(updates(change).map(({ input }) => input)).to.deep.equal([
      { OnlineStoreConfig: { TtlDuration: {} } },
      { ThroughputConfig: { ThroughputMode: "OnDemand" } },
    ]);
    expect(stageLines({ ...REPORT, evolutions: [change] })).to.include.members([
      "  ~  removes the time to live of feature group customers, in place",
      "  ~  sets the throughput of feature group customers to OnDemand, in place",
    ]);
  });

  it("are none where AWS has what the settings say or leave to it", () => {
    const same = compareSchema(wanted({ ttl, throughput }), deployedAs([A], { ttl, throughput }));
    const none = compareSchema(wanted({}), deployedAs([A], { throughput: { mode: "OnDemand" } }));
    expect([updates(same), updates(none)]).to.deep.equal([[], []]);
  });

  it("are refused for the identity, with what to do instead", () => {
    const change = compareSchema(
      wanted({ recordIdentifier: "a", eventTime: "b" }),
      deployedAs([A], { recordIdentifier: "a", eventTime: "t" }),
    );
    try {
      refuseLoss([change], "prod");
      expect.fail("nothing was thrown");
    } catch (error) {
      const { message, advice } = error as { message: string; advice: string };
      expect(hasExitCode(error) && error.exitCode).to.equal(ExitCode.schema);
      expect(message).to.equal("feature group customers: the event time is t, and the settings say b");
      expect(advice)
        .to.contain("--group customers --new-version")
        .and.to.contain("--allow-replace customers");
    }
  });
});

const REPORT: StageReport = {
  stage: "s",
  account: "B",
  needs: [],
  status: "changed",
  changes: [],
  unchanged: 1,
  outputs: {},
};

describe("schema changes by the driver", () => {
  const URN = "urn:pulumi:dev::p::aws:sagemaker/featureGroup:FeatureGroup::feature-groups-customers";
  const stages = (wanted: readonly { name: string; type: string }[]) =>
    CHAIN.map((stage) =>
      stage.name === "featureGroups" ? { ...stage, featureGroups: [group(wanted)] } : stage,
    );
  const deployed = (has: readonly { name: string; type: string }[]) =>
    deployedStack({
      outputs: { id: { value: "x", secret: false } },
      resources: [
        {
          urn: URN,
          type: "aws:sagemaker/featureGroup:FeatureGroup",
          id: "customers",
          protect: true,
          retainOnDelete: true,
          inputs: { featureGroupName: "customers", featureDefinitions: defined(has) },
        },
      ],
    });
  const [A, B] = [
    { name: "a", type: "String" },
    { name: "b", type: "Integral" },
  ];

  function run(wanted: readonly { name: string; type: string }[], has = [A]) {
    const stacks = new FakeStacks();
    stacks.state["featureGroups"] = deployed(has);
    stacks.rereads["featureGroups"] = () => (stacks.state["featureGroups"] = deployed([...wanted]));
    const evolved: string[] = [];
    const driver = new Driver({
      stages: stages(wanted),
      stacks,
      recovery: () => Promise.resolve([]),
      evolution: (stage, _, changes) => {
        evolved.push(
          `${stage.name}: ${changes.flatMap(({ added }) => added.map(({ name }) => name)).join()}`,
        );
        return Promise.resolve([URN]);
      },
    });
    return { driver, stacks, evolved };
  }

  it("are previewed as changes in place, and change nothing", async () => {
    const { driver, stacks, evolved } = run([A, B]);
    const { ok, stages: reports } = await driver.preview();
    const report = reports.find(({ stage }) => stage === "featureGroups");
    expect([ok, report?.status, report?.dangers, evolved]).to.deep.equal([true, "changed", [], []]);
    expect(report && stageLines(report)).to.include("  ~  adds b to feature group customers, in place");
    expect(stacks.calls.some((call) => call.startsWith("reread"))).to.equal(false);
  });

  it("are made before the engine runs, which reads the group anew", async () => {
    const { driver, stacks, evolved } = run([A, B]);
    const { ok } = await driver.up();
    expect([ok, evolved]).to.deep.equal([true, ["featureGroups: b"]]);
    const calls = stacks.calls.filter((call) => call.endsWith("featureGroups") || call.startsWith("reread"));
    expect(calls.indexOf(`reread featureGroups [${URN}]`)).to.be.lessThan(
      calls.lastIndexOf("up featureGroups"),
    );
  });

  it("that lose something fail their stage, and nothing of it is touched", async () => {
    for (const wanted of [[B], [{ ...A, type: "Fractional" }]]) {
      const { driver, stacks, evolved } = run(wanted);
      const preview = await driver.preview();
      expect(preview.ok).to.equal(false);
      const { stages: reports } = await driver.up();
      const report = reports.find(({ stage }) => stage === "featureGroups");
      expect(hasExitCode(report?.error) && report.error.exitCode).to.equal(ExitCode.schema);
      expect([evolved, stacks.calls.includes("up featureGroups")]).to.deep.equal([[], false]);
    }
  });
});

describe("a group's identity, by the driver", () => {
  const stage = (eventTime: string) => ({
    featureGroups: [{ ...group([{ name: "a", type: "String" }]), recordIdentifier: "a", eventTime }],
  });
  const stack = deployedStack({
    outputs: {},
    resources: [
      {
        urn: "urn:pulumi:dev::p::aws:sagemaker/featureGroup:FeatureGroup::store-customers",
        type: "aws:sagemaker/featureGroup:FeatureGroup",
        id: "customers",
        protect: true,
        retainOnDelete: true,
        inputs: {
          featureGroupName: "customers",
          description: "as it was made",
          eventTimeFeatureName: "t",
          recordIdentifierFeatureName: "a",
          featureDefinitions: defined([{ name: "a", type: "String" }]),
        },
      },
    ],
  });

  it("may change where the group is allowed to be replaced", () => {
    const found = (...allowed: string[]) => schemaChanges(stage("u"), stack, allowed);
    expect(found()[0]?.identity).to.deep.equal([{ setting: "eventTime", from: "t", to: "u" }]);
    expect(found("payments")).to.have.length(1);
    for (const name of ["customers", "store-customers"]) expect(found(name)).to.deep.equal([]);
    expect(schemaChanges(stage("t"), stack)).to.deep.equal([]);
  });

  it("is told beside a description that cannot change", () => {
    expect(keptDescriptions(stage("t"), stack)).to.deep.equal([
      "feature group customers keeps its first description: AWS cannot change it",
    ]);
  });
});

describe("a new version of a feature group", () => {
  const text = `# our environment
config:
  feature-store-access:centralStore:
    bucketName: central
    featureGroups:
      # what we know of shoppers
      - name: shoppers
        recordIdentifier: id
        features:
          - { name: id, type: String }
          - { name: score, type: Fractional } # was Integral
      - name: payments
        features: []
  feature-store-access:consumers:
    fraud: # the fraud team
      access:
        shoppers: [readOnline, write]
    other:
      access: { payments: [readOnline] }
  feature-store-access:profiles:
    scoring: { profile: consumer, store: centralStore, featureGroups: [shoppers, payments] }
`;
  const described = {
    FeatureGroupName: "shoppers",
    RecordIdentifierFeatureName: "id",
    EventTimeFeatureName: "at",
    OnlineStoreConfig: { EnableOnlineStore: true },
    OfflineStoreConfig: {
      TableFormat: "Glue",
      DataCatalogConfig: {
        Catalog: "AwsDataCatalog",
        Database: "sagemaker_featurestore",
        TableName: "shoppers_1700000000",
      },
    },
    FeatureDefinitions: [
      { FeatureName: "id", FeatureType: "String" },
      { FeatureName: "score", FeatureType: "Integral" },
    ],
  } as unknown as DescribeFeatureGroupCommandOutput;
  const deployed = madeGroup(described);

  it("stands beside the one that is deployed, with access carried over and comments kept", () => {
    const { text: next, name, consumers } = withNewVersion(text, "shoppers", deployed);
    expect([name, consumers]).to.deep.equal(["shoppers-v2", ["fraud", "profile scoring"]]);
    expect(next).to.match(/featureGroups: \[ ?shoppers, payments, shoppers-v2 ?\]/);
    for (const comment of [
      "# our environment",
      "# what we know of shoppers",
      "# was Integral",
      "# the fraud team",
    ])
      expect(next).to.contain(comment);
    expect(next).to.match(/name: shoppers\n[^]*type: Integral\n[^]*name: shoppers-v2\n[^]*type: Fractional/);
    expect(next).to.match(/shoppers: \[ ?readOnline, write ?\]\n\s+shoppers-v2: \[ ?readOnline, write ?\]/);
    expect(next).to.match(/access: \{ payments: \[ ?readOnline ?\] \}/);
  });

  it("leaves the deployed one with all that it keeps for life, and shares no table", () => {
    const changed = text
      .replace(
        "recordIdentifier: id",
        "recordIdentifier: key\n        eventTime: seen\n        tableFormat: Iceberg",
      )
      .replace(
        "- name: payments",
        "- name: payments # as it is\n        dataCatalog: { database: d, table: t }",
      );
    const { text: next } = withNewVersion(changed, "shoppers", deployed);
    const [old, made] = parse(next).config["feature-store-access:centralStore"].featureGroups;
    expect([old.recordIdentifier, old.eventTime, old.tableFormat]).to.deep.equal(["id", "at", undefined]);
    expect([made.recordIdentifier, made.eventTime, made.tableFormat]).to.deep.equal([
      "key",
      "seen",
      "Iceberg",
    ]);

    const named = madeGroup({
      ...described,
      FeatureGroupName: "payments",
      OfflineStoreConfig: { DataCatalogConfig: { Catalog: "c", Database: "d", TableName: "t" } },
    } as unknown as DescribeFeatureGroupCommandOutput);
    const groups = parse(withNewVersion(changed, "payments", named).text).config[
      "feature-store-access:centralStore"
    ].featureGroups;
    expect(groups.slice(1).map(({ dataCatalog }: any) => dataCatalog)).to.deep.equal([
      { database: "d", table: "t" },
      { database: "d", table: "t_v2" },
    ]);
  });

  it("counts on, and needs a group that there is", () => {
    const once = withNewVersion(text, "shoppers", deployed).text;
    expect(withNewVersion(once, "shoppers", undefined).name).to.equal("shoppers-v3");
    expect(withNewVersion(once, "shoppers-v2", undefined).name).to.equal("shoppers-v3");
    expect(() => withNewVersion(text, "nobody", undefined)).to.throw("no feature group nobody");
  });
});

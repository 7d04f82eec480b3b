// A feature group with records in it gets features, another time to live, throughput and other tags, by the driver on the real engine:
// every record stays readable, online and with Athena over all its Parquet, and nothing is left to do. And what cannot be done
// is refused, and what was cut off goes on. That AWS updates a group as the sandbox does is not proven here.
import { expect } from "chai";
import {
  SageMakerClient,
  UpdateFeatureGroupCommand,
  DescribeFeatureGroupCommand,
} from "@aws-sdk/client-sagemaker";
import { GetRecordCommand, PutRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { AccountSessions } from "../../automation/environment/accountSessions";
import { ExitCode } from "../../automation/model/errors";
import { loadEnvironment } from "../../automation/environment/project";
import { Actor } from "../../automation/topologies/verification/actor";
import { runQuery } from "../../automation/topologies/verification/athenaQuery";
import { Project, type StageJson } from "./driverSupport";
import { TestBed } from "./support";

const GROUP = "arn:aws:sagemaker:us-east-1:222222222222:feature-group/shoppers";
const ADDED = ["tier", "visits_7d", "spend_7d"];
type Report = {
  ok: boolean;
  stages: (StageJson & { evolutions?: { group: string; added: { name: string }[] }[] })[];
};

describe("schema evolution", function () {
  this.timeout(240_000);
  let bed: TestBed;
  let project: Project;
  let store: Actor;
  let sagemaker: SageMakerClient;
  let reader: { actor: Actor; workgroup: string; table: string };
  const outer = { ...process.env };

  before(async () => {
    bed = await TestBed.start();
    project = new Project(bed, (config) => {
      delete config["offlineStore"];
      delete config["consumers"]["fraud-scoring"];
      delete config["profiles"];
      delete config["monitoring"];
    });
    await project.json(0, "up");
    Object.assign(process.env, bed.env);
    const { settings } = loadEnvironment("dev", project.folder);
    const sessions = new AccountSessions(settings);
    const config = sessions.account("B");
    store = new Actor("store", config);
    sagemaker = new SageMakerClient(config);
    const outputs = JSON.parse((await project.run("outputs")).stdout) as Record<string, any>;
    const { roleArn, executionRoleArn, workgroup, region, featureGroups } =
      outputs["consumerGrants:recommendations"];
    const execution = sessions.chained("recommendations", executionRoleArn);
    const actor = new Actor("reader", sessions.assumedBy(execution, { roleArn, region }));
    reader = { actor, workgroup, table: featureGroups.shoppers.table.name };
  });
  after(async () => {
    for (const name of Object.keys(process.env)) if (!(name in outer)) delete process.env[name];
    Object.assign(process.env, outer);
    await bed.end();
  });

  const put = (id: string, more: Record<string, string> = {}) =>
    store.records.send(
      new PutRecordCommand({
        FeatureGroupName: GROUP,
        Record: Object.entries({
          shopper_id: id,
          updated_at: "2026-01-01T00:00:00Z",
          segment: "new",
          ...more,
        }).map(([FeatureName, ValueAsString]) => ({ FeatureName, ValueAsString })),
      }),
    );
  const get = async (id: string) => {
    const { Record = [] } = await store.records.send(
      new GetRecordCommand({ FeatureGroupName: GROUP, RecordIdentifierValueAsString: id }),
    );
    return Object.fromEntries(
      Record.map(({ FeatureName = "", ValueAsString }) => [FeatureName, ValueAsString]),
    );
  };
  const query = async (sql: string) =>
    runQuery(reader.actor.athena, sql.replace("TABLE", `"sagemaker_featurestore"."${reader.table}"`), {
      workgroup: reader.workgroup,
      database: "sagemaker_featurestore",
    });
  const untilRows = async (sql: string, count: number) => {
    for (let round = 0; ; round++) {
      const { rows } = await query(sql);
      if (rows.length >= count || round > 40) return rows;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  const grow = () =>
    project.settings(({ centralStore }) => {
      const [shoppers] = centralStore.featureGroups;
      // Before the last one: the settings' order is not the group's.
      shoppers.features.splice(
        -1,
        0,
        { name: "tier", type: "String" },
        { name: "visits_7d", type: "Integral" },
      );
      shoppers.features.push({ name: "spend_7d", type: "Fractional" });
      // Two more kinds of change, which AWS takes in two more calls.
      shoppers.ttl = { unit: "Weeks", value: 52 };
      shoppers.throughput = { mode: "Provisioned", readCapacityUnits: 10, writeCapacityUnits: 5 };
      shoppers.tags = { team: "shop" };
      shoppers.description = "Another description, which AWS cannot take";
    });

  it("is previewed as features added in place, and no danger", async () => {
    for (const id of ["s1", "s2"]) await put(id);
    expect(await untilRows("SELECT shopper_id FROM TABLE", 2)).to.have.length(2);
    grow();
    const { ok, stages } = await project.json<Report>(ExitCode.ok, "preview");
    const stage = stages.find(({ stage: name }) => name === "centralStore");
    expect(ok).to.equal(true);
    expect(
      stage?.evolutions?.map(({ group, added }) => [group, added.map(({ name }) => name)]),
    ).to.deep.equal([["shoppers", ADDED]]);
    expect(stage?.changes.every(({ op }) => op === "update")).to.equal(true);
  });

  it("goes on where it was cut off, keeps every record readable, and leaves nothing to do", async () => {
    // As if the last run had ended between two batches: AWS has one of the features, the state has none.
    const FeatureAdditions = [{ FeatureName: "tier", FeatureType: "String" as const }];
    await sagemaker.send(new UpdateFeatureGroupCommand({ FeatureGroupName: "shoppers", FeatureAdditions }));
    await project.json<Report>(ExitCode.ok, "up");
    const described = await sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: "shoppers" }));
    expect(described.FeatureDefinitions?.map(({ FeatureName }) => FeatureName)).to.include.members(ADDED);
    expect(described.OnlineStoreConfig?.TtlDuration).to.deep.include({ Unit: "Weeks", Value: 52 });
    expect(described.ThroughputConfig).to.deep.include({ ThroughputMode: "Provisioned" });
    expect(described.Description).to.equal("Profile of a shopper, shared by all teams");

    for (const id of ["s1", "s2"]) expect(await get(id)).to.include({ shopper_id: id, segment: "new" });
    await put("s3", { tier: "gold", visits_7d: "4", spend_7d: "1.5" });
    expect(await get("s3")).to.include({ tier: "gold", visits_7d: "4", spend_7d: "1.5" });
    const rows = await untilRows("SELECT shopper_id, tier, visits_7d FROM TABLE ORDER BY shopper_id", 3);
    expect(rows).to.deep.equal([
      ["s1", undefined, undefined],
      ["s2", undefined, undefined],
      ["s3", "gold", "4"],
    ]);

    const { stages } = await project.json<Report>(ExitCode.ok, "preview");
    expect(stages.every(({ status, notRun }) => status === "unchanged" && notRun === "unchanged")).to.equal(
      true,
    );
    const { stages: fresh } = await project.json<Report>(
      ExitCode.ok,
      "preview",
      "--refresh",
      "--only",
      "centralStore",
    );
    expect(fresh.flatMap(({ changes }) => changes)).to.deep.equal([]);
  });

  it("refuses to lose a feature or its type, says what to do, and does that", async () => {
    project.settings(({ centralStore }) => {
      const [shoppers] = centralStore.featureGroups;
      shoppers.features = shoppers.features.filter(({ name }: { name: string }) => name !== "segment");
      shoppers.features.find(({ name }: { name: string }) => name === "sessions_30d").type = "Fractional";
      shoppers.features.push({ name: "seen_at", type: "String" });
      shoppers.eventTime = "seen_at";
      delete shoppers.ttl;
      delete shoppers.throughput;
    });
    const refused = await project.run("up");
    expect(refused.code, refused.stderr).to.equal(ExitCode.schema);
    expect(refused.stdout + refused.stderr).to.match(
      /has the feature segment, which the settings do not name/,
    );
    expect(refused.stdout + refused.stderr).to.match(
      /sessions_30d is Integral, and the settings say Fractional/,
    );
    expect(refused.stdout).to.match(/the event time is updated_at, and the settings say seen_at/);

    const version = await project.run("evolve", "--group", "shoppers", "--new-version");
    expect(version.code, version.stderr).to.equal(ExitCode.ok);
    expect(version.stdout).to.match(/shoppers-v2 is added beside shoppers/);
    const { stages } = await project.json<Report>(ExitCode.ok, "up");
    expect(stages.flatMap(({ changes }) => changes).map(({ op, name }) => `${op} ${name}`)).to.include(
      "create central-store-shoppers-v2",
    );
    expect(await get("s1")).to.include({ segment: "new" });
    const { FeatureDefinitions = [], EventTimeFeatureName } = await sagemaker.send(
      new DescribeFeatureGroupCommand({ FeatureGroupName: "shoppers-v2" }),
    );
    expect(
      FeatureDefinitions.find(({ FeatureName }) => FeatureName === "sessions_30d")?.FeatureType,
    ).to.equal("Fractional");
    expect(EventTimeFeatureName).to.equal("seen_at");
    const old = await sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: "shoppers" }));
    expect(old.EventTimeFeatureName).to.equal("updated_at");
    // What left the settings has ended.
    expect([old.OnlineStoreConfig?.TtlDuration, old.ThroughputConfig?.ThroughputMode]).to.deep.equal([
      undefined,
      "OnDemand",
    ]);
  });
});

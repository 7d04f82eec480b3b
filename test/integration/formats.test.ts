// Iceberg tables, a group in memory and provisioned throughput, deployed by the driver on the real engine, tried by
// `verify` in both topologies, and unchanged afterwards. What it does not prove: what lies in the tables
// (test/sandbox/iceberg.test.ts, test/sandbox/iceberg-python.test.ts).
import { expect } from "chai";
import { Project, type StageJson } from "./driverSupport";
import { TestBed } from "./support";

const PROVISIONED = { mode: "Provisioned", readCapacityUnits: 5, writeCapacityUnits: 2 };
const VECTOR = { name: "embedding", type: "Fractional", collection: "Vector", dimension: 8 };

describe("table formats and online stores", function () {
  this.timeout(300_000);
  let bed: TestBed;
  let project: Project;
  before(async () => {
    bed = await TestBed.start();
    project = new Project(bed, (config) => {
      const [customers, orders] = config["offlineStore"].featureGroups;
      const [shoppers, payments] = config["centralStore"].featureGroups;
      customers.tableFormat = "Iceberg";
      orders.throughput = PROVISIONED;
      shoppers.tableFormat = "Iceberg";
      shoppers.dataCatalog = { database: "features", table: "shoppers" };
      Object.assign(payments, { storageType: "InMemory", offlineStore: false });
      payments.features.push(VECTOR);
      payments.ttl = { unit: "Days", value: 30 };
      delete config["consumers"]["fraud-scoring"];
      config["consumers"].recommendations.access.payments = ["readOnline", "write"];
    });
  });
  after(() => bed.end());

  type Evolution = { group: string; ttl?: { to?: object }; throughput?: { to: object } };
  type Report = { stages: (StageJson & { evolutions?: Evolution[] })[] };
  const changes = ({ stages }: Report) => stages.flatMap((stage) => stage.changes);

  it("deploy, do what they are for and no more, and stay as they are", async () => {
    await project.json(0, "up");
    const { checks } = await project.json<{ checks: { ok?: boolean; expected: string; action: string }[] }>(
      0,
      "verify",
      "--wait",
      "60",
    );
    const allowed = checks.filter(({ expected }) => expected === "allowed").map(({ action }) => action);
    expect(allowed).to.include.members([
      "athena:StartQueryExecution",
      "sagemaker:BatchGetRecord",
      "s3:ListBucket",
    ]);
    expect(changes(await project.json<Report>(0, "preview"))).to.deep.equal([]);
  });

  it("take another throughput in place, and say that another format makes the group anew", async () => {
    project.settings((config) => {
      config["offlineStore"].featureGroups[1].throughput = { mode: "OnDemand" };
      config["centralStore"].featureGroups[1].ttl = { unit: "Hours", value: 12 };
    });
    const only = ["--only", "centralStore", "--only", "featureGroups"];
    const { stages } = await project.json<Report>(0, "up", ...only);
    const inPlace = stages.flatMap(({ evolutions = [] }) => evolutions);
    expect(
      inPlace.map(({ group, ttl, throughput }) => [group, ttl?.to ?? throughput?.to]).sort(),
    ).to.deep.equal([
      ["orders", { mode: "OnDemand" }],
      ["payments", { unit: "Hours", value: 12 }],
    ]);
    // The driver has done it, and the engine finds nothing that it would replace or delete.
    expect(changes({ stages }).filter(({ op }) => op !== "update")).to.deep.equal([]);
    project.settings((config) => delete config["offlineStore"].featureGroups[0].tableFormat);
    const { stdout } = await project.run("preview", "--json", "--only", "featureGroups");
    const replaced = changes(JSON.parse(stdout) as Report).filter(
      ({ name }) => name === "feature-groups-customers",
    );
    expect(replaced.map(({ op }) => op)).to.include("replace");
  });
});

// The main job on the real engine: a stack for each stage, in three accounts that enforce access. Does not prove AWS's own
// behaviour: the accounts are the sandbox's.
import { expect } from "chai";
import { parquetReadObjects } from "hyparquet";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { PutRecordCommand } from "@aws-sdk/client-sagemaker-featurestore-runtime";
import { assume, clients } from "../sandbox/support";
import { steps, type StageJson } from "./driverSupport";
import { ALL, NOTHING, TestBed } from "./support";

/** Pulumi makes up the end of a name that is not given: another one in each preview and update, but for a plan's. */
const bare = (output: unknown) => JSON.stringify(output).replace(/-[0-9a-f]{7}(?=["/:])/g, "-*");

describe("both topologies through the driver", function () {
  this.timeout(180_000);
  let bed: TestBed;
  before(async () => (bed = await TestBed.start()));
  after(() => bed.end());

  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await bed.driver([...args, "--json"]);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout) as { ok: boolean; stages: readonly StageJson[] };
  };

  let previewed: readonly StageJson[] = [];

  it("previews the whole graph from nothing, downstream against unknowns, and leaves nothing behind", async () => {
    const report = await json("preview");
    previewed = report.stages;
    expect(report.stages.map(({ stage, account }) => `${stage} ${account}`)).to.have.members([
      "writer A",
      "offlineBucket B",
      "featureGroups A",
      "centralStore B",
      "consumer:fraud-scoring A",
      "crossAccountRole:fraud-scoring B",
      "consumerGrants:fraud-scoring A",
      "consumer:recommendations recommendations",
      "crossAccountRole:recommendations B",
      "consumerGrants:recommendations recommendations",
    ]);
    const outputs = (name: string) => report.stages.find(({ stage }) => stage === name)?.outputs ?? {};
    expect(outputs("writer")["roleArn"]).to.deep.equal({ unknown: true });
    expect(outputs("offlineBucket")["bucketName"]).to.deep.equal({
      value: "shop-offline-store-sagemaker-dev",
    });
    expect(outputs("crossAccountRole:fraud-scoring")["resultsLocation"]).to.deep.equal({
      value: "s3://shop-fraud-scoring-results-dev/athena-results/",
    });
    expect(bed.inventory()).to.deep.equal(NOTHING);
    const stacks = await bed.run("pulumi", ["stack", "ls", "--project", "feature-store-access", "--json"]);
    expect((JSON.parse(stacks.stdout) as { name: string }[]).map(({ name }) => name)).to.deep.equal([]);
  });

  it("brings up just what it previewed, resource by resource, and gives what the preview knew", async () => {
    const done = await json("up");
    expect(steps(done)).to.deep.equal(steps({ stages: previewed }));
    expect(Object.values(steps(done)).flat()).to.have.length(60);
    for (const [at, { outputs }] of previewed.entries())
      for (const [name, { value, unknown }] of Object.entries(outputs))
        if (!unknown) expect(bare(done.stages[at]?.outputs[name]), name).to.equal(bare({ value }));
    expect(bed.inventory()).to.deep.equal(ALL);
  });

  it("changes nothing the second time", async () => {
    const { stages } = await json("up");
    expect(stages.map(({ status, changes }) => ({ status, changes }))).to.deep.equal(
      Array(10).fill({ status: "unchanged", changes: [] }),
    );
  });

  it("verifies what must work and what must be refused", async () => {
    const { code, stdout, stderr } = await bed.driver(["verify", "--json", "--wait", "60"]);
    const { checks } = JSON.parse(stdout) as { checks: Record<string, unknown>[] };
    expect(code, stderr + stdout).to.equal(0);
    expect(Object.keys(checks[0] ?? {})).to.include.members([
      "as",
      "action",
      "resource",
      "expected",
      "actual",
      "ok",
    ]);
    expect(checks.filter(({ expected }) => expected === "denied")).to.have.length.of.at.least(40);
    expect(checks.every(({ ok }) => ok === true)).to.equal(true);
  });

  it("lets account B read, under account A's key, the values that account A wrote", async () => {
    const [a, b] = await Promise.all(
      ["111111111111", "222222222222"].map((account) => deployer(bed, account)),
    );
    const record = {
      customer_id: "c-77",
      updated_at: new Date().toISOString().replace(/\.\d+/, ""),
      country: "DE",
      days_since_signup: "12",
      orders_90d: "3",
      spend_90d_eur: "81.5",
      return_rate: "0.25",
    };
    const Record = Object.entries(record).map(([FeatureName, ValueAsString]) => ({
      FeatureName,
      ValueAsString,
    }));
    await a?.featureStore.send(new PutRecordCommand({ FeatureGroupName: "customers", Record }));
    const rows = await rowsOf(b, "customers", (row) => row["customer_id"] === "c-77");
    expect(rows[0]).to.deep.include({
      country: "DE",
      days_since_signup: 12n,
      spend_90d_eur: 81.5,
      is_deleted: false,
    });
  });

  it("destroys in reverse and leaves what AWS keeps: a key that waits, and the Glue table", async () => {
    const { stages } = await json("destroy", "--delete-data", "--confirm", "dev");
    expect(stages.map(({ status }) => status)).to.deep.equal(Array(10).fill("changed"));
    const order = stages.map(({ stage }) => stage);
    expect(order.indexOf("featureGroups")).to.be.below(order.indexOf("offlineBucket"));
    expect(order.indexOf("offlineBucket")).to.be.below(order.indexOf("writer"));
    expect(order.indexOf("crossAccountRole:fraud-scoring")).to.be.below(order.indexOf("centralStore"));
    expect(bed.inventory()).to.deep.equal(NOTHING);
    expect(bed.kept("glue.tables")).to.have.length(4);
    expect(bed.kept<{ state: string }>("kms.keys").map(({ state }) => state)).to.include("PendingDeletion");
  });
});

async function deployer({ sandbox }: TestBed, account: string) {
  const base = clients(sandbox.endpoint, sandbox.base, "us-east-1");
  return clients(
    sandbox.endpoint,
    await assume(base.sts, `arn:aws:iam::${account}:role/deployer`),
    "us-east-1",
  );
}

/** Rows of the group's offline store that fit, once there are any; read by a Parquet reader that nobody here wrote. */
async function rowsOf(
  reader: Awaited<ReturnType<typeof deployer>> | undefined,
  group: string,
  fits: (row: Record<string, unknown>) => boolean,
) {
  if (!reader) throw new Error("no reader");
  const Bucket = "shop-offline-store-sagemaker-dev";
  const Prefix = `features/111111111111/sagemaker/us-east-1/offline-store/${group}-`;
  for (let tries = 0; tries < 40; tries++) {
    const { Contents = [] } = await reader.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
    for (const { Key } of Contents) {
      const { Body } = await reader.s3.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = await Body?.transformToByteArray();
      const file = new Uint8Array(bytes ?? []).buffer;
      const rows = ((await parquetReadObjects({ file })) as Record<string, unknown>[]).filter(fits);
      if (rows.length > 0) return rows;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("the row did not come");
}

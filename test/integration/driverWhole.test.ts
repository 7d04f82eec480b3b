// Both topologies at once on the real engine: once they are up nothing is run, a change is shown on its pull request, and a
// consumer that comes or fails touches no other. That the update does what the preview said is shown by mainRoad.
import { expect } from "chai";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExitCode } from "../../automation/model/errors";
import { Project } from "./driverSupport";
import { TestBed } from "./support";

const stagesOf = (consumer: string) =>
  ["consumer", "crossAccountRole", "consumerGrants"].map((stage) => `${stage}:${consumer}`);

const EXAMPLE = join(__dirname, "..", "..", "docs", "examples", "preview-comment.md");

/** What AWS and Pulumi make up is another in each run. */
const steady = (text: string) =>
  text
    .replace(/-[0-9a-f]{7}(?![0-9a-f-])/g, "-0a1b2c3")
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "1234abcd-12ab-34cd-56ef-1234567890ab")
    .replace(/([_-])1\d{9}\b/g, "$11767225600")
    .replace(/\bAROA[A-Z0-9]{17}\b/g, "AROA0000000000EXAMPLE");

describe("the whole graph", function () {
  this.timeout(240_000);
  let bed: TestBed;
  let project: Project;
  before(async () => {
    bed = await TestBed.start();
    project = new Project(bed);
  });
  after(async () => {
    rmSync(project.folder, { recursive: true, force: true });
    await bed.end();
  });
  const ran = async (exitCode: number, ...args: string[]) => {
    const { stages } = await project.json(exitCode, ...args);
    return stages.filter(({ notRun, status }) => !notRun && status !== "skipped").map(({ stage }) => stage);
  };
  const addConsumer = (name: string, change: (consumer: any) => void = () => undefined) =>
    project.settings(({ consumers }) => {
      const consumer = structuredClone(consumers["fraud-scoring"]);
      consumer.resultsBucket.name = `shop-${name}-results-dev`;
      consumer.externalId = `shop/${name}`;
      change(consumer);
      consumers[name] = consumer;
    });

  it("comes up with three stages at once, and runs none a second time", async () => {
    const { stages } = await project.json(ExitCode.ok, "up", "--parallel", "3");
    expect(stages.map(({ status }) => status)).to.deep.equal(stages.map(() => "changed"));
    expect(stages).to.have.length(10);
    expect(await ran(ExitCode.ok, "up")).to.deep.equal([]);
  });

  it("is shown on a pull request as the example in the docs (UPDATE_EXAMPLES=1 writes it)", async () => {
    const settings = join(project.folder, "Pulumi.dev.yaml");
    const before = readFileSync(settings, "utf8");
    // Access widened, a feature group replaced, a consumer added: what a reviewer should stop at.
    project.settings(({ centralStore, consumers }) => {
      consumers["fraud-scoring"].access.shoppers = ["readOnline", "readOffline"];
      centralStore.featureGroups[1].tableFormat = "Iceberg";
    });
    addConsumer("pricing");
    const { code, stderr } = await project.run("preview", "--markdown", "comment.md");
    expect(code, stderr).to.equal(ExitCode.dataLoss);
    const text = steady(readFileSync(join(project.folder, "comment.md"), "utf8"));
    if (process.env["UPDATE_EXAMPLES"]) writeFileSync(EXAMPLE, text);
    expect(text).to.equal(readFileSync(EXAMPLE, "utf8"));
    writeFileSync(settings, before);
  });

  it("runs the stages of a consumer that comes, and no others; and they can be chosen by its name", async () => {
    addConsumer("pricing");
    expect((await ran(ExitCode.ok, "preview")).sort()).to.deep.equal(stagesOf("pricing").sort());
    expect((await ran(ExitCode.ok, "up", "--consumer", "pricing")).sort()).to.deep.equal(
      stagesOf("pricing").sort(),
    );
    expect(await ran(ExitCode.ok, "up")).to.deep.equal([]);
  });

  it("skips what stands behind a failed stage, and goes on with other consumers only where that is asked", async () => {
    // A bucket's name that is another account's: the consumer's own stage fails.
    addConsumer("broken", (consumer) => (consumer.resultsBucket.name = "shop-recommendations-results-dev-2"));
    addConsumer("fine");
    await taken("shop-recommendations-results-dev-2");
    const stopped = await project.json(ExitCode.failed, "up", "--parallel", "1");
    const status = (report: typeof stopped) => new Map(report.stages.map((stage) => [stage.stage, stage]));
    expect(status(stopped).get("consumer:broken")?.status).to.equal("failed");
    expect(status(stopped).get("consumerGrants:broken")?.reason).to.equal("consumer:broken failed");
    expect(status(stopped).get("consumer:fine")?.reason).to.equal(
      "the run stopped because consumer:broken failed",
    );
    const went = await project.json(ExitCode.failed, "up", "--keep-going");
    expect(status(went).get("crossAccountRole:broken")?.status).to.equal("skipped");
    for (const stage of stagesOf("fine")) expect(status(went).get(stage)?.status, stage).to.equal("changed");
  });

  /** Another account has the bucket. */
  async function taken(name: string): Promise<void> {
    const { CreateBucketCommand } = await import("@aws-sdk/client-s3");
    const { assume, clients } = await import("../sandbox/support.js");
    const base = clients(bed.sandbox.endpoint, bed.sandbox.base, "us-east-1");
    const session = await assume(base.sts, "arn:aws:iam::222222222222:role/deployer");
    await clients(bed.sandbox.endpoint, session, "us-east-1").s3.send(
      new CreateBucketCommand({ Bucket: name }),
    );
  }
});

// Both topologies at once on the real engine: what one preview from nothing says, the update does, resource by resource;
// then nothing is run, and a consumer that comes or fails touches no other. The accounts are the sandbox's.
import { expect } from "chai";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExitCode } from "../../automation/errors";
import { Project, steps } from "./driverSupport";
import { TestBed } from "./support";

const stagesOf = (consumer: string) =>
  ["consumer", "crossAccountRole", "consumerGrants"].map((stage) => `${stage}:${consumer}`);

/** Pulumi makes up the end of a name that is not given: another one in each preview and update, but for a plan's. */
const bare = (output: unknown) => JSON.stringify(output).replace(/-[0-9a-f]{7}(?=["/:])/g, "-*");

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

  it("is previewed from nothing, and comes up just as it was previewed", async () => {
    const previewed = await project.json(ExitCode.ok, "preview");
    expect(previewed.stages).to.have.length(10);
    const done = await project.json(ExitCode.ok, "up", "--parallel", "3");
    expect(steps(done)).to.deep.equal(steps(previewed));
    for (const [at, { outputs }] of previewed.stages.entries())
      for (const [name, { value, unknown }] of Object.entries(outputs))
        if (!unknown) expect(bare(done.stages[at]?.outputs[name]), name).to.equal(bare({ value }));
    expect(await ran(ExitCode.ok, "up")).to.deep.equal([]);
  });

  it("is shown on a pull request as the example in the docs (UPDATE_EXAMPLES=1 writes it)", async () => {
    const settings = join(project.folder, "Pulumi.dev.yaml");
    const before = readFileSync(settings, "utf8");
    // Access widened, a feature group replaced, a consumer added: what a reviewer should stop at.
    project.settings(({ centralStore, consumers }) => {
      consumers["fraud-scoring"].access.shoppers = ["readOnline", "readOffline"];
      centralStore.featureGroups[1].eventTime = "risk_score";
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
      "the run stopped, as consumer:broken failed",
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

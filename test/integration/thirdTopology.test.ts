// A topology is added by its folders and one line in the list of each layer: the project with the fixture's topology (a bucket
// of account B that a role of account A reads) laid over it is type-checked, proven, deployed, tried and destroyed on the real
// engine and the sandbox, by its own driver. That the other two topologies still work is proven by all other tests.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Check } from "../../automation/actions/verify";
import { Project, type StageJson } from "./driverSupport";
import { NOTHING, PROJECT, TestBed, type Ended } from "./support";

const FIXTURE = join(PROJECT, "test", "fixtures", "topologies", "shared-bucket");
/** The list of each layer, and the folder or file of the topology beside it. */
const LISTS = {
  "components/topologies/index.ts": "./shared-bucket",
  "access/topologies/index.ts": "./sharedBucket",
  "automation/topologies/index.ts": "./sharedBucket",
};
const BUCKET = "shop-shared-bucket-dev";

describe("a third topology, by its folders and a line in each list", function () {
  this.timeout(300_000);
  let bed: TestBed;
  let project: Project;

  before(async () => {
    bed = await TestBed.start();
    await bed.prepareStack();
    project = new Project(bed, (config) => {
      for (const name of ["offlineStore", "centralStore", "consumers"]) delete config[name];
      config["sharedBucket"] = {
        bucketName: BUCKET,
        prefix: "shared",
        trustedRoleArns: ["arn:aws:iam::111111111111:role/deployer"],
      };
    });
    for (const name of ["access", "automation", "policy-pack"])
      cpSync(join(PROJECT, name), join(project.folder, name), { recursive: true });
    cpSync(FIXTURE, project.folder, { recursive: true });
    for (const [file, from] of Object.entries(LISTS)) {
      const path = join(project.folder, file);
      const list = readFileSync(path, "utf8");
      expect(list, file).to.include("[offlineStore, assumedRole]");
      const longer = list.replace("[offlineStore, assumedRole]", "[offlineStore, assumedRole, sharedBucket]");
      writeFileSync(path, `import { sharedBucket } from "${from}";\n${longer}`);
    }
  });

  after(async () => {
    rmSync(project.folder, { recursive: true, force: true });
    await bed.end();
  });

  /** A command of the project's own driver. */
  function driven(...args: string[]): Promise<Ended> {
    const main = join(project.folder, "automation", "cli", "main.ts");
    const command = ["--require", join(__dirname, "compiled.cjs"), main, ...args];
    return bed.run(process.execPath, command, { cwd: project.folder });
  }
  async function json<T = { stages: StageJson[] }>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await driven(...args, "--json");
    expect(code, stderr + stdout).to.equal(0);
    return JSON.parse(stdout) as T;
  }
  const statuses = ({ stages }: { stages: readonly StageJson[] }) =>
    stages.map(({ stage, account, status }) => `${stage} ${account} ${status}`);

  it("is type-checked with the rest of the program", async () => {
    const compiler = join(PROJECT, "node_modules", "typescript", "bin", "tsc");
    const { code, stdout } = await bed.run(process.execPath, [compiler, "-p", "."], { cwd: project.folder });
    expect(code, stdout).to.equal(0);
  });

  it("is proven from its plan", async () => {
    type Proof = { counts: object; intents: { id: string; holds: boolean; expect: string }[] };
    const { intents } = await json<Proof>("prove");
    expect(intents.map(({ id, expect: means, holds }) => `${id}: ${means} ${holds}`)).to.deep.equal([
      "sharedBucket assume arn:aws:iam::111111111111:role/deployer: allowed true",
      "sharedBucket read: allowed true",
      "sharedBucket write: denied true",
      "sharedBucket strangers: denied true",
    ]);
  });

  it("is previewed, and deployed as it was previewed", async () => {
    const stages = ["bucketReader A changed", "sharedBucket B changed"];
    expect(statuses(await json("preview"))).to.deep.equal(stages);
    expect(bed.inventory()).to.deep.equal(NOTHING);
    expect(statuses(await json("up"))).to.deep.equal(stages);
    expect(bed.inventory()).to.deep.equal({ ...NOTHING, roles: 1, inlinePolicies: 1, buckets: 1 });
  });

  it("is tried for real: account A's role reads an object, and strangers are refused", async () => {
    const { checks } = await json<{ checks: Check[] }>("verify");
    const tried = checks.map(({ as, action, actual, ok }) => `${as}: ${action} ${actual} ${ok}`);
    expect(tried).to.include.members([
      "account B's deployer: s3:PutObject allowed true",
      "the bucket's reader: s3:GetObject allowed true",
      "the bucket's reader: s3:PutObject denied true",
      "account A's deployer: s3:GetObject denied true",
      "anyone, without credentials: s3:GetObject denied true",
      "another account (999999999999): s3:GetObject denied true",
    ]);
    expect(checks.filter(({ ok }) => !ok)).to.deep.equal([]);
    // Beyond its own attempts, a sample of the proof.
    expect(checks.some(({ resource }) => resource.includes("(proven denied)"))).to.equal(true);
  });

  it("has no drift, and is reported from what is deployed", async () => {
    expect(statuses(await json("drift")).map((line) => line.split(" ").at(-1))).to.deep.equal([
      "clean",
      "clean",
    ]);
    const page = join(bed.state, "access.html");
    const { code, stderr } = await driven("report", "--of", "deployed", "--out", page);
    expect(code, stderr).to.equal(0);
    expect(readFileSync(page, "utf8")).to.include("sharedBucket read").and.to.include("bucketReader");
  });

  it("passes the policy pack, folded into one stack", async () => {
    const config = join(bed.state, "policy-config.json");
    writeFileSync(config, (await driven("policy-config")).stdout);
    const pack = ["--policy-pack", join(project.folder, "policy-pack"), "--policy-pack-config", config];
    const preview = ["preview", "--stack", "dev", "--non-interactive", "--color", "never", ...pack];
    const { code, stdout, stderr } = await bed.run("pulumi", preview, { cwd: project.folder });
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout)
      .to.match(/shared-bucket-bucket/)
      .and.not.match(/\[(mandatory|advisory)\]/);
  });

  it("is destroyed", async () => {
    expect(statuses(await json("destroy"))).to.have.length(2);
    expect(bed.inventory()).to.deep.equal(NOTHING);
  });
});

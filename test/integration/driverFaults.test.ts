// What befalls a run: Ctrl-C, once and twice; another driver at the same time; credentials that end in the middle. The
// next run converges, and nothing is orphaned. A Ctrl-C from a terminal is not played here: see engineSignal.test.ts.
import { spawn, type ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ExitCode } from "../../automation/model/errors";
import { offlineStoreOnly, Project } from "./driverSupport";
import { ended, PROJECT, TestBed, type Ended } from "./support";

const COMPLETE = { roles: 1, keys: 1, aliases: 1, buckets: 1, featureGroups: 2 };

describe("a driver that is disturbed", function () {
  this.timeout(180_000);
  let bed: TestBed;
  let project: Project;
  beforeEach(async () => {
    bed = await TestBed.start();
    project = new Project(bed, offlineStoreOnly);
  });
  afterEach(async () => {
    rmSync(project.folder, { recursive: true, force: true });
    await bed.end();
  });

  const begin = (...args: string[]): ChildProcess =>
    spawn(process.execPath, ["--import", "tsx", join(PROJECT, "automation", "cli", "main.ts"), ...args], {
      cwd: project.folder,
      env: bed.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
  const once = async (run: ChildProcess, kind: keyof typeof COMPLETE) => {
    while (run.exitCode === null && bed.inventory()[kind] === 0)
      await new Promise((resolve) => setTimeout(resolve, 1));
    expect(run.exitCode, "the run ended before it made any").to.equal(null);
  };
  const pending = async (stage: string) => {
    const args = ["stack", "export", "--stack", `dev.${stage}`];
    const { code, stdout, stderr } = await bed.run("pulumi", args, { cwd: project.folder });
    expect(code, stderr).to.equal(0);
    const { deployment } = JSON.parse(stdout) as { deployment: { pending_operations?: unknown[] } };
    return deployment.pending_operations ?? [];
  };
  const converges = async (): Promise<Ended> => {
    const next = await project.run("up");
    expect(next.code, next.stderr + next.stdout).to.equal(ExitCode.ok);
    expect(bed.inventory()).to.include(COMPLETE);
    return next;
  };

  it("ends cleanly at the first SIGINT: nothing is left half-made, and the next run goes on", async () => {
    const run = begin("up");
    const over = ended(run);
    await once(run, "buckets");
    run.kill("SIGINT");
    const { code, stderr } = await over;
    expect(code, stderr).to.equal(ExitCode.interrupted);
    expect(stderr).to.contain("stopping").and.contain("featureGroups: skipped");
    expect(bed.inventory().featureGroups).to.equal(0);
    expect(await pending("offlineBucket")).to.deep.equal([]);
    const next = await converges();
    expect(next.stderr).not.to.match(/adopted|killed|waiting/);
  });

  it("cancels at the second SIGINT, and the next run takes over what was half-made", async () => {
    const run = begin("up");
    const over = ended(run);
    await once(run, "keys");
    run.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 50));
    run.kill("SIGINT");
    const { code, stderr } = await over;
    expect(code, stderr).to.equal(ExitCode.interrupted);
    await converges();
  });

  it("waits, with a word, while another one works on the environment, and then finds nothing to do", async () => {
    const first = begin("up");
    const over = ended(first);
    await once(first, "roles");
    const second = await project.run("up", "--json");
    expect((await over).code).to.equal(ExitCode.ok);
    expect(second.code, second.stderr).to.equal(ExitCode.ok);
    expect(second.stderr).to.contain(`waiting for another run to end: up, process ${first.pid}`);
    const { stages } = JSON.parse(second.stdout) as { stages: { notRun?: string }[] };
    expect(stages.map(({ notRun }) => notRun)).to.deep.equal(Array(3).fill("unchanged"));
    expect(bed.inventory()).to.include(COMPLETE);
  });

  it("says so where credentials end in the middle, and goes on once they are renewed", async () => {
    const { store } = bed.sandbox.world;
    const sessions = store.collection<string>("sts.secrets");
    const keys = store.collection<{ status: string }>("iam.accessKeys");
    const { accessKeyId } = bed.sandbox.base;
    const run = begin("up");
    const over = ended(run);
    await once(run, "buckets");
    // All sessions end, and the key that new ones would be had with.
    const key = keys.get(accessKeyId);
    if (!key) throw new Error("the sandbox has no such key");
    sessions.delete("sealing");
    keys.set(accessKeyId, { ...key, status: "Inactive" });
    const { code, stderr, stdout } = await over;
    keys.set(accessKeyId, key);
    expect(code, stderr + stdout).to.equal(ExitCode.credentials);
    await converges();
  });
});

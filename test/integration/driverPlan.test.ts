// A preview that is kept as a plan, on the real engine: an update held to it does just that, and refuses where anything
// that the plan was made from is another. Does not prove Pulumi's own update plans for every provider.
import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExitCode } from "../../automation/model/errors";
import { offlineStoreOnly, Project, steps } from "./driverSupport";
import { TestBed } from "./support";

describe("a plan of the whole graph", function () {
  this.timeout(180_000);
  let bed: TestBed;
  let project: Project;
  let folder: string;
  before(async () => {
    bed = await TestBed.start();
    project = new Project(bed, offlineStoreOnly);
    folder = mkdtempSync(join(tmpdir(), "feature-store-access-plans-"));
  });
  after(async () => {
    for (const each of [folder, project.folder]) rmSync(each, { recursive: true, force: true });
    await bed.end();
  });
  const plan = (name: string) => join(folder, `${name}.json`);
  const refused = async (name: string, ...words: string[]) => {
    const run = await project.run("up", "--plan", plan(name));
    expect(run.code, run.stderr + run.stdout).to.equal(ExitCode.plan);
    for (const word of words) expect(run.stderr + run.stdout).to.contain(word);
  };

  it("is applied from nothing, values that it did not know included", async () => {
    const previewed = await project.json(ExitCode.ok, "preview", "--plan", plan("first"));
    const done = await project.json(ExitCode.ok, "up", "--plan", plan("first"));
    expect(steps(done)).to.deep.equal(steps(previewed));
    expect(bed.inventory()).to.include({ roles: 1, keys: 1, aliases: 1, buckets: 1, featureGroups: 2 });
  });

  it("does not hold once it is applied: the states are others", () =>
    refused("first", "writer: its state has changed"));

  it("does not hold for other settings", async () => {
    project.settings(({ offlineStore }) => (offlineStore.noncurrentVersionDays = 40));
    await project.json(ExitCode.ok, "preview", "--plan", plan("settings"));
    project.settings(({ offlineStore }) => (offlineStore.noncurrentVersionDays = 41));
    await refused("settings", "offlineBucket: its settings have changed");
    project.settings(({ offlineStore }) => (offlineStore.noncurrentVersionDays = 40));
  });

  it("changes what it says, and runs nothing where it says that nothing changes", async () => {
    const changed = await project.json(ExitCode.ok, "up", "--plan", plan("settings"));
    expect(changed.stages.map(({ changes }) => changes.map(({ op, name }) => `${op} ${name}`))).to.deep.equal(
      [[], ["update offline-bucket-lifecycle"], []],
    );
    await project.json(ExitCode.ok, "preview", "--plan", plan("nothing"));
    const { stages } = await project.json(ExitCode.ok, "up", "--plan", plan("nothing"));
    expect(stages.map(({ notRun }) => notRun)).to.deep.equal(Array(3).fill("unchanged"));
  });

  it("holds the engine to each resource that it says", async () => {
    project.settings(({ offlineStore }) => (offlineStore.noncurrentVersionDays = 50));
    await project.json(ExitCode.ok, "preview", "--plan", plan("edited"));
    // As if the plan had said something else: what is previewed is not what the program does.
    writeFileSync(
      plan("edited"),
      readFileSync(plan("edited"), "utf8").replace(/"noncurrentDays": 50/g, '"noncurrentDays": 51'),
    );
    await refused("edited", "offlineBucket", "violates plan");
  });

  it("is not written where the preview finds a danger, unless it is allowed; then the plan allows it", async () => {
    project.settings(({ offlineStore }) => offlineStore.featureGroups.pop());
    const run = await project.run("preview", "--plan", plan("danger"));
    expect(run.code).to.equal(ExitCode.dataLoss);
    await refused("danger", "cannot be read");
    await project.json(ExitCode.ok, "preview", "--plan", plan("danger"), "--allow-replace", "orders");
    await project.json(ExitCode.ok, "up", "--plan", plan("danger"));
    expect(bed.inventory().featureGroups).to.equal(1);
  });

  it("is refused where it is no plan, another environment's, or goes with a selection", async () => {
    writeFileSync(plan("none"), "{}");
    await refused("none", "is not what `preview --plan` writes");
    const other = JSON.parse(readFileSync(plan("first"), "utf8")) as { environment: string };
    writeFileSync(plan("other"), JSON.stringify({ ...other, environment: "prod" }));
    await refused("other", "is for environment prod, not dev");
    const run = await project.run("up", "--plan", plan("first"), "--only", "writer");
    expect(run.code).to.equal(ExitCode.usage);
  });
});

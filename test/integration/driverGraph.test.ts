// The driver's walk on the real engine: what a preview says, the update does; what is unchanged is not run; data is not
// replaced unasked; drift is found and mended. The accounts are the sandbox's: how AWS itself drifts is not shown here.
import { expect } from "chai";
import { rmSync } from "node:fs";
import { DeleteBucketPolicyCommand, PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { ExitCode } from "../../automation/model/errors";
import { assume, clients } from "../sandbox/support";
import { offlineStoreOnly, Project, steps } from "./driverSupport";
import { TestBed } from "./support";

const BUCKET = "shop-offline-store-sagemaker-dev";

describe("the driver over the graph", function () {
  this.timeout(180_000);
  let bed: TestBed;
  let project: Project;
  before(async () => {
    bed = await TestBed.start();
    project = new Project(bed, offlineStoreOnly);
  });
  after(async () => {
    rmSync(project.folder, { recursive: true, force: true });
    await bed.end();
  });

  const statuses = async (...args: string[]) =>
    (await project.json(ExitCode.ok, ...args)).stages.map(
      ({ stage, status, notRun }) => `${stage} ${status}${notRun ? " (not run)" : ""}`,
    );
  const inB = async () => {
    const base = clients(bed.sandbox.endpoint, bed.sandbox.base, "us-east-1");
    const session = await assume(base.sts, "arn:aws:iam::222222222222:role/deployer");
    return clients(bed.sandbox.endpoint, session, "us-east-1");
  };

  it("refuses a part of the graph whose needs are not deployed, and names that it does not know", async () => {
    const alone = await project.run("up", "--only", "featureGroups");
    expect(alone.code).to.equal(ExitCode.usage);
    expect(alone.stderr)
      .to.contain("featureGroups needs writer")
      .and.contain("featureGroups needs offlineBucket");
    const nobody = await project.run("up", "--consumer", "nobody");
    expect(nobody.code).to.equal(ExitCode.usage);
    expect(nobody.stderr).to.contain('no consumer "nobody"');
    expect(bed.inventory().roles).to.equal(0);
  });

  it("does in every stage just what the preview said, resource by resource", async () => {
    const previewed = await project.json(ExitCode.ok, "preview");
    expect(bed.inventory()).to.include({ roles: 0, keys: 0, aliases: 0, buckets: 0, featureGroups: 0 });
    const done = await project.json(ExitCode.ok, "up");
    expect(steps(done)).to.deep.equal(steps(previewed));
    expect(Object.values(steps(done)).flat()).to.have.length.of.at.least(13);
    // What the preview knew of outputs is what they became.
    for (const [at, { outputs }] of previewed.stages.entries())
      for (const [name, { value, unknown }] of Object.entries(outputs))
        if (!unknown) expect(done.stages[at]?.outputs[name], name).to.deep.equal({ value });
  });

  it("runs no engine where nothing has changed, neither to update nor to preview", async () => {
    const all = ["writer", "offlineBucket", "featureGroups"].map((stage) => `${stage} unchanged (not run)`);
    const env = { PATH: "", FEATURE_STORE_ACCESS_CACHE: "/nonexistent" };
    for (const command of ["up", "preview"]) {
      expect(await statuses(command)).to.deep.equal(all);
      const without = await bed.driver([command], { cwd: project.folder, env });
      expect(without.code, without.stderr).to.equal(ExitCode.ok);
    }
    expect(await statuses("up", "--refresh")).to.deep.equal(
      all.map((line) => line.replace(" (not run)", "")),
    );
    expect(await statuses("up")).to.deep.equal(all);
  });

  it("runs the stage whose settings have changed, and those that need it only if what it gives has changed", async () => {
    project.settings(({ offlineStore }) => (offlineStore.noncurrentVersionDays = 30));
    const report = await project.json(ExitCode.ok, "up");
    expect(report.stages.map(({ status, changes }) => [status, changes.map(({ op }) => op)])).to.deep.equal([
      ["unchanged", []],
      ["changed", ["update"]],
      ["unchanged", []],
    ]);
  });

  it("runs a stage whose state was written by another", async () => {
    const flags = ["--stack", "dev.offlineBucket", "--yes", "--skip-preview", "--non-interactive"];
    // In the project's folder: the CLI writes a file for the stack beside Pulumi.yaml.
    const refreshed = await bed.run("pulumi", ["refresh", ...flags], { cwd: project.folder });
    expect(refreshed.code, refreshed.stderr + refreshed.stdout).to.equal(0);
    expect(await statuses("up")).to.deep.equal([
      "writer unchanged (not run)",
      "offlineBucket unchanged",
      "featureGroups unchanged (not run)",
    ]);
  });

  it("finds drift by stage, resource and property, changes nothing, and mends it when asked", async () => {
    expect((await project.run("drift")).code).to.equal(ExitCode.ok);
    const { s3 } = await inB();
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: "Suspended" } }),
    );
    await s3.send(new DeleteBucketPolicyCommand({ Bucket: BUCKET }));
    const found = await project.json<{ stages: { stage: string; status: string; resources: any[] }[] }>(
      ExitCode.drift,
      "drift",
    );
    expect(found.stages.map(({ stage, status }) => `${stage} ${status}`)).to.deep.equal([
      "writer inSync",
      "offlineBucket drifted",
      "featureGroups inSync",
    ]);
    const resources = found.stages[1]?.resources ?? [];
    expect(resources.map(({ type, kind, properties }) => ({ type, kind, properties }))).to.have.deep.members([
      {
        type: "aws:s3/bucketVersioning:BucketVersioning",
        kind: "changed",
        properties: [
          {
            path: "versioningConfiguration.status",
            deployed: { value: "Enabled" },
            actual: { value: "Suspended" },
          },
        ],
      },
      { type: "aws:s3/bucketPolicy:BucketPolicy", kind: "deleted", properties: [] },
    ]);
    const plain = await project.run("drift", "--only", "offlineBucket");
    expect(plain.code).to.equal(ExitCode.drift);
    expect(plain.stdout).to.contain('versioningConfiguration.status: "Enabled" -> "Suspended"');
    expect(await statuses("up")).to.include("offlineBucket unchanged (not run)");
    expect((await project.run("drift", "--only", "offlineBucket")).code).to.equal(ExitCode.drift);
    const mended = await project.json(ExitCode.ok, "up", "--refresh");
    expect(mended.stages[1]?.changes.map(({ op, type }) => `${op} ${type}`)).to.have.members([
      "update aws:s3/bucketVersioning:BucketVersioning",
      "create aws:s3/bucketPolicy:BucketPolicy",
    ]);
    expect((await project.run("drift")).code).to.equal(ExitCode.ok);
  });

  it("stops before it replaces or deletes what holds data, and does so when it is allowed by name", async () => {
    project.settings(({ offlineStore }) => {
      offlineStore.featureGroups[0].tableFormat = "Iceberg";
      offlineStore.featureGroups.pop();
    });
    const preview = await project.run("preview", "--json");
    expect(preview.code, preview.stderr).to.equal(ExitCode.dataLoss);
    const before = bed.kept<{ name: string }>("sagemaker.featureGroups");
    const refused = await project.run("up");
    expect(refused.code, refused.stderr).to.equal(ExitCode.dataLoss);
    expect(refused.stderr)
      .to.match(/featureGroups: REPLACES .*FeatureGroup feature-groups-customers \(customers\)/)
      .and.match(/featureGroups: DELETES .*FeatureGroup feature-groups-orders \(orders\)/);
    expect(bed.kept("sagemaker.featureGroups")).to.deep.equal(before);
    const allowed = ["--allow-replace", "customers", "--allow-replace", "feature-groups-orders"];
    expect((await project.run("preview", ...allowed)).code).to.equal(ExitCode.ok);
    const done = await project.run("up", ...allowed);
    expect(done.code, done.stderr + done.stdout).to.equal(ExitCode.ok);
    expect(bed.inventory().featureGroups).to.equal(1);
  });

  it("destroys a part only if nothing that is deployed needs it", async () => {
    const gone = ["--delete-data", "--confirm", "dev"];
    const refused = await project.run("destroy", "--only", "writer");
    expect(refused.code).to.equal(ExitCode.usage);
    expect(refused.stderr).to.contain("offlineBucket, featureGroups");
    expect((await project.run("destroy", "--from", "offlineBucket", ...gone)).code).to.equal(ExitCode.ok);
    expect(bed.inventory()).to.include({ roles: 1, keys: 1, aliases: 1, buckets: 0, featureGroups: 0 });
    expect((await project.run("destroy", ...gone)).code).to.equal(ExitCode.ok);
    expect(bed.inventory().roles).to.equal(0);
  });
});

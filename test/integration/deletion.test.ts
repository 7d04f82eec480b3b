// What becomes of data when an environment goes: refused, kept and taken up again, deleted on its name; and what deleted
// feature groups leave. On the real engine and the sandbox; does not prove how long AWS takes to do it.
import { rmSync } from "node:fs";
import { PutObjectCommand, DeleteObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { DeleteFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { ExitCode } from "../../automation/model/errors";
import { assume, clients } from "../sandbox/support";
import { Project } from "./driverSupport";
import { ALL, NOTHING, TestBed } from "./support";

/** Both stores and one consumer. */
const HELD = {
  ...ALL,
  roles: ALL.roles - 2,
  inlinePolicies: ALL.inlinePolicies - 2,
  buckets: ALL.buckets - 1,
  workgroups: ALL.workgroups - 1,
};

interface Left {
  kind: string;
  of?: string;
  ours: boolean;
  bucket?: string;
  prefix?: string;
  contents?: { objects: number; versions: number; deleteMarkers: number };
}

describe("deleting an environment", function () {
  this.timeout(180_000);
  let bed: TestBed;
  let project: Project;
  before(async () => {
    bed = await TestBed.start();
    project = new Project(bed, (config) => {
      config["protectData"] = true;
      delete (config["consumers"] as Record<string, unknown>)["recommendations"];
    });
  });
  after(async () => {
    rmSync(project.folder, { recursive: true, force: true });
    await bed.end();
  });
  const deployer = async (account: string) => {
    const base = clients(bed.sandbox.endpoint, bed.sandbox.base, "us-east-1");
    const role = `arn:aws:iam::${account}:role/deployer`;
    return clients(bed.sandbox.endpoint, await assume(base.sts, role), "us-east-1");
  };
  const left = async (...args: string[]) =>
    (await project.json<{ leftovers: Left[] }>(ExitCode.ok, "leftovers", ...args)).leftovers;

  it("refuses by default, naming what holds data and both ways on", async () => {
    await project.json(ExitCode.ok, "up");
    const { code, stderr } = await project.run("destroy");
    expect(code).to.equal(ExitCode.protectedData);
    expect(stderr).to.contain("aws:s3/bucket:Bucket shop-offline-store-sagemaker-dev");
    expect(stderr).to.contain("--keep-data").and.contain("--delete-data").and.contain("--confirm dev");
    expect(bed.inventory()).to.deep.equal(HELD);
  });

  it("keeps data when it is told to, and goes on with it afterwards", async () => {
    const { kept, stages } = await project.json<{
      kept: { type: string; id: string }[];
      stages: { stage: string; status: string }[];
    }>(ExitCode.ok, "destroy", "--keep-data");
    const { featureGroups, buckets, keys, aliases } = HELD;
    expect(bed.inventory()).to.include({ featureGroups, buckets, keys, aliases, workgroups: 0 });
    expect(kept).to.have.length(featureGroups + buckets + keys);
    expect(stages.filter(({ status }) => status === "failed")).to.deep.equal([]);
    await project.json(ExitCode.ok, "up");
    expect(bed.inventory()).to.deep.equal(HELD);
    const again = await project.json(ExitCode.ok, "preview");
    expect(again.stages.flatMap(({ changes }) => changes)).to.deep.equal([]);
  });

  it("lists what would go, and deletes nothing without the environment's name", async () => {
    const { s3 } = await deployer("222222222222");
    const Bucket = "shop-central-store-sagemaker-dev";
    await s3.send(new PutObjectCommand({ Bucket, Key: "by-hand", Body: "12345" }));
    await s3.send(new PutObjectCommand({ Bucket, Key: "by-hand", Body: "123" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "by-hand" }));
    for (const args of [[], ["--confirm", "prod"]]) {
      const { unconfirmed } = await project.json<{ unconfirmed: Record<string, unknown>[] }>(
        ExitCode.unconfirmed,
        "destroy",
        "--delete-data",
        ...args,
      );
      expect(unconfirmed.find(({ name }) => name === Bucket)).to.deep.include({
        kind: "bucket",
        contents: { objects: 0, versions: 2, deleteMarkers: 1, bytes: 8 },
      });
      expect(unconfirmed.filter(({ kind }) => kind === "key")).to.have.length(HELD.keys);
    }
    const { code, stderr } = await project.run("destroy", "--delete-data");
    expect(code).to.equal(ExitCode.unconfirmed);
    expect(stderr).to.contain(`bucket ${Bucket} (centralStore, account B)`).and.contain("2 versions");
    expect(stderr)
      .to.match(/deleted by AWS after \d+ days/)
      .and.contain("Glue table sagemaker_featurestore.");
    expect(bed.inventory()).to.deep.equal(HELD);
  });

  it("finds what a deleted group leaves, and purges only that, versions and delete markers included", async () => {
    expect(await left()).to.deep.equal([]);
    const b = await deployer("222222222222");
    const table = bed
      .kept<{ Name: string; StorageDescriptor: { Location: string } }>("glue.tables")
      .find(({ Name }) => Name.startsWith("shoppers_"));
    const [, Bucket = "", folder = ""] =
      /^s3:\/\/([^/]+)\/(.*)\/data$/.exec(table?.StorageDescriptor.Location ?? "") ?? [];
    const put = (Key: string) => b.s3.send(new PutObjectCommand({ Bucket, Key, Body: "row" }));
    await put(`${folder}/data/part-1.parquet`);
    await b.s3.send(new DeleteObjectCommand({ Bucket, Key: `${folder}/data/part-1.parquet` }));
    const stranger = folder.replace(/[^/]+$/, "somebodys-1600000000");
    await put(`${stranger}/data/part-1.parquet`);
    // Living still: only the stranger's folder belongs to no group.
    expect((await left()).map(({ of, ours }) => `${of} ${ours}`)).to.deep.equal(["somebodys false"]);
    await b.sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: "shoppers" }));
    await settled(async () => (await left()).some(({ of }) => of === "shoppers"));
    const found = await left();
    expect(found.map(({ kind, of, ours }) => `${kind} ${of} ${ours}`)).to.have.members([
      "table shoppers true",
      "offlineObjects shoppers true",
      "offlineObjects somebodys false",
    ]);
    const objects = found.find(({ of, kind }) => of === "shoppers" && kind === "offlineObjects");
    expect(objects?.contents).to.include({ objects: 0, deleteMarkers: 1 });
    await project.json(ExitCode.unconfirmed, "leftovers", "--purge");
    await left("--purge", "--confirm", "dev");
    expect((await left()).map(({ of }) => of)).to.deep.equal(["somebodys"]);
    const below = await b.s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: folder }));
    expect([...(below.Versions ?? []), ...(below.DeleteMarkers ?? [])]).to.deep.equal([]);
  });

  it("deletes everything on the environment's name, and then purges the tables that AWS keeps", async () => {
    const report = await project.json<{ deleted: unknown[] }>(
      ExitCode.ok,
      ...["destroy", "--delete-data", "--confirm", "dev"],
    );
    expect(report.deleted).not.to.have.length(0);
    expect(bed.inventory()).to.deep.equal(NOTHING);
    const tables = await left();
    expect(tables.map(({ kind, ours }) => `${kind} ${ours}`)).to.deep.equal(Array(3).fill("table true"));
    await left("--purge", "--confirm", "dev");
    expect(await left()).to.deep.equal([]);
    expect(bed.kept("glue.tables")).to.deep.equal([]);
  });
});

/** Waits for what the sandbox does in its own time. */
async function settled(is: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 20 && !(await is()); tries++)
    await new Promise((resolve) => setTimeout(resolve, 200));
}

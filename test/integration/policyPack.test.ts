// The rules on the real engine, over a program of this project that breaks them and one that does not: by the driver, which
// judges in its own process, and by `pulumi preview --policy-pack`. Both say the same. Not shown here: that every rule is
// broken (test/policy-pack), and an installed engine's own language host, which runs the pack's folder as it stands.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ExitCode } from "../../automation/model/errors";
import type { Violation } from "../../policy-pack/rules";
import { offlineStoreOnly, Project, type StageJson } from "./driverSupport";
import { PROJECT, TestBed } from "./support";

type Report = { ok: boolean; stages: (StageJson & { violations?: Violation[] })[] };

/** What a program of the project is changed to, by file: an access block with a gap, a key that is never rotated. */
const BREACHES: readonly (readonly [string, RegExp, string])[] = [
  ["components/bucketParts.ts", /blockPublicPolicy: \w+/, "blockPublicPolicy: false"],
  ["components/storeKey.ts", /enableKeyRotation: [\w.]+/, "enableKeyRotation: false"],
];
const NOT_ROTATED = ["central-store-offline-key", "central-store-online-key", "writer-key"];
const NOT_BLOCKED = [
  "central-store-public-access",
  "consumer-fraud-scoring-results-public-access",
  "consumer-recommendations-results-public-access",
  "offline-bucket-public-access",
];
const EXPECTED = [
  ...NOT_ROTATED.map((name) => `key-rotated ${name}: enableKeyRotation is not true`),
  ...NOT_BLOCKED.map((name) => `public-access-blocked ${name}: blockPublicPolicy is not true`),
];

describe("the policy pack on the real engine", function () {
  this.timeout(300_000);
  let bed: TestBed;
  let good: Project;
  let bad: Project;

  before(async () => {
    bed = await TestBed.start();
    await bed.prepareStack();
    good = new Project(bed, offlineStoreOnly);
    bad = new Project(bed);
    for (const folder of ["automation", "policy-pack", "access"])
      cpSync(join(PROJECT, folder), join(bad.folder, folder), { recursive: true });
    for (const [file, text, instead] of BREACHES) {
      const path = join(bad.folder, file);
      const before = readFileSync(path, "utf8");
      expect(before, file).to.match(text);
      writeFileSync(path, before.replace(text, instead));
    }
  });

  after(async () => {
    for (const { folder } of [good, bad]) rmSync(folder, { recursive: true, force: true });
    await bed.end();
  });

  /** The driver of the changed project itself. */
  async function driven(...args: string[]): Promise<{ code: number | null; report: Report; stderr: string }> {
    const command = ["--import", "tsx", join(bad.folder, "automation", "cli", "main.ts"), ...args, "--json"];
    const { code, stdout, stderr } = await bed.run(process.execPath, command, { cwd: bad.folder });
    expect(stdout, stderr).to.not.equal("");
    return { code, report: JSON.parse(stdout) as Report, stderr };
  }

  async function withPack(project: Project, pack: string) {
    const config = join(bed.state, "policy-config.json");
    const { stdout } = await project.run("policy-config");
    writeFileSync(config, stdout);
    const pulumi = ["preview", "--stack", "dev", "--non-interactive", "--color", "never"];
    return bed.run("pulumi", [...pulumi, "--policy-pack", pack, "--policy-pack-config", config], {
      cwd: project.folder,
    });
  }

  it("has the driver report a preview's breaches by stage, and go on through the graph", async () => {
    const comment = join(bed.state, "comment.md");
    const { code, report } = await driven("preview", "--markdown", comment);
    expect(code).to.equal(ExitCode.policy);
    expect(report.ok).to.equal(false);
    const failed = report.stages.filter(({ status }) => status === "failed").map(({ stage }) => stage);
    expect(failed).to.have.members([
      "writer",
      "offlineBucket",
      "centralStore",
      "consumer:fraud-scoring",
      "consumer:recommendations",
    ]);
    expect(report.stages.filter(({ status }) => status === "changed")).to.have.length(5);
    expect(said(report)).to.deep.equal(EXPECTED);
    const stage = report.stages.find((each) => each.stage === "offlineBucket");
    const [first] = stage?.violations ?? [];
    expect(first).to.include({ type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock" });
    expect(first?.urn).to.equal(
      stage?.changes.find(({ name }) => name === "offline-bucket-public-access")?.urn,
    );
    expect(readFileSync(comment, "utf8"))
      .to.include("<b>")
      .and.to.match(/offlineBucket breaks rules of the policy pack[^]*public-access-blocked/);
  });

  it("makes nothing that breaks a rule", async () => {
    const { code, report, stderr } = await driven("up", "--only", "writer");
    expect(code, stderr).to.equal(ExitCode.policy);
    expect(said(report)).to.deep.equal(EXPECTED.filter((line) => line.includes("writer")));
    expect(report.stages.map(({ status }) => status)).to.deep.equal(["failed"]);
    expect(bed.inventory()).to.include({ keys: 0, aliases: 0, buckets: 0 });
    expect(report.stages[0]?.error).to.include("Set enableKeyRotation to true.");
  });

  it("has `pulumi preview` say the same with the pack, and no more", async () => {
    const { code, stdout, stderr } = await withPack(bad, join(bad.folder, "policy-pack"));
    expect(code, stdout + stderr).to.not.equal(0);
    const shown = /\[mandatory\] +(\S+) +\(\S+ ([^)]+)\)\n[^\n]*\n +([^\n]+?)\. /g;
    const found = [...stdout.matchAll(shown)].map(([, rule, name, problem]) => `${rule} ${name}: ${problem}`);
    expect(found.sort()).to.deep.equal(EXPECTED);
  });

  it("lets the project's own program pass with one topology alone, also with what its preview cannot know", async () => {
    const { code, stdout, stderr } = await withPack(good, join(PROJECT, "policy-pack"));
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout)
      .to.match(/feature-store-access/)
      .and.not.match(/\[(mandatory|advisory)\]/);
  });
});

function said({ stages }: Report): string[] {
  return stages
    .flatMap(({ violations = [] }) => violations)
    .map(({ rule, name, problem }) => `${rule} ${name}: ${problem}`)
    .sort();
}

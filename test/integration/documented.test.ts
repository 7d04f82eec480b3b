// The documents' own policies, corrected, deployed and tried: what the documents say works does, and what they leave open
// is not counted as refused.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { projectCopy, TestBed } from "./support";

describe("policyMode: documented", function () {
  this.timeout(120_000);
  let bed: TestBed;
  let copy: string;
  before(async () => {
    bed = await TestBed.start();
    copy = projectCopy();
    const file = join(copy, "Pulumi.dev.yaml");
    const mode = "config:\n  feature-store-access:policyMode: documented";
    const settings = readFileSync(file, "utf8").replace("config:", mode);
    // The documents' managed policy lets the role keep Iceberg tables, too: one in each topology.
    writeFileSync(
      file,
      settings.replace(/(?<=- )(?=name: (customers|shoppers)$)/gm, "tableFormat: Iceberg\n        "),
    );
  });
  after(async () => {
    rmSync(copy, { recursive: true, force: true });
    await bed.end();
  });

  it("deploys, and verifies as its policies say", async () => {
    const up = await bed.driver(["up"], { cwd: copy });
    expect(up.code, up.stderr + up.stdout).to.equal(0);
    const verified = await bed.driver(["verify", "--json", "--wait", "60"], { cwd: copy });
    expect(verified.code, verified.stderr + verified.stdout).to.equal(0);
    const { checks } = JSON.parse(verified.stdout) as { checks: { expected: string }[] };
    expect(checks.filter(({ expected }) => expected === "allowed")).to.have.length(48);
    expect(checks.filter(({ expected }) => expected === "denied")).to.have.length(23);
  });
});

// `pulumi up` on the program as it stands: the same stages in one stack, by the engine's own command line.
import { expect } from "chai";
import { ALL, NOTHING, TestBed } from "./support";

describe("both topologies through pulumi up", function () {
  this.timeout(180_000);
  let bed: TestBed;
  before(async () => {
    bed = await TestBed.start();
    await bed.prepareStack();
  });
  after(() => bed.end());

  const pulumi = async (...args: string[]) => {
    const ended = await bed.run("pulumi", [
      ...args,
      "--stack",
      "dev",
      "--non-interactive",
      "--color",
      "never",
    ]);
    expect(ended.code, ended.stderr + ended.stdout).to.equal(0);
    return ended.stdout;
  };

  it("deploys all of it in one stack", async () => {
    await pulumi("up", "--yes", "--skip-preview");
    expect(bed.inventory()).to.deep.equal(ALL);
    const outputs = JSON.parse(await pulumi("stack", "output", "--json")) as Record<
      string,
      Record<string, unknown>
    >;
    expect(Object.keys(outputs)).to.have.members([
      "writer",
      "offlineBucket",
      "featureGroups",
      "centralStore",
      ...["fraud-scoring", "recommendations"].flatMap((name) => [
        `consumer:${name}`,
        `crossAccountRole:${name}`,
        `consumerGrants:${name}`,
      ]),
    ]);
    expect(outputs["writer"]?.["keyArn"]).to.match(/^arn:aws:kms:us-east-1:111111111111:key\//);
  });

  it("then previews no changes, also after a refresh", async () => {
    await pulumi("preview", "--expect-no-changes");
    await pulumi("preview", "--refresh", "--expect-no-changes");
  });

  it("destroys all of it but what AWS keeps", async () => {
    await pulumi("destroy", "--yes", "--skip-preview");
    expect(bed.inventory()).to.deep.equal(NOTHING);
  });
});

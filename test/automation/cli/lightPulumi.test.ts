/** Commands start without what they do not need, and have it when they ask for it. How long that takes is not measured here. */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import "@pulumi/pulumi";
import { DEFERRED } from "../../../automation/cli/lightPulumi";

const load = createRequire(__filename);
const ROOT = join(__dirname, "..", "..", "..");

describe("what Pulumi loads", () => {
  for (const [name, functions] of Object.entries(DEFERRED))
    it(`is put off with all that ${name} exports, and is left as it is where it was loaded`, () => {
      const whole = load(name) as Record<string, unknown>;
      expect(Object.keys(whole).sort()).to.deep.equal([...functions].sort());
      expect(require.cache[require.resolve(name)]?.children.length).to.be.greaterThan(0);
    });

  it("is none of TypeScript, Arborist and AWS's clients for a proof, and there for who serializes a function", function () {
    this.timeout(30_000);
    const script = `
      require(${JSON.stringify(join(ROOT, "automation", "cli", "main.ts"))});
      require(${JSON.stringify(join(ROOT, "automation", "cli", "commands", "prove.ts"))});
      const heavy = /node_modules.(typescript|@npmcli.arborist|@aws-sdk.client-[a-z0-9]+).(lib|dist)/;
      const loaded = Object.keys(require.cache).filter((file) => heavy.test(file));
      const { runtime } = require("@pulumi/pulumi");
      runtime.serializeFunction(() => 42).then(({ text }) => console.log(JSON.stringify([loaded, text.includes("42")])));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "-e", script], { cwd: ROOT });
    expect(stdout.toString(), stderr.toString()).to.equal("[[],true]\n");
  });
});

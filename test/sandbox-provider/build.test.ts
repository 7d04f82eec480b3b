/** Installation: once, whole, whoever asks. What it does not prove: that the engine finds it (engine.test.ts). */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "@pulumi/aws/package.json";
import { expect } from "chai";
import { installProvider } from "../../sandbox/provider/build";

describe("provider: installation", function () {
  this.timeout(60_000);
  const home = mkdtempSync(join(tmpdir(), "provider-build-"));
  after(() => rmSync(home, { recursive: true, force: true }));

  it("is made once by many who ask at the same time, and leaves nothing else", async () => {
    const folders = await Promise.all([1, 2, 3].map(() => installProvider(home)));
    expect(new Set(folders).size).to.equal(1);
    expect(readdirSync(join(home, "plugins"))).to.deep.equal([`resource-aws-v${version}`]);
    const bundle = join(folders[0] ?? "", "provider.js");
    const made = statSync(bundle);
    await installProvider(home);
    expect(statSync(bundle).ino, "the second time does nothing").to.equal(made.ino);
  });

  it("takes the place of another version", async () => {
    const folder = await installProvider(home);
    for (const name of readdirSync(folder).filter((each) => each.startsWith("sources-")))
      rmSync(join(folder, name));
    writeFileSync(join(folder, "sources-old"), "");
    await installProvider(home);
    const names = readdirSync(folder);
    expect(names).to.include("pulumi-resource-aws");
    expect(names).to.not.include("sources-old");
  });

  it("starts, and tells its port", async () => {
    const child = spawn(join(await installProvider(home), "pulumi-resource-aws"), []);
    const [data] = (await once(child.stdout, "data")) as [Buffer];
    expect(data.toString()).to.match(/^\d+\n$/);
    child.kill();
    await once(child, "close");
  });
});

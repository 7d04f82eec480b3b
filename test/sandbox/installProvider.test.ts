/** Installation: once, whole, whoever asks. What it does not prove: that the engine finds it (engine.test.ts). */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "@pulumi/aws/package.json";
import { expect } from "chai";
import { installProvider } from "../../packages/sandbox";

describe("provider: installation", function () {
  this.timeout(60_000);
  const home = mkdtempSync(join(tmpdir(), "provider-build-"));
  after(() => rmSync(home, { recursive: true, force: true }));

  it("is made once by many who ask at the same time, and leaves nothing else", async () => {
    const folders = await Promise.all([1, 2, 3].map(() => installProvider(home, { version })));
    expect(new Set(folders).size).to.equal(1);
    expect(readdirSync(join(home, "plugins"))).to.deep.equal([`resource-aws-v${version}`]);
    const bundle = join(folders[0] ?? "", "provider.js");
    const made = statSync(bundle);
    await installProvider(home, { version });
    expect(statSync(bundle).ino, "the second time does nothing").to.equal(made.ino);
  });

  it("takes the place of another version", async () => {
    const folder = await installProvider(home, { version });
    for (const name of readdirSync(folder).filter((each) => each.startsWith("sources-")))
      rmSync(join(folder, name));
    writeFileSync(join(folder, "sources-old"), "");
    await installProvider(home, { version });
    const names = readdirSync(folder);
    expect(names).to.include("pulumi-resource-aws");
    expect(names).to.not.include("sources-old");
  });

  it("is built once for all homes that share what was built", async () => {
    const builds = join(home, "builds");
    const [one = "", two = ""] = await Promise.all(
      ["one", "two"].map((name) => installProvider(join(home, name), { version, cache: builds })),
    );
    expect(readdirSync(builds)).to.have.length(1);
    const [build = ""] = readdirSync(builds);
    for (const name of readdirSync(join(builds, build)))
      expect(readFileSync(join(one, name)).equals(readFileSync(join(two, name))), name).to.equal(true);
  });

  it("starts, and tells its port, with what V8 kept of it, without that, and with what is none", async () => {
    const folder = await installProvider(home, { version });
    const code = join(folder, "provider.v8");
    expect(statSync(code).size).to.be.above(1_000_000);
    for (const change of [() => undefined, () => writeFileSync(code, "none"), () => rmSync(code)]) {
      change();
      const child = spawn(join(folder, "pulumi-resource-aws"), []);
      const [data] = (await once(child.stdout, "data")) as [Buffer];
      expect(data.toString()).to.match(/^\d+\n$/);
      child.kill();
      await once(child, "close");
    }
  });
});

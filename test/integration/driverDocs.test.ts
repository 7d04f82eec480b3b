// The examples of docs/automation.md, as they stand there: compiled strictly, and run one after the other.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { offlineStoreOnly, Project } from "./driverSupport";
import { PROJECT, TestBed } from "./support";

/** Each example as a module: `await` at its top level is allowed in the ES modules that readers may have, not here. */
function examples(): string[] {
  const text = readFileSync(join(PROJECT, "docs", "automation.md"), "utf8");
  return [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code = ""]) => {
    const [, imports = "", rest = ""] = /^(import [^]*?;\n)([^]*)$/.exec(code) ?? [];
    const from = JSON.stringify(join(PROJECT, "automation"));
    return `${imports.replace('"./automation"', from)}async function example(): Promise<void> {\n${rest}}\nvoid example();\n`;
  });
}

describe("the examples of docs/automation.md", function () {
  this.timeout(240_000);
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
  const files = () =>
    examples().map((code, at) => {
      const file = join(project.folder, `example${at}.ts`);
      writeFileSync(file, code);
      return file;
    });

  it("compile", () => {
    const config = ts.readConfigFile(join(PROJECT, "tsconfig.json"), (path) => readFileSync(path, "utf8"));
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, PROJECT);
    const program = ts.createProgram(files(), options);
    const faults = ts.getPreEmitDiagnostics(program).filter(({ file }) => file?.fileName.includes("example"));
    expect(faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).to.deep.equal(
      [],
    );
  });

  it("run", async () => {
    const said: string[] = [];
    for (const file of files()) {
      const run = await bed.run(process.execPath, ["--import", "tsx", file], { cwd: project.folder });
      expect(run.code, run.stderr).to.equal(0);
      said.push(run.stdout);
    }
    expect(said).to.have.length(3);
    expect(said[0]).to.contain("featureGroups changed").and.contain("drifted: false");
    expect(said[1]).to.contain("done");
    expect(said[2]).to.match(/^\[\]\ntrue$/m);
    expect(bed.inventory()).to.include({ roles: 0, buckets: 0, featureGroups: 0 });
  });
});

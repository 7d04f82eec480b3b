/** The iam package as its users get it: packed, installed outside the repository, and used as its README says. */
import { expect } from "chai";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { checkTypes, copyOf, examples, install, newFolder, pack, ROOT, run, runNode } from "./support";

const LICENSE = readFileSync(join(ROOT, "LICENSE"), "utf8");

describe("the packed iam package", function () {
  this.timeout(600_000);
  const folder = newFolder();
  let user: string;
  let installed: string;

  before(async () => {
    user = await install([await pack("iam", folder)], folder);
    installed = join(user, "node_modules", "@feature-store-access", "iam");
  });
  after(() => folder.remove());

  it("has compiled code, declarations, README and licence, and no sources", () => {
    expect(readdirSync(installed).sort()).to.deep.equal(["LICENSE", "README.md", "dist", "package.json"]);
    const files = readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" });
    expect(files).to.include.members(["index.js", "index.d.ts", "index.js.map"]);
    expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).to.deep.equal([]);
    expect(readFileSync(join(installed, "LICENSE"), "utf8")).to.equal(LICENSE);
  });

  it("evaluates in plain Node.js as its README says", async () => {
    const printed = [];
    for (const example of examples("iam", "js")) printed.push(await runNode(user, example));
    expect(printed).to.deep.equal([
      "Allowed\n",
      "ImplicitlyDenied [ 'resource' ]\nAllowed [ 'identity', 'resource' ]\n",
    ]);
    const required = `const { evaluate } = require("@feature-store-access/iam"); console.log(typeof evaluate)`;
    expect(await run(user, process.execPath, ["-e", required])).to.equal("function\n");
  });

  it("declares its types", async () => {
    const [first = "", second = ""] = examples("iam", "js").map((code) => code.replace(/^console.*$/gm, ""));
    const wrong = `// @ts-expect-error: the field is called action
      evaluate({ principal: "anonymous", actoin: "s3:GetObject", resource: "*", resourceAccount: "" }, { identity: [] });`;
    await checkTypes(user, `${first}\n{${second.replace(/^import.*$/m, "")}}\n${wrong}`);
  });
});

describe("packing", function () {
  this.timeout(600_000);
  const folder = newFolder();
  after(() => folder.remove());

  const filesOf = (path: string) =>
    Object.fromEntries(
      readdirSync(path).map((name) => [
        name,
        /json$/.test(name) ? readFileSync(join(path, name), "utf8") : "",
      ]),
    );

  it("leaves the sources as they were", async () => {
    const path = copyOf("iam", folder);
    const before = filesOf(path);
    await run(path, "npm", ["pack", "--pack-destination", folder.path]);
    expect(filesOf(path)).to.deep.equal(before);
  });

  it("leaves them as they were where npm fails, also after a run that was killed", async () => {
    const path = copyOf("iam", folder);
    const before = filesOf(path);
    const manifest = before["package.json"] ?? "";
    writeFileSync(join(path, "package.json.source"), manifest);
    writeFileSync(join(path, "package.json"), manifest.replace("./index.ts", "./dist/index.js"));
    const nowhere = join(folder.path, "nowhere");
    expect(await run(path, "npm", ["pack", "--pack-destination", nowhere]).catch(String)).to.match(/ENOENT/);
    while (existsSync(join(path, "package.json.source"))) await setTimeout(20);
    expect(filesOf(path)).to.deep.equal(before);
  });

  it("leaves package.json as it was where the sources do not compile", async () => {
    const path = copyOf("iam", folder);
    const before = filesOf(path)["package.json"];
    writeFileSync(join(path, "wrong.ts"), "export const wrong: number = 'text';\n");
    const error = await run(path, "npm", ["pack"]).catch(String);
    expect(error).to.match(/wrong.ts\(1,14\): error TS2322/);
    expect(filesOf(path)["package.json"]).to.equal(before);
  });

  it("has the repository's licence in each package", () => {
    for (const name of ["iam", "sandbox"])
      expect(readFileSync(join(ROOT, "packages", name, "LICENSE"), "utf8")).to.equal(LICENSE);
  });
});

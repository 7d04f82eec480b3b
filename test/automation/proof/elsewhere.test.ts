// Another version of the program, of a git ref, plans with its own sources and its own packages. What it plans is not
// judged here: that is what all other tests of the proof are about.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import { loadEnvironment } from "../../../automation/environment/project";
import { refSide } from "../../../automation/proof/sides";
import { planned } from "./plan";

const PROJECT = join(__dirname, "..", "..", "..");
const SOURCES = ["Pulumi.yaml", "Pulumi.dev.yaml", "package.json", "tsconfig.json"];
const FOLDERS = ["access", "automation", "components", "packages/iam", "policy-pack"];

describe("proof: another version of the program", function () {
  this.timeout(120_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "proof-elsewhere-"));
    for (const name of [...SOURCES, ...FOLDERS])
      cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
    git("init", "--quiet");
    commit("as-it-is");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const git = (...args: string[]) => execFileSync("git", ["-C", folder, ...args], { encoding: "utf8" });
  function commit(tag: string): void {
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
    git("add", "--all");
    git(...who, "commit", "--quiet", "--message", tag);
    git("tag", tag);
  }
  const side = (ref: string) => refSide(loadEnvironment("dev", folder), ref);

  it("plans what this one plans, if it is the same, and leaves no worktree behind", async () => {
    const { described, name } = await side("as-it-is");
    const here = (await planned()).described;
    expect(name).to.equal("as-it-is");
    expect(described.map(({ stage, name: each, outputs }) => ({ stage, each, outputs }))).to.deep.equal(
      JSON.parse(JSON.stringify(here.map(({ stage, name: each, outputs }) => ({ stage, each, outputs })))),
    );
    expect(git("worktree", "list").trim().split("\n")).to.have.length(1);
  });

  it("has its own packages", async () => {
    const entry = join(folder, "packages", "iam", "index.ts");
    writeFileSync(entry, `${readFileSync(entry, "utf8")}\nthrow new Error("the package of the ref");\n`);
    commit("other-package");
    const outcome = await side("other-package").catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(Error).with.property("message").that.includes("the package of the ref");
    expect((await side("as-it-is")).described).to.have.length.greaterThan(20);
  });

  it("may be older than the packages", async () => {
    git("reset", "--quiet", "--hard", "as-it-is");
    renameSync(join(folder, "packages", "iam"), join(folder, "access", "iam"));
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!/^(access|automation|components)\/.*\.ts$/.test(file)) continue;
      const path = join(folder, file);
      const to = `./${relative(dirname(path), join(folder, "access", "iam"))}`;
      writeFileSync(path, readFileSync(path, "utf8").replaceAll('"@feature-store-access/iam"', `"${to}"`));
    }
    commit("without-packages");
    expect((await side("without-packages")).described).to.have.length.greaterThan(20);
  });
});

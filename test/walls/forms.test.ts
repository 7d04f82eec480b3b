/** Conventions for files that no linter knows. */
import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(__dirname, "..", "..");
const FILES = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).split("\n");

/** Folders each with a README for those who maintain them. The packages' own READMEs are for their users. */
const ROOMS = [
  /^(access|automation|bench|components|policy-pack|tools)$/,
  /^(automation|packages\/sandbox)\/[^/]+$/,
  /^components\/(policies|settings|topologies)$/,
];

describe("the form of the repository", () => {
  it("has one entry for each folder: no x.ts beside x/", () => {
    const folders = new Set(FILES.map((file) => dirname(file)));
    const besides = FILES.filter((file) => /\.(ts|mjs|js)$/.test(file)).filter((file) =>
      folders.has(file.replace(/\.\w+$/, "")),
    );
    expect(besides).to.deep.equal([]);
  });

  it("has a README of at most 40 lines in each room", () => {
    const folders = new Set(FILES.map((file) => dirname(file)));
    for (const room of [...folders].filter((folder) => ROOMS.some((rooms) => rooms.test(folder)))) {
      const readme = join(room, "README.md");
      expect(FILES, `a room without README`).to.include(readme);
      expect(readFileSync(join(ROOT, readme), "utf8").split("\n").length - 1, readme).to.be.at.most(40);
    }
  });
});

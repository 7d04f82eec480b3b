/** Versions, and where the engine is kept. Does not prove that the versions named there exist. */
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import {
  buildKey,
  cacheDirectory,
  isAtLeast,
  MINIMUM_VERSION,
  requiredGo,
  SOURCES,
} from "../../../automation/engine/versions";

describe("engine versions", () => {
  for (const [a, b, expected] of [
    ["3.259.0", "3.259.0", true],
    ["v3.260.0", "3.259.1", true],
    ["3.99.9", "3.259.0", false],
    ["4.0.0", "3.259.0", true],
    ["3.260.0-alpha.1", "3.259.0", true],
    ["go1.26.8", "1.21.0", true],
    ["go1.27rc1", "1.21.0", true],
    ["go1.9", "1.21.0", false],
    ["devel go1.28-1a2b3c Mon Jan 1", "1.21.0", true],
    ["nothing", "1.21.0", false],
  ] as const)
    it(`${a} is ${expected ? "" : "not "}at least ${b}`, () => expect(isAtLeast(a, b)).to.equal(expected));

  it("asks for the same engine as Pulumi.yaml", () => {
    const project = parse(readFileSync(join(__dirname, "..", "..", "..", "Pulumi.yaml"), "utf8"));
    expect(project.requiredPulumiVersion).to.equal(`>=${MINIMUM_VERSION}`);
  });

  it("reads the Go version that the sources ask for", () => {
    const module = readFileSync(join(SOURCES, "cli", "go.mod"), "utf8");
    expect(module).to.contain(`\ngo ${requiredGo()}\n`);
    expect(requiredGo()).to.match(/^1\.\d+/);
  });

  it("names the build by version, platform and sources", () => {
    expect(buildKey()).to.match(
      new RegExp(`^build-3\\.259\\.0-${process.platform}-${process.arch}-[0-9a-f]{12}$`),
    );
  });
});

describe("the cache directory", () => {
  it("is where it is told to be, then where XDG says, then the system's place", () => {
    const env = { FEATURE_STORE_ACCESS_CACHE: "own", XDG_CACHE_HOME: "/xdg", HOME: "/home/me" };
    expect(cacheDirectory({ env })).to.equal(resolve("own"));
    expect(cacheDirectory({ env: { ...env, FEATURE_STORE_ACCESS_CACHE: "" } })).to.equal(
      "/xdg/feature-store-access",
    );
    const own = cacheDirectory({ env: {} });
    expect(own).to.contain("feature-store-access");
    expect(own.startsWith(homedir())).to.equal(true);
  });
});

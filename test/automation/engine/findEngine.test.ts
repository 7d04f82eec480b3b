/**
 * Which engine is chosen, and what is said where none can be had. The machine is a fake: these tests do not prove
 * that the real Go build works (test/local/stack.test.ts runs it where no engine is kept).
 */
import { expect } from "chai";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import { findEngine, type EngineOptions } from "../../../automation/engine";
import { buildKey, installKey } from "../../../automation/engine/versions";
import { ExitCode, UserError } from "../../../automation/model/errors";
import { fails, fakeGo, fakeMachine, placeCommand, says, type FakeMachine, type Fakes } from "./support";

const PULUMI = "/opt/pulumi/bin/pulumi";
const GO = "/opt/go/bin/go";

describe("findEngine", () => {
  let machine: FakeMachine;
  let lines: string[];
  const find = (fakes: Fakes, options: EngineOptions = {}) => {
    machine = fakeMachine(fakes);
    lines = [];
    return findEngine({ progress: (line) => lines.push(line), ...options }, machine);
  };
  const refused = async (fakes: Fakes, options: EngineOptions = {}): Promise<UserError> => {
    try {
      await find(fakes, options);
    } catch (error) {
      expect(error).to.be.instanceOf(UserError);
      return error as UserError;
    }
    throw new Error("an engine was found");
  };
  const keptIn = (key: string) => join(machine.cache, "engine", key);
  afterEach(() => rmSync(machine.cache, { recursive: true, force: true }));

  describe("on PATH", () => {
    const onPath = { pulumi: PULUMI, "pulumi-language-nodejs": "/opt/pulumi/bin/pulumi-language-nodejs" };

    it("takes one that is new enough, and runs nothing else", async () => {
      const engine = await find(
        { onPath, commands: { [PULUMI]: says("v3.259.0\n") } },
        { languageHost: true },
      );
      expect(engine).to.include({
        command: PULUMI,
        version: "3.259.0",
        directory: dirname(PULUMI),
        source: "path",
      });
      expect(machine.ran).to.deep.equal([`${PULUMI} version`]);
    });

    for (const [version, why] of [
      ["v3.258.9", "/opt/pulumi/bin/pulumi is 3.258.9, older than 3.259.0"],
      ["v4.0.0", "/opt/pulumi/bin/pulumi is 4.0.0, and this project is written for Pulumi 3"],
      ["hello", "/opt/pulumi/bin/pulumi does not print its version"],
    ] as const)
      it(`passes over ${version} and says why`, async () => {
        const { message } = await refused({ onPath, commands: { [PULUMI]: says(version) } });
        expect(message).to.contain(`\n  ${why}\n`);
      });

    it("passes over a CLI without language host only where the host is asked for", async () => {
      const fakes = { onPath: { pulumi: PULUMI }, commands: { [PULUMI]: says("v3.300.1") } };
      expect((await find(fakes)).source).to.equal("path");
      rmSync(machine.cache, { recursive: true });
      const { message } = await refused(fakes, { languageHost: true });
      expect(message).to.contain("has no Node.js language host (pulumi-language-nodejs)");
    });

    it("takes a language host beside a linked CLI", async () => {
      const beside = { "pulumi-language-nodejs": "/opt/real/pulumi-language-nodejs" };
      const fakes = { onPath: { pulumi: PULUMI }, beside, commands: { [PULUMI]: says("v3.300.1") } };
      expect((await find(fakes, { languageHost: true })).source).to.equal("path");
    });
  });

  describe("kept from an earlier run", () => {
    it("takes a build without asking the installer or Go", async () => {
      machine = fakeMachine({ onPath: { go: GO }, reaches: true });
      const command = join(keptIn(buildKey()), "bin", "pulumi");
      placeCommand(command);
      const engine = await findEngine({ languageHost: true }, machine);
      expect(engine).to.include({ command, version: "3.259.0", source: "cache" });
      expect(machine.ran).to.deep.equal([`${command} version`]);
    });

    it("prefers what the installer fetched", async () => {
      machine = fakeMachine({});
      for (const key of [buildKey(), installKey(sdkVersion)])
        placeCommand(join(keptIn(key), "bin", "pulumi"));
      expect((await findEngine({}, machine)).command).to.contain(installKey(sdkVersion));
    });

    it("builds anew what does not run", async () => {
      machine = fakeMachine({ onPath: { go: GO }, commands: { [GO]: fakeGo("go1.26.8") } });
      const folder = keptIn(buildKey());
      placeCommand(join(folder, "left-over"));
      const engine = await findEngine({}, machine);
      expect(engine.source).to.equal("build");
      expect(readdirSync(folder)).to.deep.equal(["bin", "lib"]);
    });
  });

  describe("the official installer", () => {
    const node = process.execPath;

    it("is run into a folder aside, in a group of its own and with a time limit, and kept", async () => {
      const commands: Fakes["commands"] = {
        [node]: (args) => {
          const command = join(args[3] ?? "", "bin", "pulumi");
          placeCommand(command);
          (commands ?? {})[command] = says(`v${sdkVersion}`);
          return {};
        },
      };
      const engine = await find({ reaches: true, commands });
      expect(engine).to.include({ version: sdkVersion, source: "installer" });
      expect(engine.command).to.equal(join(keptIn(installKey(sdkVersion)), "bin", "pulumi"));
      expect(existsSync(engine.command)).to.equal(true);
      expect(machine.options[0]).to.include({ group: true, timeout: 300_000 });
      expect(lines).to.have.length(1);
    });

    for (const [what, run, why] of [
      ["fails", fails("curl: (6) no host"), "the official installer failed: curl: (6) no host"],
      ["takes too long", fails("not done in 300 s"), "the official installer failed: not done in 300 s"],
      [
        "leaves nothing",
        () => ({}),
        "the official installer failed: the result is a command that does not run",
      ],
    ] as const)
      it(`gives way to the build where it ${what}, and leaves nothing`, async () => {
        const commands = { [node]: run, [GO]: fakeGo("go1.26.8") };
        expect((await find({ reaches: true, onPath: { go: GO }, commands })).source).to.equal("build");
        expect(readdirSync(join(machine.cache, "engine"))).to.deep.equal([buildKey()]);
        rmSync(machine.cache, { recursive: true });
        const { message } = await refused({ reaches: true, commands });
        expect(message).to.contain(why);
      });
  });

  describe("the build", () => {
    it("builds CLI and host with the version stamped in, whatever the user's Go settings are", async () => {
      const engine = await find({ onPath: { go: GO }, commands: { [GO]: fakeGo("go1.26.8") } });
      expect(engine).to.include({ version: "3.259.0", source: "build" });
      expect(readdirSync(engine.directory).sort()).to.deep.equal(["pulumi", "pulumi-language-nodejs"]);
      const builds = machine.ran.filter((line) => line.startsWith(`${GO} build`));
      expect(builds[0]).to.match(/ -trimpath .*common\/version\.Version=v3\.259\.0 .*pkg\/v3\/cmd\/pulumi$/);
      expect(builds[1]).to.match(
        / -trimpath .*common\/version\.Version=v3\.68\.0 .*\/pulumi-language-nodejs$/,
      );
      // The host that the engine finds is this project's own, in front of that one.
      expect(builds[2]).to.match(/\/bin\/pulumi-language-nodejs \.\/host$/);
      expect(readdirSync(join(engine.directory, "..", "lib"))).to.deep.equal(["pulumi-language-nodejs"]);
      const { env } = machine.options[machine.ran.indexOf(builds[0] ?? "")] ?? {};
      expect(env).to.include({
        GOFLAGS: "-mod=readonly",
        GOWORK: "off",
        GO111MODULE: "on",
        GOTOOLCHAIN: "local",
      });
      expect(env).not.to.have.any.keys("GOMODCACHE", "GOCACHE", "GOPROXY", "GOSUMDB", "GOPATH");
      expect(lines[0]).to.contain("building the Pulumi CLI 3.259.0 from its Go modules");
    });

    it("lets a Go that is older than the sources ask for fetch the tool chain", async () => {
      await find({ onPath: { go: GO }, commands: { [GO]: fakeGo("go1.22.4") } });
      expect(machine.options.map(({ env }) => env?.["GOTOOLCHAIN"])).to.include("auto");
    });

    it("refuses a Go that is too old, and one that is not there", async () => {
      const old = await refused({ onPath: { go: GO }, commands: { [GO]: fakeGo("go1.20.14") } });
      expect(old.message).to.contain("/opt/go/bin/go is go1.20.14, and building needs Go 1.21.0 or newer");
      expect(machine.ran).to.have.length(1);
      rmSync(machine.cache, { recursive: true });
      expect((await refused({})).message).to.contain("there is no Go on PATH");
    });

    it("shows the compiler's last lines where it fails, and leaves nothing", async () => {
      const stderr = ["1", "2", "3", "4", "5", "x.go:1: undefined: y"].join("\n");
      const { message } = await refused({
        onPath: { go: GO },
        commands: { [GO]: fakeGo("go1.26.8", fails(stderr)) },
      });
      expect(message)
        .to.contain("go build of the Pulumi CLI failed:\n    2\n")
        .and.contain("x.go:1: undefined: y");
      expect(readdirSync(join(machine.cache, "engine"))).to.deep.equal([]);
    });

    it("ends with the signal, as an interruption", async () => {
      const stop = new AbortController();
      const interrupt = () => {
        stop.abort();
        return { code: 1, stderr: "stopped" };
      };
      const commands = { [GO]: fakeGo("go1.26.8", interrupt) };
      const error = await refused({ onPath: { go: GO }, commands }, { signal: stop.signal });
      expect(error.exitCode).to.equal(ExitCode.interrupted);
      expect(readdirSync(join(machine.cache, "engine"))).to.deep.equal([]);
    });
  });

  it("says all that was tried and what to install, with an exit code of its own", async () => {
    const error = await refused({});
    expect(error.exitCode).to.equal(ExitCode.engine);
    expect(error.message).to.equal(
      [
        "there is no Pulumi engine, and none could be provided:",
        "  pulumi is not on PATH",
        "  the official installer (get.pulumi.com) is out of reach",
        "  there is no Go on PATH to build it with",
      ].join("\n"),
    );
    expect(error.advice)
      .to.contain("Install the Pulumi CLI, 3.259.0 or newer")
      .and.contain("or Go 1.21.0 or newer");
  });

  it("names a cache that cannot be written as the reason", async () => {
    machine = fakeMachine({ onPath: { go: GO }, commands: { [GO]: fakeGo("go1.26.8") } });
    placeCommand(join(machine.cache, "engine"));
    const error = await findEngine({}, machine).catch((thrown: unknown) => thrown as UserError);
    expect((error as UserError).exitCode).to.equal(ExitCode.engine);
    expect((error as UserError).message).to.contain(join(machine.cache, "engine"));
  });
});

/** Commands and PATH of the real machine. Does not prove the behaviour of process groups on Windows. */
import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { thisMachine } from "../../../automation/engine/machine";
import { isRunning, placeCommand, until } from "./support";

describe("thisMachine", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "machine-test-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const node = (script: string, options: Parameters<ReturnType<typeof thisMachine>["run"]>[2] = {}) =>
    thisMachine().run(process.execPath, ["-e", script], options);

  it("finds the first executable on PATH, and takes no folder and no plain file for one", async () => {
    const folders = ["a", "b", "c", "d"].map((name) => join(folder, name));
    const [a = "", b = "", c = "", d = ""] = folders;
    mkdirSync(join(a, "pulumi"), { recursive: true });
    mkdirSync(b);
    writeFileSync(join(b, "pulumi"), "");
    placeCommand(join(c, "pulumi"));
    placeCommand(join(d, "pulumi"));
    const machine = thisMachine({ PATH: ["", ...folders].join(delimiter) });
    expect(await machine.which("pulumi")).to.equal(join(c, "pulumi"));
    expect(await machine.which("pulumi-language-nodejs")).to.equal(undefined);
  });

  it("looks beside the file that a link leads to", async () => {
    placeCommand(join(folder, "real", "pulumi"));
    placeCommand(join(folder, "real", "pulumi-language-nodejs"));
    symlinkSync(join(folder, "real", "pulumi"), join(folder, "pulumi"));
    const found = await thisMachine().beside(join(folder, "pulumi"), "pulumi-language-nodejs");
    expect(found).to.match(/real[/\\]pulumi-language-nodejs$/);
    expect(await thisMachine().beside(join(folder, "pulumi"), "other")).to.equal(undefined);
  });

  it("gives exit code and both outputs, and each line of standard error as it comes", async () => {
    const lines: string[] = [];
    const script = 'console.log("out"); console.error("one\\ntwo"); process.exitCode = 3';
    const result = await node(script, { onLine: (line) => lines.push(line) });
    expect(result).to.deep.equal({ code: 3, stdout: "out\n", stderr: "one\ntwo" });
    expect(lines).to.deep.equal(["one", "two"]);
  });

  it("gives code 127 for a command that is not there", async () => {
    const { code, stderr } = await thisMachine().run(join(folder, "none"), []);
    expect(code).to.equal(127);
    expect(stderr).to.contain("ENOENT");
  });

  it("ends a command with the signal, also one that was aborted before", async () => {
    const stop = new AbortController();
    const running = node("setInterval(() => undefined, 1000)", { signal: stop.signal });
    stop.abort();
    expect(await running).to.include({ code: 1, stderr: "stopped" });
    const { stderr } = await node("setInterval(() => undefined, 1000)", { signal: AbortSignal.abort() });
    expect(stderr).to.equal("stopped");
  });

  it("ends a group at the time limit, with what its command started", async function () {
    this.timeout(40_000);
    const script =
      'const { spawn } = require("node:child_process");' +
      'const { pid } = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], { stdio: "ignore" });' +
      "console.log(pid); setInterval(() => undefined, 1000)";
    const { code, stdout, stderr } = await node(script, { group: true, timeout: 1500 });
    expect(code).to.equal(1);
    expect(stderr).to.equal("not done in 1.5 s");
    const grandchild = Number(stdout);
    expect(grandchild).to.be.greaterThan(1);
    await until(() => !isRunning(grandchild));
  });

  it("tells an address that answers from one that does not", async () => {
    const server = createServer((request, response) =>
      response.writeHead(request.url === "/there" ? 200 : 404).end(),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(await thisMachine().reaches(`${endpoint}/there`)).to.equal(true);
      expect(await thisMachine().reaches(`${endpoint}/not`)).to.equal(false);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect(await thisMachine().reaches(endpoint)).to.equal(false);
  });
});

/**
 * `sandbox:exec` and `sandbox:env` on a real sandbox: its start and end, the command's streams, exit code and
 * signals. The engine is a fake: that the real one works in this environment is shown by stack.test.ts.
 */
import { expect } from "chai";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { isAlive } from "../../../tools/local/leases";
import { NO_SANDBOX } from "../../../tools/local/runningSandbox";
import { until } from "../../automation/engine/support";
import { Workshop } from "./support";

/** Says who the environment's keys are, by the SDK's own reading of the environment. */
const IDENTITY = `
  const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
  new STSClient({}).send(new GetCallerIdentityCommand({})).then(({ Arn }) => console.log(Arn));
`;

describe("sandbox:exec", function () {
  this.timeout(60_000);
  let shop: Workshop;
  beforeEach(() => (shop = new Workshop()));
  afterEach(() => shop.remove());
  const endpointFile = () => join(shop.state, "endpoint.json");
  const node = (script: string) => shop.exec("node", "-e", script);

  it("starts a sandbox for a command, ends it after it, and keeps the state for the next", async () => {
    const first = await node(IDENTITY);
    expect(first).to.include({ code: 0, stdout: "arn:aws:iam::999999999999:user/base\n" });
    expect(existsSync(endpointFile())).to.equal(false);
    const keys = "console.log(process.env.AWS_ACCESS_KEY_ID, process.env.AWS_ENDPOINT_URL)";
    const [one = "", two = ""] = [(await node(keys)).stdout, (await node(keys)).stdout];
    expect(one.split(" ")[0]).to.match(/^AKIA/).and.equal(two.split(" ")[0]);
    expect(shop.engineCalls()).to.deep.equal([
      "stack init dev --no-select --non-interactive",
      "stack select dev --non-interactive",
    ]);
  });

  it("passes through standard input, both outputs and the exit code, and nothing else", async () => {
    const running = shop.start("exec", [
      "--state",
      shop.state,
      "sh",
      "-c",
      "cat; printf err >&2; exit 43",
      "--json",
    ]);
    running.child.stdin?.end("a\0b");
    expect(await running.ended).to.deep.equal({ code: 43, signal: null, stdout: "a\0b", stderr: "err" });
  });

  it("passes a signal on to the command, and ends as it ended", async () => {
    const script =
      "process.on('SIGTERM', () => { console.log('asked'); process.exit(7); }); setInterval(() => {}, 1000); console.log('up')";
    const running = shop.start("exec", ["--state", shop.state, "node", "-e", script]);
    await until(() => running.stdout().includes("up"));
    running.child.kill("SIGTERM");
    expect(await running.ended).to.include({ code: 7, stdout: "up\nasked\n" });
    expect((await shop.exec("sh", "-c", "kill -KILL $$")).code).to.equal(128 + 9);
  });

  it("says which command cannot be run, as a shell does by the exit code", async () => {
    const { code, stderr } = await shop.exec("no-such-command");
    expect(code).to.equal(127);
    expect(stderr).to.equal("cannot run no-such-command: spawn no-such-command ENOENT\n");
  });

  it("uses the sandbox that runs on the state, and leaves it running", async () => {
    const sandbox = shop.start("sandbox", ["--port", "0", "--state", shop.state]);
    await until(() => sandbox.stdout().includes("\n"));
    const { endpoint } = JSON.parse(sandbox.stdout().split("\n")[0] ?? "");
    const { stdout } = await node("console.log(process.env.AWS_ENDPOINT_URL)");
    expect(stdout).to.equal(`${endpoint}\n`);
    expect(sandbox.child.exitCode).to.equal(null);
    expect(existsSync(endpointFile())).to.equal(true);
  });

  it("shares one sandbox among commands, also when its starter is done first", async () => {
    const wait = (gate: string) => `while [ ! -e '${join(shop.folder, gate)}' ]; do sleep 0.1; done`;
    const command = (gate: string, then: string) =>
      shop.start("exec", [
        "--state",
        shop.state,
        "sh",
        "-c",
        `echo $AWS_ENDPOINT_URL; ${wait(gate)}; ${then}`,
      ]);
    const first = command("first", "true");
    await until(() => first.stdout().includes("\n"));
    const second = command("second", `node -e '${IDENTITY}'`);
    await until(() => second.stdout().includes("\n"));
    // The starter's command ends; its sandbox outlasts it.
    writeFileSync(join(shop.folder, "first"), "");
    await until(() => first.stderr().includes("waiting for other commands that use the sandbox"));
    writeFileSync(join(shop.folder, "second"), "");
    expect((await second.ended).stdout).to.equal(`${first.stdout()}arn:aws:iam::999999999999:user/base\n`);
    expect((await first.ended).code).to.equal(0);
    expect(existsSync(endpointFile())).to.equal(false);
  });

  it("lets commands that begin at the same time find one sandbox", async () => {
    const both = await Promise.all([1, 2].map(() => node("console.log(process.env.AWS_ACCESS_KEY_ID)")));
    expect(both.map(({ code }) => code)).to.deep.equal([0, 0]);
    expect(both[0]?.stdout).to.equal(both[1]?.stdout);
  });

  it("takes no notice of what a killed sandbox left", async () => {
    mkdirSync(shop.state);
    const keys = { id: "999999999999", accessKeyId: "AKIAX", secretAccessKey: "x" };
    const left = { pid: 2 ** 22 + 1, endpoint: "http://127.0.0.1:9", accounts: [keys], base: keys };
    for (const text of [JSON.stringify(left), JSON.stringify(left).slice(0, 40)]) {
      writeFileSync(endpointFile(), text);
      expect((await node(IDENTITY)).stdout).to.equal("arn:aws:iam::999999999999:user/base\n");
    }
  });

  it("leaves no sandbox behind when it is killed", async () => {
    const running = shop.start("exec", [
      "--state",
      shop.state,
      "node",
      "-e",
      "console.log('up'); process.stdin.resume()",
    ]);
    await until(() => running.stdout().includes("up"));
    const { pid } = JSON.parse(readFileSync(endpointFile(), "utf8"));
    running.child.kill("SIGKILL");
    await until(() => !existsSync(endpointFile()));
    await until(() => !isAlive(pid));
  });

  it("says why a sandbox cannot be started, without a stack", async () => {
    writeFileSync(join(shop.folder, "file"), "");
    const running = shop.start("exec", ["--state", join(shop.folder, "file"), "true"]);
    const { code, stderr } = await running.ended;
    expect(code).to.equal(NO_SANDBOX);
    expect(stderr)
      .to.contain("the state directory")
      .and.not.match(/\n\s+at /);
  });

  it("has an exit code of its own for a wrong option", async () => {
    const { code, stderr } = await shop.start("exec", ["--frobnicate", "true"]).ended;
    expect(code).to.equal(64);
    expect(stderr).to.contain("--frobnicate");
  });
});

describe("sandbox:env", function () {
  this.timeout(60_000);
  let shop: Workshop;
  beforeEach(() => (shop = new Workshop()));
  afterEach(() => shop.remove());

  it("prints exports for the running sandbox, and only those", async () => {
    const sandbox = shop.start("sandbox", ["--port", "0", "--state", shop.state]);
    await until(() => sandbox.stdout().includes("\n"));
    const { endpoint } = JSON.parse(sandbox.stdout().split("\n")[0] ?? "");
    const { code, stdout, stderr } = await shop.start("env", ["--state", shop.state], { AWS_PROFILE: "work" })
      .ended;
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    for (const line of stdout.trim().split("\n")) expect(line).to.match(/^export \w+='|^unset \w+$/);
    expect(stdout).to.contain(`export AWS_ENDPOINT_URL='${endpoint}'\n`).and.contain("unset AWS_PROFILE\n");

    const json = JSON.parse((await shop.start("env", ["--state", shop.state, "--json"]).ended).stdout);
    expect(json).to.include({ AWS_ENDPOINT_URL: endpoint, AWS_PROFILE: null });
  });

  it("says how to start one where none runs", async () => {
    const { code, stdout, stderr } = await shop.start("env", ["--state", shop.state]).ended;
    expect({ code, stdout }).to.deep.equal({ code: NO_SANDBOX, stdout: "" });
    expect(stderr).to.contain(`no sandbox runs on the state ${shop.state}`).and.contain("npm run sandbox");
  });
});

describe("a sandbox's port", function () {
  this.timeout(30_000);

  it("that is taken gives one clear line", async () => {
    const { sandboxOn } = await import("../../../tools/local/sandboxProcess.js");
    const shop = new Workshop();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const error = await sandboxOn(shop.state, { port }).catch((thrown: unknown) => thrown as Error);
      expect(error).to.include({ exitCode: NO_SANDBOX });
      expect((error as Error).message).to.contain(`Port ${port} of 127.0.0.1 is in use`);
    } finally {
      await new Promise((resolve) => server.close(resolve));
      await shop.remove();
    }
  });
});

/**
 * The sandbox as a program: its first line, its state across restarts and a real SIGKILL, its errors. It does not measure how
 * soon it is ready: the benchmark does.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { CreateRoleCommand, GetRoleCommand } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { expect } from "chai";
import type { AccountKeys } from "../../packages/sandbox";
import { assume, clients } from "./support";

interface FirstLine {
  readonly endpoint: string;
  readonly accounts: readonly AccountKeys[];
  readonly base: AccountKeys;
  readonly state: string;
}

const root = resolve(__dirname, "../..");

describe("sandbox program", function () {
  this.timeout(30_000);
  let directory: string;
  const running = new Set<ChildProcess>();
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "sandbox-program-"));
  });
  afterEach(() => {
    for (const child of running) child.kill("SIGKILL");
    running.clear();
    rmSync(directory, { recursive: true, force: true });
  });

  function run(...args: string[]): ChildProcess {
    const child = spawn(process.execPath, ["--import", "tsx", "packages/sandbox/main.ts", ...args], {
      cwd: root,
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    return child;
  }

  async function start(...more: string[]): Promise<{ child: ChildProcess; line: FirstLine }> {
    const child = run("--port", "0", "--state", directory, ...more);
    if (!child.stdout) throw new Error("no standard output");
    const [text] = (await once(createInterface(child.stdout), "line")) as [string];
    return { child, line: JSON.parse(text) as FirstLine };
  }

  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    const exited = once(child, "exit");
    child.kill(signal);
    return ((await exited) as [number | null])[0];
  }

  /** Exit code and standard error of a run that is to fail. */
  async function failure(...args: string[]): Promise<{ code: number | null; words: string }> {
    const child = run(...args);
    let words = "";
    child.stderr?.on("data", (data: Buffer) => (words += data.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, words };
  }

  it("prints where it is and whose keys are whose, and keeps keys, roles and sessions over a restart", async () => {
    const first = await start("--accounts", "333333333333");
    expect(first.line.accounts.map(({ id }) => id)).to.deep.equal([
      "111111111111",
      "222222222222",
      "333333333333",
    ]);
    expect(first.line.state).to.equal(directory);
    for (const { accessKeyId, secretAccessKey } of [...first.line.accounts, first.line.base]) {
      expect(accessKeyId).to.match(/^AKIA[A-Z2-7]{16}$/);
      expect(secretAccessKey).to.match(/^[A-Za-z0-9+/]{40}$/);
    }
    const found = JSON.parse(readFileSync(join(directory, "endpoint.json"), "utf8")) as object;
    expect(found).to.include({ pid: first.child.pid, endpoint: first.line.endpoint });
    const base = clients(first.line.endpoint, first.line.base);
    const session = await assume(base.sts, "arn:aws:iam::333333333333:role/deployer");
    expect(await end(first.child, "SIGTERM")).to.equal(0);
    expect(existsSync(join(directory, "endpoint.json"))).to.equal(false);

    const second = await start();
    expect(second.line.accounts).to.deep.equal(first.line.accounts);
    const again = await clients(second.line.endpoint, session).sts.send(new GetCallerIdentityCommand({}));
    expect(again.Account).to.equal("333333333333");
    expect(await end(second.child, "SIGINT")).to.equal(0);
  });

  it("loses nothing that it acknowledged before a SIGKILL, and starts again at once", async () => {
    const first = await start();
    const a = first.line.accounts[0];
    if (!a) throw new Error("account A is missing");
    const trust = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    });
    const { iam } = clients(first.line.endpoint, a);
    const made: string[] = [];
    const making = (async () => {
      for (let index = 0; ; index++) {
        await iam.send(new CreateRoleCommand({ RoleName: `r${index}`, AssumeRolePolicyDocument: trust }));
        made.push(`r${index}`);
        if (index === 9) first.child.kill("SIGKILL"); // while the next ones are on their way
      }
    })();
    await making.catch(() => undefined);
    expect(made.length).to.be.at.least(10);

    const second = await start();
    const again = clients(second.line.endpoint, a);
    for (const RoleName of made) await again.iam.send(new GetRoleCommand({ RoleName }));
    await end(second.child, "SIGTERM");
  });

  type Case = [args: string[], code: number, words: string];
  /** Runs that fail in one line, without a stack. */
  async function fail(cases: readonly Case[]): Promise<void> {
    for (const [args, code, words] of cases) {
      const result = await failure(...args);
      expect(result.words, args.join(" ")).to.contain(words);
      expect(result.words.trim().split("\n").length, result.words).to.be.at.most(2);
      expect(result.words).not.to.contain("    at ");
      expect(result.code, args.join(" ")).to.equal(code);
    }
  }

  it("says in one line what keeps it from starting", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const taken = String((blocker.address() as AddressInfo).port);
    const file = join(directory, "file");
    writeFileSync(file, "");
    const { child } = await start();
    const other = join(directory, "other");
    const cases: Case[] = [
      [["--port", taken, "--state", other], 3, `Port ${taken} of 127.0.0.1 is in use`],
      [["--port", "0", "--state", directory], 4, `in use by another sandbox (process ${child.pid})`],
      [["--port", "0", "--state", join(file, "x")], 5, "cannot be written"],
      [["--port", "0", "--state", other, "--accounts", "12"], 2, '"12" is no AWS account ID'],
      [["--port", "0", "--state", other, "--accounts", "999999999999"], 2, "the sandbox's own"],
      [["--port", "http"], 2, "A port is a number from 0 to 65535."],
      [["--prot", "1"], 2, "unknown option '--prot'"],
    ];
    await fail(cases);
    blocker.close();
    await end(child, "SIGTERM");
  });

  it("says in one line why it cannot install the provider", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    const home = ["install-provider", "--pulumi-home", join(file, "x")];
    await fail([
      [home, 2, "required option '--version <version>' not specified"],
      [[...home, "--version", "7.48.0"], 5, "Give another folder with --pulumi-home."],
    ]);
  });
});

/**
 * The stack `dev` in a sandbox's backend, made by the real engine (which is built first where there is none). Does not
 * prove that `pulumi up` deploys: the end-to-end tests do.
 */
import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findEngine, type Engine } from "../../../automation/engine";
import { over, prepare, sandboxEnvironment, type Environment } from "../../../tools/local/environment";

const PROJECT = join(__dirname, "..", "..", "..");
const SETTINGS = join(PROJECT, "Pulumi.dev.yaml");
/** The provider is not looked at here. */
const OUTER = { ...process.env, SANDBOX_PROVIDER: "aws" };

describe("the sandbox's stack", function () {
  this.timeout(60_000);
  let engine: Engine;
  let state: string;
  let environment: Environment;

  before(async function () {
    this.timeout(1_200_000);
    engine = await findEngine({ languageHost: true, progress: (line) => console.error(line) });
  });
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "stack-test-"));
    const base = { id: "999999999999", accessKeyId: "AKIAX", secretAccessKey: "x" };
    environment = sandboxEnvironment(state, { endpoint: "http://127.0.0.1:9", base }, engine, OUTER);
  });
  afterEach(() => rmSync(state, { recursive: true, force: true }));

  const pulumi = async (...args: string[]) => {
    const options = { cwd: PROJECT, env: over(OUTER, environment) };
    return (await promisify(execFile)(engine.command, [...args, "--non-interactive"], options)).stdout;
  };

  it("is made and selected, for two commands at once too, and the project's settings stay as they are", async () => {
    const before = readFileSync(SETTINGS, "utf8");
    await Promise.all([
      prepare(state, engine, environment, OUTER),
      prepare(state, engine, environment, OUTER),
    ]);
    const stacks = JSON.parse(await pulumi("stack", "ls", "--json"));
    expect(
      stacks.map(({ name, current }: { name: string; current: boolean }) => ({ name, current })),
    ).to.deep.equal([{ name: "dev", current: true }]);
    // With another salt than the file's the engine would ask for another passphrase, or write its own.
    const config = JSON.parse(await pulumi("config", "--json"));
    expect(Object.keys(config)).to.include("feature-store-access:accountA");
    expect(await pulumi("stack", "export")).to.contain(
      /encryptionsalt: (\S+)/.exec(before)?.[1] ?? "no salt",
    );
    expect(readFileSync(SETTINGS, "utf8")).to.equal(before);
  });

  it("is left alone once it is there, with the choice of the user", async () => {
    await prepare(state, engine, environment, OUTER);
    const [file = ""] = readdirSync(join(state, "pulumi-home-aws", "workspaces"));
    writeFileSync(join(state, "pulumi-home-aws", "workspaces", file), "{}");
    const nothing = { ...engine, command: join(state, "not-there") };
    await prepare(state, nothing, environment, OUTER);
    await pulumi("stack", "select", "dev");
  });

  it("is refused in the engine's words", async () => {
    const wrong = { ...environment, PULUMI_CONFIG_PASSPHRASE: "other" };
    const error = await prepare(state, engine, wrong, OUTER).catch((thrown: unknown) => thrown as Error);
    expect((error as Error).message).to.contain('cannot create the sandbox\'s stack "dev": ');
    expect((error as Error).message)
      .to.contain("passphrase")
      .and.not.contain("Command failed");
  });
});

/** The sandbox as its users get it: packed, installed outside the repository, and used as its README says. */
import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { checkTypes, examples, install, newFolder, pack, ROOT, run, runNode } from "./support";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;

describe("the packed sandbox package", function () {
  this.timeout(900_000);
  const folder = newFolder();
  const { devDependencies } = manifestOf(join(ROOT, "packages", "sandbox"));
  let user: string;
  let installed: string;

  before(async () => {
    const packages = [await pack("iam", folder), await pack("sandbox", folder)];
    // The client of the README's example is its user's own.
    const client = `@aws-sdk/client-s3@${devDependencies["@aws-sdk/client-s3"]}`;
    user = await install([...packages, client], folder);
    installed = join(user, "node_modules", "@feature-store-access", "sandbox");
  });
  after(() => folder.remove());

  const compiled = () =>
    readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".js"),
    );

  it("has compiled code and the bundled provider, and no sources", () => {
    expect(readdirSync(installed).sort()).to.deep.equal(["LICENSE", "README.md", "dist", "package.json"]);
    expect(compiled()).to.include.members(["index.js", "main.js", "plugin/provider.js", "plugin/start.js"]);
    expect(compiled().filter((file) => file.startsWith("provider/"))).to.deep.equal([]);
    const files = readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).to.deep.equal([]);
  });

  it("declares the packages that it imports, and no others", () => {
    const imported = compiled()
      .filter((file) => !file.startsWith("plugin/"))
      .flatMap((file) => {
        const code = readFileSync(join(installed, "dist", file), "utf8");
        return [...code.matchAll(/\b(?:require|import)\("((?:@[\w.-]+\/)?[\w:][\w.:-]*)/g)];
      })
      .map(([, name = ""]) => name)
      .filter((name) => !name.startsWith("node:") && !builtinModules.includes(name));
    expect([...new Set(imported)].sort()).to.deep.equal(
      Object.keys(manifestOf(installed).dependencies).sort(),
    );
    expect(existsSync(join(user, "node_modules", "@pulumi")), "no Pulumi").to.equal(false);
  });

  it("runs as a command as its README says", async () => {
    const [example = ""] = examples("sandbox", "sh");
    const [npx = "", ...args] = example.trim().replace("4580", "0").split(" ");
    expect(npx).to.equal("npx");
    const child = spawn(npx, args, { cwd: user, detached: true });
    try {
      const [line] = (await once(createInterface(child.stdout), "line")) as [string];
      const { endpoint, accounts, state } = JSON.parse(line) as {
        endpoint: string;
        accounts: { id: string }[];
        state: string;
      };
      expect(accounts.map(({ id }) => id)).to.deep.equal(["111111111111", "222222222222"]);
      expect(state).to.equal(join(user, ".sandbox"));
      expect(existsSync(join(state, "endpoint.json"))).to.equal(true);
      const { status, headers } = await fetch(endpoint);
      expect([status, headers.has("x-amz-request-id")]).to.deep.equal([403, true]);
    } finally {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      await once(child, "close");
    }
  });

  it("runs inside a process as its README says", async () => {
    const [example = ""] = examples("sandbox", "js");
    expect(await runNode(user, example)).to.equal("AccessDenied\nhello\n");
  });

  it("declares its types", async () => {
    const example = `import { startSandbox, SandboxError, type Sandbox } from "@feature-store-access/sandbox";
      const sandbox: Sandbox = await startSandbox({ accounts: ["333333333333"], faults: { rules: [{ fault: "throttle" }] } });
      export const ids: readonly string[] = sandbox.accounts.map(({ id }) => id);
      await sandbox.close().catch((error: unknown) => error instanceof SandboxError && error.kind === "port");
      // @ts-expect-error: no such fault
      await startSandbox({ faults: { rules: [{ fault: "throtle" }] } });`;
    await checkTypes(user, example);
  });

  it("installs the Pulumi provider as its README says, which starts", async () => {
    const line = examples("sandbox", "sh")
      .flatMap((block) => block.split("\n"))
      .find((each) => each.includes("install-provider"));
    const [npx = "", ...args] = (line ?? "").split(" ");
    const plugin = (await run(user, npx, args)).trim();
    expect(plugin).to.equal(join(user, ".sandbox", "pulumi-home", "plugins", "resource-aws-v7.48.0"));
    const child = spawn(join(plugin, "pulumi-resource-aws"));
    const [port] = (await once(child.stdout, "data")) as [Buffer];
    expect(port.toString()).to.match(/^\d+\n$/);
    child.kill();
    await once(child, "close");
  });
});

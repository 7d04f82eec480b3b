/**
 * The official installer's way, as processes: the Automation API's `install` fetches a script, which is one of the
 * test's own here. Does not prove that get.pulumi.com serves what it did; nothing is run of this on Windows.
 */
import { expect } from "chai";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import { findEngine } from "../../../automation/engine";
import { thisMachine } from "../../../automation/engine/machine";
import type { Machine } from "../../../automation/engine/types";
import { UserError } from "../../../automation/model/errors";
import { isRunning, until } from "./support";

/** Loaded into the installer's process: answers for get.pulumi.com with the script. */
const NETWORK = `
  globalThis.fetch = async (url) => {
    if (new URL(url).host !== "get.pulumi.com") throw new Error("unexpected " + url);
    return new Response(require("node:fs").readFileSync(process.env.INSTALL_SCRIPT));
  };
`;
/** Understands the options that the official script has, and lays the folder out as it does. */
const INSTALLS = `#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in --install-root) root=$2; shift ;; --version) version=$2; shift ;; esac
  shift
done
mkdir -p "$root/bin"
for name in pulumi pulumi-language-nodejs; do
  printf '#!/bin/sh\\necho v%s\\n' "$version" > "$root/bin/$name"
  chmod +x "$root/bin/$name"
done
`;
const HANGS = `#!/bin/sh
echo $$ > "$(dirname "$INSTALL_SCRIPT")/pid"
sleep 600
`;

describe("the official installer", function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "installer-test-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const env = (script: string) => {
    writeFileSync(join(folder, "network.cjs"), NETWORK);
    writeFileSync(join(folder, "install.sh"), script);
    return {
      ...process.env,
      FEATURE_STORE_ACCESS_CACHE: join(folder, "cache"),
      NODE_OPTIONS: `--require ${join(folder, "network.cjs")}`,
      INSTALL_SCRIPT: join(folder, "install.sh"),
    };
  };
  /** This machine without pulumi and Go, with get.pulumi.com in reach, and with a time limit of its own. */
  const machine = (script: string, limit?: number): Machine => {
    const real = thisMachine(env(script));
    return {
      ...real,
      which: () => Promise.resolve(undefined),
      reaches: () => Promise.resolve(true),
      run: (command, args, options = {}) =>
        real.run(command, args, {
          ...options,
          timeout: options.group ? (limit ?? options.timeout) : options.timeout,
        }),
    };
  };
  const engines = () => readdirSync(join(folder, "cache", "engine"));
  const scriptPid = () =>
    existsSync(join(folder, "pid")) && Number(readFileSync(join(folder, "pid"), "utf8"));

  it("provides the engine and its language host, and they are kept", async () => {
    const engine = await findEngine({ languageHost: true }, machine(INSTALLS));
    expect(engine).to.include({ source: "installer", version: sdkVersion });
    expect(readdirSync(engine.directory).sort()).to.deep.equal(["pulumi", "pulumi-language-nodejs"]);
    expect((await engine.pulumiCommand()).version?.toString()).to.equal(sdkVersion);
    expect((await findEngine({}, machine("exit 1"))).source).to.equal("cache");
  });

  it("is ended at its time limit with all that it started, and leaves nothing", async () => {
    const error = await findEngine({}, machine(HANGS, 8000)).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UserError);
    expect((error as UserError).message).to.contain("the official installer failed: not done in 8 s");
    expect(engines()).to.deep.equal([]);
    const script = scriptPid();
    expect(script).to.be.greaterThan(1);
    await until(() => !isRunning(Number(script)));
  });

  it("ends with the process that asked for it, even if that was killed", async () => {
    const script = `
      const { thisMachine } = require(${JSON.stringify(require.resolve("../../../automation/engine/machine"))});
      const { findEngine } = require(${JSON.stringify(require.resolve("../../../automation/engine"))});
      void findEngine({}, { ...thisMachine(), which: async () => undefined, reaches: async () => true });
    `;
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", script], {
      env: env(HANGS),
      stdio: "ignore",
    });
    const running = await until(scriptPid);
    child.kill("SIGKILL");
    await until(() => !isRunning(running));
  });
});

// What a user does wrong: one clear error, its own exit code, no stack trace, and nothing done.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ExitCode } from "../../automation/model/errors";
import { PROJECT, projectCopy, TestBed, type Ended } from "./support";

describe("users' errors", function () {
  this.timeout(120_000);
  let bed: TestBed;
  let copy: string;
  before(async () => (bed = await TestBed.start()));
  after(() => bed.end());
  beforeEach(() => (copy = projectCopy()));
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  const told = ({ code, stdout, stderr }: Ended, exitCode: number, ...words: string[]) => {
    expect(code, stderr).to.equal(exitCode);
    for (const word of words) expect(stdout + stderr).to.contain(word);
    expect(stdout + stderr).not.to.match(/^\s+at .*[:(]\d+/m);
  };
  const settings = (change: (text: string) => string) => {
    const file = join(copy, "Pulumi.dev.yaml");
    writeFileSync(file, change(readFileSync(file, "utf8")));
  };

  it("names every wrong setting at once, by its path", async () => {
    settings((text) =>
      text
        .replace("eventTime: updated_at", "eventTime: nothing")
        .replace("{ unit: Days, value: 90 }", "{ unit: Days, value: many }"),
    );
    const run = await bed.driver(["up"], { cwd: copy });
    told(run, ExitCode.settings, "offlineStore.featureGroups[1].ttl.value");
    settings((text) => text.replace("value: many", "value: 9").replace('"222222222222"', '"111111111111"'));
    const again = await bed.driver(["up"], { cwd: copy });
    told(
      again,
      ExitCode.settings,
      "accountB.id",
      "offlineStore.featureGroups[0].eventTime",
      "accountB.deployerRoleArn",
    );
    expect(bed.inventory().roles).to.equal(0);
  });

  it("tells wrong settings to users of pulumi up as well", async () => {
    await bed.prepareStack();
    settings((text) => text.replace("eventTime: updated_at", "eventTime: nothing"));
    const run = await bed.run(
      "pulumi",
      ["preview", "--stack", "dev", "--non-interactive", "--color", "never"],
      { cwd: copy },
    );
    expect(run.code).not.to.equal(0);
    expect(run.stdout + run.stderr)
      .to.contain("offlineStore.featureGroups[0].eventTime")
      .and.not.match(/^\s+at .*[:(]\d+/m);
  });

  it("says which account's role cannot be assumed", async () => {
    settings((text) => text.replace("222222222222:role/deployer", "222222222222:role/nobody"));
    told(
      await bed.driver(["up"], { cwd: copy }),
      ExitCode.credentials,
      "account B",
      "role/nobody",
      "AccessDenied",
    );
    expect(bed.inventory().roles).to.equal(0);
  });

  it("says that there are no credentials", async () => {
    const env = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    told(await bed.driver(["preview"], { env }), ExitCode.credentials, "account A", "credentials");
  });

  it("says what to install where there is no engine", async () => {
    const empty = mkdtempSync(join(tmpdir(), "feature-store-access-none-"));
    try {
      const env = { PATH: empty, FEATURE_STORE_ACCESS_CACHE: empty };
      told(
        await bed.driver(["preview"], { env }),
        ExitCode.engine,
        "no Pulumi engine",
        "Install the Pulumi CLI",
      );
    } finally {
      rmSync(empty, { recursive: true, force: true });
    }
  });

  it("names an environment that is not there, and a wrong flag", async () => {
    told(await bed.driver(["up", "--env", "nowhere"]), ExitCode.settings, "nowhere", "dev");
    told(await bed.driver(["up", "--bogus"]), ExitCode.usage, "--bogus");
    told(await bed.driver(["verify", "--wait", "soon"]), ExitCode.usage, "soon");
  });

  it("says that nothing is deployed yet", async () => {
    told(
      await bed.driver(["verify"]),
      ExitCode.verification,
      "not deployed: writer, offlineBucket, featureGroups",
    );
  });

  it("says that a port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const state = mkdtempSync(join(tmpdir(), "feature-store-access-port-"));
    try {
      const main = join(PROJECT, "packages", "sandbox", "main.ts");
      const run = await bed.run(process.execPath, [
        "--import",
        "tsx",
        main,
        "--port",
        String(port),
        "--state",
        state,
      ]);
      told(run, 3, `Port ${port} of 127.0.0.1 is in use`);
    } finally {
      server.close();
      rmSync(state, { recursive: true, force: true });
    }
  });
});

// Sidecars of the engine's state files that a killed process left half written. That the engine then loads the state is
// shown by the integration test of killed runs, where it happens.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { Environment } from "../../automation/project";
import { mendTornState, TORN } from "../../automation/tornState";

describe("state that a killed run left half written", () => {
  let folder: string;
  let stacks: string;
  const before_ = process.env["PULUMI_BACKEND_URL"];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "torn-state-"));
    stacks = join(folder, ".pulumi", "stacks", "store");
    mkdirSync(stacks, { recursive: true });
    process.env["PULUMI_BACKEND_URL"] = `${pathToFileURL(folder).href}?no_tmp_dir=true`;
  });
  afterEach(() => {
    if (before_ === undefined) delete process.env["PULUMI_BACKEND_URL"];
    else process.env["PULUMI_BACKEND_URL"] = before_;
    rmSync(folder, { recursive: true, force: true });
  });
  const environment = { project: { name: "store", runtime: "nodejs" } } as Environment;
  const write = (name: string, content: string) => writeFileSync(join(stacks, name), content);

  it("is mended by removing the stack's torn sidecars, and nothing else", async () => {
    write("dev.writer.json", "{}");
    write("dev.writer.json.attrs", "");
    write("dev.writer.json.bak.attrs", '{"user.content_type":"appl');
    write("dev.writer.json.other.attrs", "{}");
    write("dev.offlineBucket.json.attrs", "");
    expect(await mendTornState(environment, "dev.writer")).to.equal(2);
    expect(existsSync(join(stacks, "dev.writer.json.attrs"))).to.equal(false);
    for (const kept of ["dev.writer.json", "dev.writer.json.other.attrs", "dev.offlineBucket.json.attrs"])
      expect(existsSync(join(stacks, kept)), kept).to.equal(true);
    expect(await mendTornState(environment, "dev.writer")).to.equal(0);
  });

  it("is left alone where the backend is no folder, or has no stacks yet", async () => {
    expect(await mendTornState(environment, "dev.none")).to.equal(0);
    process.env["PULUMI_BACKEND_URL"] = "s3://bucket";
    expect(await mendTornState(environment, "dev.writer")).to.equal(0);
  });

  it("is known by the engine's words for it", () => {
    expect("failed to load checkpoint: EOF").to.match(TORN);
    expect("failed to load checkpoint: unexpected end of JSON input").to.match(TORN);
    expect("failed to load checkpoint: permission denied").not.to.match(TORN);
  });
});

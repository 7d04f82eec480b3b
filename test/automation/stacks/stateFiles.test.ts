// The state of a file:// backend read without the CLI: what is read, and what is left to the CLI. That the files are the
// engine's own form is proven by test/integration.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { writeEmptyStack } from "../../../automation/stacks/emptyStack";
import { backendUrl, hasStack, readStateFile, stateFolder } from "../../../automation/stacks/stateFiles";

describe("the state of a file:// backend", () => {
  let folder: string;
  const file = () => join(folder, ".pulumi", "stacks", "shop", "dev.writer.json");
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "feature-store-access-state-"));
    mkdirSync(join(folder, ".pulumi", "stacks", "shop"), { recursive: true });
    writeFileSync(join(folder, ".pulumi", "meta.yaml"), "version: 1\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const read = () => readStateFile(folder, "shop", "dev.writer");
  const state = (latest: unknown, version = 3) =>
    JSON.stringify({ version, checkpoint: { stack: "s", latest } });

  it("is where the environment says, or else the project", () => {
    const project = { backend: { url: "s3://state" } };
    expect(backendUrl(project, { PULUMI_BACKEND_URL: "file:///state" })).to.equal("file:///state");
    expect(backendUrl(project, {})).to.equal("s3://state");
    expect(backendUrl({}, {})).to.equal(undefined);
    expect(stateFolder(pathToFileURL(folder).href)).to.equal(folder);
    for (const url of [
      undefined,
      "s3://state",
      "file://~",
      "file://./here",
      "file:///a?no_tmp_dir=true",
      "https://x",
    ])
      expect(stateFolder(url), url).to.equal(undefined);
  });

  it("has a stack once that is written, beside what is there already", async () => {
    writeFileSync(join(folder, ".pulumi", "meta.yaml"), "version: 1 # kept\n");
    expect(await hasStack(folder, "shop", "dev.writer")).to.equal(false);
    await writeEmptyStack(folder, "shop", "dev.writer");
    expect(await hasStack(folder, "shop", "dev.writer")).to.equal(true);
    expect(readdirSync(join(folder, ".pulumi", "stacks", "shop"))).to.deep.equal(["dev.writer.json"]);
    expect(readFileSync(join(folder, ".pulumi", "meta.yaml"), "utf8")).to.contain("kept");
    const other = join(folder, "other");
    await writeEmptyStack(other, "shop", "dev.writer");
    expect(await hasStack(other, "shop", "dev.writer")).to.equal(true);
  });

  it("is read whole, with a version that another write changes", async () => {
    expect(await read()).to.equal(undefined);
    writeFileSync(file(), state({ resources: [], manifest: { time: "1" } }));
    const first = await read();
    expect(first).to.have.nested.property("deployment.deployment.resources").that.deep.equals([]);
    expect(await read()).to.deep.equal(first);
    writeFileSync(file(), state({ resources: [], manifest: { time: "2" } }));
    expect(await read()).not.to.deep.equal(first);
    writeFileSync(file(), state(null));
    expect(await read())
      .to.have.nested.property("deployment.deployment")
      .that.deep.equals({});
  });

  it("has a stack, or has none, or leaves it to the CLI to say", async () => {
    const has = () => hasStack(folder, "shop", "dev.writer");
    expect(await has()).to.equal(false);
    writeFileSync(file(), state(null));
    expect(await has()).to.equal(true);
    writeFileSync(`${file()}.attrs`, "{}");
    expect(await has()).to.equal(true);
    writeFileSync(`${file()}.attrs`, "");
    expect(await has(), "a sidecar cut off").to.equal(undefined);
    rmSync(`${file()}.attrs`);
    writeFileSync(file(), state(null).slice(0, -1));
    expect(await has(), "a state cut off").to.equal(undefined);
    rmSync(file());
    writeFileSync(`${file()}.gz`, "");
    expect(await has(), "compressed").to.equal(undefined);
    rmSync(`${file()}.gz`);
    rmSync(join(folder, ".pulumi", "meta.yaml"));
    expect(await has(), "of an older form").to.equal(undefined);
    rmSync(join(folder, ".pulumi"), { recursive: true });
    expect(await has(), "nothing there yet").to.equal(false);
  });

  it("is left to the CLI where it holds secrets, is compressed, or is of another form", async () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "v1:x",
    };
    writeFileSync(file(), state({ resources: [{ outputs: { key: secret } }] }));
    expect(await read()).to.equal("ask");
    writeFileSync(file(), state({}, 4));
    expect(await read()).to.equal("ask");
    rmSync(file());
    writeFileSync(`${file()}.gz`, "");
    expect(await read()).to.equal("ask");
    rmSync(`${file()}.gz`);
    rmSync(join(folder, ".pulumi", "meta.yaml"));
    expect(await read()).to.equal("ask");
  });
});

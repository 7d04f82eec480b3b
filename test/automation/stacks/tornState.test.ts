// The engine's state files that a killed process or a full disk left half written. That the engine then loads the state is
// shown by test/integration: killed runs, and states that are cut off. No disk is filled here.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { Environment } from "../../../automation/environment/project";
import type { StateFile } from "../../../automation/stacks/stateText";
import { repairTornState } from "../../../automation/stacks/tornState";

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

  const read = (name: string) => JSON.parse(readFileSync(join(stacks, name), "utf8")) as StateFile;
  const urns = (name: string) => read(name).checkpoint.latest?.resources?.map(({ urn }) => urn);
  const state = (made: string[], pending: string[] = []) =>
    JSON.stringify(
      {
        version: 3,
        checkpoint: {
          stack: "organization/store/dev.writer",
          latest: {
            manifest: { plugins: [{ name: "aws" }], magic: 'a "}]}" in a text' },
            secrets_providers: { type: "passphrase", state: { salt: "v1:x" } },
            resources: made.map((urn) => ({
              urn,
              outputs: { policy: '{"Statement":[{}]}', list: [{}, []] },
            })),
            pending_operations: pending.map((urn) => ({ resource: { urn }, type: "creating" })),
          },
        },
      },
      null,
      4,
    );

  it("is repaired by removing the stack's torn sidecars, and nothing else", async () => {
    write("dev.writer.json", state([]));
    write("dev.writer.json.attrs", "");
    write("dev.writer.json.bak.attrs", '{"user.content_type":"appl');
    write("dev.writer.json.other.attrs", "{}");
    write("dev.offlineBucket.json.attrs", "");
    expect(await repairTornState(environment, "dev.writer")).to.deep.equal([]);
    for (const gone of ["dev.writer.json.attrs", "dev.writer.json.bak.attrs"])
      expect(existsSync(join(stacks, gone)), gone).to.equal(false);
    for (const kept of ["dev.writer.json", "dev.writer.json.other.attrs", "dev.offlineBucket.json.attrs"])
      expect(existsSync(join(stacks, kept)), kept).to.equal(true);
  });

  it("is repaired from the copy before it and what is whole of the new one, wherever it was cut off", async () => {
    const before = state(["a", "b", "c"], ["d"]);
    const after = state(["a", "b", "d", "c"]);
    for (let cut = 0; cut < after.length; cut += 7) {
      write("dev.writer.json", after.slice(0, cut));
      write("dev.writer.json.bak", before);
      const [line] = await repairTornState(environment, "dev.writer");
      expect(line).to.contain("dev.writer.json.bak").and.contain("dev.writer.json.torn");
      const { latest } = read("dev.writer.json").checkpoint;
      const found = latest?.resources?.map(({ urn }) => urn) ?? [];
      const pending = latest?.pending_operations?.map(({ resource }) => resource.urn) ?? [];
      expect([...found, ...pending].sort(), `cut at ${cut}`).to.deep.equal(["a", "b", "c", "d"]);
      expect(read("dev.writer.json")).to.have.nested.property(
        "checkpoint.stack",
        "organization/store/dev.writer",
      );
      expect(readFileSync(join(stacks, "dev.writer.json.torn"), "utf8")).to.equal(after.slice(0, cut));
    }
    expect(await repairTornState(environment, "dev.writer")).to.deep.equal([]);
  });

  it("is repaired from the engine's history where the copy beside it is cut off too, or from what is whole in it", async () => {
    const history = join(folder, ".pulumi", "history", "store", "dev.writer");
    mkdirSync(history, { recursive: true });
    const now = state(["a", "b", "c"]);
    const upTo = (urn: string) => now.slice(0, now.indexOf(`"urn": "${urn}"`) + 9);
    write("dev.writer.json", upTo("c"));
    write("dev.writer.json.bak", upTo("b"));
    writeFileSync(join(history, "dev.writer-1.checkpoint.json"), state(["old"]));
    writeFileSync(join(history, "dev.writer-2.checkpoint.json"), state(["a", "z"]));
    expect(await repairTornState(environment, "dev.writer")).to.have.lengthOf(1);
    expect(urns("dev.writer.json")).to.deep.equal(["a", "b", "z"]);
    rmSync(history, { recursive: true });
    write("dev.writer.json", upTo("c"));
    expect(await repairTornState(environment, "dev.writer")).to.have.lengthOf(1);
    expect(urns("dev.writer.json")).to.deep.equal(["a", "b"]);
  });

  it("gives way where nothing was in it yet", async () => {
    write("dev.writer.json", state([]).slice(0, 40));
    expect((await repairTornState(environment, "dev.writer"))[0]).to.contain("before it held anything");
    expect(existsSync(join(stacks, "dev.writer.json"))).to.equal(false);
    expect(existsSync(join(stacks, "dev.writer.json.torn"))).to.equal(true);
  });

  it("is not locked by a run that could not write its lock; a lock that is whole stays", async () => {
    const locks = join(folder, ".pulumi", "locks", "organization", "store", "dev.writer");
    mkdirSync(locks, { recursive: true });
    const lock = (name: string, content: string, seconds: number) => {
      writeFileSync(join(locks, name), content);
      const then = Date.now() / 1000 - seconds;
      utimesSync(join(locks, name), then, then);
    };
    lock("torn.json", '{"pid":1', 60);
    lock("aside.json.18eab63afc04562e.tmp", "", 60);
    lock("just-begun.json.18eab63afc04562f.tmp", "", 0);
    lock("held.json", '{"pid":1}', 60);
    lock("held.json.attrs", "{}", 60);
    expect(await repairTornState(environment, "dev.writer")).to.have.lengthOf(1);
    const kept = ["held.json", "held.json.attrs", "just-begun.json.18eab63afc04562f.tmp"];
    expect(readdirSync(locks).sort()).to.deep.equal(kept);
  });

  it("is left alone where the backend is no folder, or has no stacks yet", async () => {
    expect(await repairTornState(environment, "dev.none")).to.deep.equal([]);
    process.env["PULUMI_BACKEND_URL"] = "s3://bucket";
    write("dev.writer.json", "{");
    expect(await repairTornState(environment, "dev.writer")).to.deep.equal([]);
  });
});

// Room for the state before an update begins. No disk is filled: how much is free is put in.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { roomForState } from "../../../automation/stacks/diskSpace";
import { explain } from "../../../automation/stacks/engineFailures";
import { ExitCode, UserError } from "../../../automation/model/errors";

const MiB = 1024 ** 2;

describe("room on the disk", () => {
  let folder: string;
  const before_ = process.env["PULUMI_BACKEND_URL"];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "disk-space-"));
    process.env["PULUMI_BACKEND_URL"] = pathToFileURL(join(folder, "not", "yet")).href;
  });
  afterEach(() => {
    if (before_ === undefined) delete process.env["PULUMI_BACKEND_URL"];
    else process.env["PULUMI_BACKEND_URL"] = before_;
    rmSync(folder, { recursive: true, force: true });
  });
  const asked = async (free: (place: string) => number) => {
    const places: string[] = [];
    const outcome = await roomForState({ name: "store" }, (place) => {
      places.push(place);
      return Promise.resolve(free(place));
    }).catch((error: unknown) => error);
    return { places, outcome };
  };

  it("is asked for where the state and the working files are, as far as there is such a folder", async () => {
    const { places, outcome } = await asked(() => 33 * MiB);
    expect(outcome).to.equal(undefined);
    expect(places).to.deep.equal([tmpdir(), folder]);
    process.env["PULUMI_BACKEND_URL"] = "s3://state";
    expect((await asked(() => 33 * MiB)).places).to.deep.equal([tmpdir()]);
    expect(await roomForState({ name: "store" })).to.equal(undefined);
  });

  it("is refused with the folder, what is free and what is needed, which grows with the states", async () => {
    const { outcome } = await asked((place) => (place === folder ? 31.5 * MiB : 99 * MiB));
    expect(outcome).to.be.instanceOf(UserError).with.property("exitCode", ExitCode.disk);
    const { message } = outcome as UserError;
    expect(message)
      .to.contain(join(folder, "not", "yet"))
      .and.contain("31 MiB free")
      .and.contain("need 32 MiB");
    const stacks = join(folder, "not", "yet", ".pulumi", "stacks", "store");
    mkdirSync(stacks, { recursive: true });
    writeFileSync(join(stacks, "dev.writer.json"), Buffer.alloc(MiB));
    expect(((await asked(() => 39 * MiB)).outcome as UserError).message).to.contain("need 40 MiB");
    expect((await asked(() => 40 * MiB)).outcome).to.equal(undefined);
  });

  it("that lacks in the middle of a run is told from other failures", () => {
    const words =
      'blob (key ".pulumi/stacks/x.json") (code=Unknown): write /s/x.json.tmp: no space left on device';
    expect(explain([words]).exitCode).to.equal(ExitCode.disk);
    expect(explain(["write /s/x.json.tmp: permission denied"]).exitCode).to.equal(ExitCode.failed);
  });
});

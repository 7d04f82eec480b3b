/** The proof before an update: what stops it, what it costs the second time, and what leaving it out says. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ExitCode, hasExitCode } from "../../../automation/model/errors";
import { loadEnvironment } from "../../../automation/environment/project";
import { proveFirst, type GateOptions } from "../../../automation/proof/gate";
import type { AccessProof, ProveOptions } from "../../../automation/proof/proveAccess";
import { changed, planned, proofOf, statement, type Change, type Plan } from "./plan";

const ROOT = join(__dirname, "..", "..", "..");

describe("proof: the gate", function () {
  this.timeout(20_000);
  const folder = mkdtempSync(join(tmpdir(), "gate-"));
  const note = join(folder, "notes", "dev.proof");
  let plan: Plan;
  before(async () => void (plan = await planned()));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The gate over the plan with a change; how often it proved, and what it said. */
  async function pass(change: Change = () => undefined, more: Partial<GateOptions> = {}) {
    const said: string[] = [];
    let proven = 0;
    const prove = async ({ env }: ProveOptions): Promise<AccessProof> => {
      proven++;
      const subject = changed(plan, change);
      const proof = await proofOf(subject);
      return {
        env,
        subject: "",
        side: { name: "", ...subject },
        proof,
        errors: proof.findings,
        warnings: [],
      };
    };
    const environment = loadEnvironment("dev", ROOT);
    const options = {
      environment,
      note,
      noProof: false,
      notice: (line: string) => void said.push(line),
      prove,
      ...more,
    };
    const error = await proveFirst(options).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { said, proven, error };
  }
  const open = statement(
    "offline-bucket-policy",
    "S3CrossAccountBucketAccess",
    (each) => (each.Principal = "*"),
  );

  it("stops with its own exit code, says what and where, and notes nothing", async () => {
    const { error, said } = await pass(open);
    expect(hasExitCode(error) && error.exitCode).to.equal(ExitCode.proof);
    expect((error as Error).message).to.match(/PUBLIC: bucket policy .* lets in anyone/);
    expect((error as { advice: string }).advice).to.match(/Nothing was touched.*--no-proof/);
    expect(said).to.deep.equal([]);
    expect(existsSync(note)).to.equal(false);
  });

  it("proves the same program and settings once, and others again", async () => {
    const first = await pass();
    expect([first.error, first.proven]).to.deep.equal([undefined, 1]);
    expect(first.said[0]).to.match(/^access proven: \d+ intended accesses work, \d+ refusals hold$/);
    expect((await pass()).proven).to.equal(0);
    const environment = loadEnvironment("dev", ROOT);
    const settings = { ...environment.settings, protectData: true };
    expect((await pass(undefined, { environment: { ...environment, settings } })).proven).to.equal(1);
  });

  it("says loudly what is left out without it", async () => {
    const { error, said, proven } = await pass(open, { noProof: true });
    expect([error, proven]).to.deep.equal([undefined, 0]);
    expect(said[0]).to.match(/^NOT PROVEN \(--no-proof\): nobody has checked/);
  });
});

/** What people read of a proof: in words, and not more of them than there are things. */
import { Command } from "commander";
import { expect } from "chai";
import type { Finding } from "../../../access/findings";
import { ExitCode, UserError } from "../../../automation/model/errors";
import type { AccessProof } from "../../../automation/proof/proveAccess";
import { addCommand, type CommandContext } from "../../../automation/cli/command";
import { command as prove } from "../../../automation/cli/commands/prove";
import { permissionLines, proofLines } from "../../../automation/report/proofReport";
import { planned, proofOf } from "./plan";

describe("proof: its words", function () {
  this.timeout(20_000);

  it("tell what the documents grant beyond need once for each holder", async () => {
    const plan = await planned();
    const proof = await proofOf(plan);
    const finding = (says: string, document: string): Finding => {
      return { kind: "excess", says, why: [], places: [{ document }] };
    };
    const warnings = [
      finding("role a is permitted more", "managed policy X"),
      finding("role a is permitted more", "managed policy X"),
      finding("role a is permitted more", "identity policy Y"),
      finding("role b is permitted more", "managed policy X"),
    ];
    const side = { name: "the plan", ...plan };
    const access: AccessProof = { env: "dev", subject: side.name, side, proof, errors: [], warnings };
    const lines = proofLines(access);
    expect(lines.slice(0, 3)).to.deep.equal([
      "beyond need: role a is permitted more: by 2 statements of managed policy X, identity policy Y",
      "beyond need: role b is permitted more: by managed policy X",
      "",
    ]);
    expect(lines.at(-1)).to.match(/no findings; policyMode: documented .* in 4 statements/);
  });

  it("name a role by what makes it, where only AWS knows its name", () => {
    const change = { action: "s3:GetObject", scope: "*", conditions: [], explained: false, place: {} };
    const holders = ["arn:aws:iam::222222222222:role/{writer.role}", "arn:aws:iam::222222222222:role/own"];
    expect(permissionLines(holders.map((holder) => ({ holder, ...change })))).to.deep.equal([
      "    writer.role of account 222222222222 may s3:GetObject on * []",
      "    arn:aws:iam::222222222222:role/own may s3:GetObject on * []",
    ]);
  });

  it("say so where nothing is named as --explain has it", async () => {
    const program = new Command().exitOverride();
    addCommand(program.command("prove"), prove, {} as CommandContext, () => undefined);
    const outcome = await program.parseAsync(["node", "cli", "prove", "--explain", "nobody"]).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(outcome).to.be.instanceOf(UserError);
    expect([(outcome as UserError).exitCode, (outcome as UserError).message]).to.deep.equal([
      ExitCode.usage,
      "--explain nobody: no actor or access has these words",
    ]);
  });
});

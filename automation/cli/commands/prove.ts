import { proveAccess } from "../../proof/proveAccess";
import { savedText } from "../../proof/sides";
import { explanationLines } from "../../report/explanation";
import { proofJson } from "../../report/proofJson";
import { proofLines } from "../../report/proofReport";
import { proofCode } from "../exitCodes";
import { writeFileSync } from "node:fs";
import { Option, type Command } from "commander";
import { type CliCommand, type CommonFlags } from "../command";

export interface ProofFlags extends CommonFlags {
  readonly of: "planned" | "deployed" | "live";
  readonly against?: string;
}

interface ProveFlags extends ProofFlags {
  readonly save?: string;
  readonly explain?: string;
}

export const command: CliCommand<ProveFlags> = {
  summary: "prove from the policies who can do what; needs no engine and no credentials",
  example: "npm run prove -- --env prod --against main",
  describe: (command) =>
    withProof(command.option("--json", "print the result as JSON"))
      .option("--save <file>", "save the proven access, to compare with later")
      .option("--explain <text>", "explain each decision, for intents whose actor or access has these words"),
  async run({ print, signal }, { env, json, of, against, save, explain }) {
    const access = await proveAccess({ env, of, against, signal });
    if (save !== undefined) writeFileSync(save, savedText(env, access.side));
    if (explain !== undefined) print(explanationLines(access, explain).join("\n"));
    else print(json ? JSON.stringify(proofJson(access), null, 2) : proofLines(access).join("\n"));
    return proofCode(access);
  },
};

/** Options of the commands that prove. */
export function withProof(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--of <graph>",
        "what to prove: the plan of the settings, the deployed stacks, or the accounts as they are now",
      )
        .choices(["planned", "deployed", "live"])
        .default("planned"),
    )
    .addOption(new Option("--live", "the same as --of live").implies({ of: "live" }))
    .option("--against <graph>", "compare with: deployed, live, a file of `prove --save`, or a git ref");
}

import { writeFileSync } from "node:fs";
import { Option, type Command } from "commander";
import { printResult, type CliCommand, type CommonFlags } from "../command";

export interface ProofFlags extends CommonFlags {
  readonly of: "planned" | "deployed" | "live";
  readonly against?: string;
}

interface ProveFlags extends ProofFlags {
  readonly save?: string;
  readonly explain?: string;
}

export const prove: CliCommand<ProveFlags> = {
  name: "prove",
  summary: "prove from the policies who can do what; needs no engine and no credentials",
  example: "npm run prove -- --env prod --against main",
  describe: (command) =>
    withProof(command.option("--json", "print the result as JSON"))
      .option("--save <file>", "save what is proven, to compare with later")
      .option(
        "--explain <text>",
        "explain why each request is decided as it is, for actors or accesses named like this",
      ),
  async run(context, flags) {
    const { env, of, against, save, explain } = flags;
    const { proveAccess } = await import("../../proof/proveAccess.js");
    const access = await proveAccess({ env, of, against, signal: context.signal });
    if (save !== undefined) {
      const { savedText } = await import("../../proof/sides.js");
      writeFileSync(save, savedText(env, access.side));
    }
    if (explain !== undefined) {
      const { explanationLines } = await import("../../report/explanation.js");
      context.print(explanationLines(access, explain).join("\n"));
    } else {
      const [{ proofJson }, { proofLines }] = await Promise.all([
        import("../../report/proofJson.js"),
        import("../../report/proofReport.js"),
      ]);
      printResult(
        context,
        flags,
        () => proofJson(access),
        () => proofLines(access).join("\n"),
      );
    }
    const { proofCode } = await import("../exitCodes.js");
    return proofCode(access);
  },
};

/** Options of the commands that prove. */
export function withProof(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--of <graph>",
        "what to prove: the plan of the settings, the deployed stacks, or what the accounts have now",
      )
        .choices(["planned", "deployed", "live"])
        .default("planned"),
    )
    .addOption(new Option("--live", "the same as --of live").implies({ of: "live" }))
    .option("--against <graph>", "compare with: deployed, live, a file of `prove --save`, or a git ref");
}

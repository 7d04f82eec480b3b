import { deploy } from "../../actions/deploy";
import { Option } from "commander";
import type { CliCommand } from "../command";
import {
  changeOptions,
  printReport,
  withChangeOptions,
  withFailureOptions,
  type ChangeFlags,
} from "../graphOptions";

interface UpFlags extends ChangeFlags {
  readonly plan?: string;
  /** False with `--no-proof`. */
  readonly proof?: boolean;
  readonly keepGoing?: boolean;
}

export const command: CliCommand<UpFlags> = {
  summary: "bring every stage up, each after what it needs",
  example: "npm run up -- --env prod --consumer ml-team",
  describe: (command) =>
    withFailureOptions(
      withChangeOptions(command)
        .addOption(
          new Option(
            "--plan <file>",
            "do what this plan of `preview --plan` says, and nothing else",
          ).conflicts([...["only", "from", "consumer", "refresh", "allowReplace"]]),
        )
        .option(
          "--no-proof",
          "deploy without the proof of access, with a notice of what is not checked then",
        ),
    ),
  async run(context, flags) {
    const { plan, keepGoing, proof } = flags;
    const options = { ...changeOptions(context, flags), plan, keepGoing, noProof: proof === false };
    return printReport(context, flags, await deploy(options));
  },
};

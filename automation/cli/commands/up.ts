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
  summary: "deploy every stage, each after the stages that it needs",
  example: "npm run up -- --env prod --consumer ml-team",
  describe: (command) =>
    withFailureOptions(
      withChangeOptions(command)
        .addOption(
          new Option("--plan <file>", "make exactly the changes in this plan of `preview --plan`").conflicts([
            ...["only", "from", "consumer", "refresh", "allowReplace"],
          ]),
        )
        .option("--no-proof", "deploy without the proof of access; a notice says what is not checked"),
    ),
  async run(context, flags) {
    const { plan, keepGoing, proof } = flags;
    const options = { ...changeOptions(context, flags), plan, keepGoing, noProof: proof === false };
    return printReport(context, flags, await deploy(options));
  },
};

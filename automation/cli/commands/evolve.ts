import * as actions from "../../actions/evolve";
import type { CliCommand, CommonFlags } from "../command";

interface EvolveFlags extends CommonFlags {
  readonly group: string;
  readonly apply?: boolean;
  readonly newVersion?: boolean;
}

export const command: CliCommand<EvolveFlags> = {
  summary: "change a feature group's schema: features added in place, or a new version beside it",
  example: "npm run evolve -- --env prod --group customers --new-version",
  describe: (command) =>
    command
      .requiredOption("--group <name>", "the feature group")
      .option("--apply", "change it in AWS where that goes in place; `npm run up` does so by itself")
      .option("--new-version", "write the next version of the group beside it into the settings"),
  async run({ print, signal }, flags) {
    await actions.evolve({ ...flags, print, signal });
  },
};

import * as actions from "../../actions/evolve";
import type { CliCommand, CommonFlags } from "../command";

interface EvolveFlags extends CommonFlags {
  readonly group: string;
  readonly apply?: boolean;
  readonly newVersion?: boolean;
}

export const command: CliCommand<EvolveFlags> = {
  summary: "change a feature group's schema: add features in place, or a new version beside it",
  example: "npm run evolve -- --env prod --group customers --new-version",
  describe: (command) =>
    command
      .requiredOption("--group <name>", "the feature group")
      .option("--apply", "make the changes that AWS can make in place; `npm run up` makes them too")
      .option("--new-version", "add the group's next version to the settings, beside the group"),
  async run({ print, signal }, flags) {
    await actions.evolve({ ...flags, print, signal });
  },
};

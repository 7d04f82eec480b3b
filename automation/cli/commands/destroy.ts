import { doomedLines } from "../../actions/deletion/text";
import * as actions from "../../actions/destroy";
import { Option } from "commander";
import type { CliCommand } from "../command";
import {
  confirmationOf,
  printingUnconfirmed,
  withConfirmation,
  type ConfirmationFlags,
} from "../confirmation";
import {
  graphOptions,
  printReport,
  withFailureOptions,
  withGraphOptions,
  type GraphFlags,
} from "../graphOptions";

interface DestroyFlags extends GraphFlags, ConfirmationFlags {
  readonly deleteData?: boolean;
  readonly keepData?: boolean;
  readonly keepGoing?: boolean;
}

export const command: CliCommand<DestroyFlags> = {
  summary: "destroy every stage, in reverse",
  example: "npm run destroy -- --env dev --keep-data",
  describe: (command) =>
    withConfirmation(
      withFailureOptions(withGraphOptions(command)).addOption(
        new Option(
          "--delete-data",
          "also delete feature groups, buckets and keys with all their data; lists them and asks for the environment's name",
        ).conflicts("keepData"),
      ),
    ).option("--keep-data", "remove the access, but keep feature groups, buckets and keys for a later `up`"),
  async run(context, flags) {
    const { keepGoing, deleteData, keepData } = flags;
    const confirm = confirmationOf(context, flags, doomedLines);
    const options = { ...graphOptions(context, flags), keepGoing, deleteData, keepData, confirm };
    return printingUnconfirmed(context, flags, "destroy", async () =>
      printReport(context, flags, await actions.destroy(options)),
    );
  },
};

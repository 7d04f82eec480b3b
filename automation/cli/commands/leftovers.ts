import { printResult, withResult, type CliCommand } from "../command";
import {
  confirmationOf,
  printingUnconfirmed,
  withConfirmation,
  type ConfirmationFlags,
} from "../confirmation";

interface LeftoversFlags extends ConfirmationFlags {
  readonly purge?: boolean;
}

export const leftovers: CliCommand<LeftoversFlags> = {
  name: "leftovers",
  summary: "list what deleted feature groups and consumers left behind in the accounts",
  example: "npm run leftovers -- --env dev --purge",
  describe: (command) =>
    withConfirmation(
      withResult(command).option(
        "--purge",
        "delete the leftovers that the environment made: lists them, and asks for the environment's name",
      ),
    ),
  async run(context, flags) {
    const actions = await import("../../actions/leftovers/leftovers.js");
    const confirm = confirmationOf(context, flags, actions.leftoverLines);
    return printingUnconfirmed(context, flags, "leftovers", async () => {
      const { purge = false } = flags;
      const { leftovers: left, purged } = await actions.leftovers({
        ...context.runOptions(flags),
        purge,
        confirm,
      });
      printResult(
        context,
        flags,
        () => ({ version: 1, action: "leftovers", ok: true, purged, leftovers: left }),
        () => (left.length === 0 ? ["no leftovers"] : actions.leftoverLines(left)).join("\n"),
      );
    });
  },
};

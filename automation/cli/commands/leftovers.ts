import * as actions from "../../actions/leftovers/leftovers";
import { resultText, withResult, type CliCommand } from "../command";
import {
  confirmationOf,
  printingUnconfirmed,
  withConfirmation,
  type ConfirmationFlags,
} from "../confirmation";

interface LeftoversFlags extends ConfirmationFlags {
  readonly purge?: boolean;
}

export const command: CliCommand<LeftoversFlags> = {
  summary: "list what deleted feature groups and consumers left behind in the accounts",
  example: "npm run leftovers -- --env dev --purge",
  describe: (command) =>
    withConfirmation(
      withResult(command).option(
        "--purge",
        "delete the leftovers of this environment; lists them and asks for the environment's name",
      ),
    ),
  async run(context, flags) {
    const confirm = confirmationOf(context, flags, actions.leftoverLines);
    return printingUnconfirmed(context, flags, "leftovers", async () => {
      const options = { ...context.runOptions(flags), purge: flags.purge ?? false, confirm };
      const { leftovers: left, purged } = await actions.leftovers(options);
      const result = { version: 1, action: "leftovers", ok: true, purged, leftovers: left };
      context.print(
        resultText(flags, result, left.length === 0 ? ["no leftovers"] : actions.leftoverLines(left)),
      );
    });
  },
};

import * as actions from "../../actions/outputs";
import { hidden, withResult, type CliCommand } from "../command";

export const command: CliCommand = {
  summary: "print the contracts of the deployed stages, as JSON",
  example: "npm run outputs -- --env prod",
  describe: (command) => hidden(withResult(command), "--json"),
  async run(context, flags) {
    context.print(JSON.stringify(await actions.outputs(context.runOptions(flags)), null, 2));
  },
};

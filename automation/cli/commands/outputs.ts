import { hidden, withResult, type CliCommand } from "../command";

export const outputs: CliCommand = {
  name: "outputs",
  summary: "print the contracts of the deployed stages, as JSON",
  example: "npm run outputs -- --env prod",
  describe: (command) => hidden(withResult(command), "--json"),
  async run(context, flags) {
    const actions = await import("../../actions/outputs.js");
    context.print(JSON.stringify(await actions.outputs(context.runOptions(flags)), null, 2));
  },
};

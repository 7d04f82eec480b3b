import * as actions from "../../actions/drift";
import { driftJson, driftLines } from "../../report/drift";
import { driftCode } from "../exitCodes";
import { resultText, type CliCommand } from "../command";
import { graphOptions, withGraphOptions, type GraphFlags } from "../graphOptions";

export const command: CliCommand<GraphFlags> = {
  summary: "show how AWS differs from what was deployed; changes nothing",
  example: "npm run drift -- --env prod --json",
  describe: withGraphOptions,
  async run(context, flags) {
    const report = await actions.drift(graphOptions(context, flags));
    context.print(resultText(flags, driftJson(report), driftLines(report)));
    return driftCode(report, context.signal);
  },
};

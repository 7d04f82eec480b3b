import { printResult, type CliCommand } from "../command";
import { graphOptions, withGraphOptions, type GraphFlags } from "../graphOptions";

export const drift: CliCommand<GraphFlags> = {
  name: "drift",
  summary: "show what AWS has that differs from what was deployed; changes nothing",
  example: "npm run drift -- --env prod --json",
  describe: withGraphOptions,
  async run(context, flags) {
    const [actions, { driftCode }, { driftJson, driftLines }] = await Promise.all([
      import("../../actions/drift.js"),
      import("../exitCodes.js"),
      import("../../report/drift.js"),
    ]);
    const report = await actions.drift(graphOptions(context, flags));
    printResult(
      context,
      flags,
      () => driftJson(report),
      () => driftLines(report).join("\n"),
    );
    return driftCode(report, context.signal);
  },
};

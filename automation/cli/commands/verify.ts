import * as actions from "../../actions/verify";
import { checksJson, checkTable } from "../../report/checks";
import { ExitCode } from "../../model/errors";
import { positive, resultText, withResult, type CliCommand, type CommonFlags } from "../command";

interface VerifyFlags extends CommonFlags {
  readonly wait: number;
}

export const command: CliCommand<VerifyFlags> = {
  summary: "try the deployed access for real, as each account and as strangers",
  example: "npm run verify -- --env prod --wait 120",
  describe: (command) =>
    withResult(command).option(
      "--wait <seconds>",
      "how long to wait for a record to reach the offline store",
      positive("--wait"),
      900,
    ),
  async run(context, flags) {
    const checks = await actions.verify({ ...context.runOptions(flags), wait: flags.wait });
    context.print(resultText(flags, checksJson(checks), [checkTable(checks)]));
    return checks.every(({ ok }) => ok) ? ExitCode.ok : ExitCode.verification;
  },
};

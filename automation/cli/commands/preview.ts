import * as actions from "../../actions/preview";
import { graphMarkdown } from "../../report/markdown";
import { writeFileSync } from "node:fs";
import type { CliCommand } from "../command";
import { changeOptions, printReport, withChangeOptions, type ChangeFlags } from "../graphOptions";

interface PreviewFlags extends ChangeFlags {
  readonly plan?: string;
  readonly markdown?: string;
}

export const command: CliCommand<PreviewFlags> = {
  summary: "show what `up` would do in every stage; changes nothing",
  example: "npm run preview -- --env prod --markdown preview.md",
  describe: (command) =>
    withChangeOptions(command)
      .option("--plan <file>", "save a plan of this preview, for `up --plan`")
      .option("--markdown <file>", "write the preview as a comment for a pull request"),
  async run(context, flags) {
    const report = await actions.preview({ ...changeOptions(context, flags), savePlan: flags.plan });
    if (flags.markdown) writeFileSync(flags.markdown, graphMarkdown(report, { env: flags.env }));
    return printReport(context, flags, report);
  },
};

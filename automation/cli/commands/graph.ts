import { stages } from "../../../components/stages";
import { loadEnvironment } from "../../environment/project";
import { dot } from "../../report/dot";
import { viewOfStages } from "../../report/graphView";
import { mermaid } from "../../report/mermaid";
import { Option } from "commander";
import type { CliCommand, CommonFlags } from "../command";

interface GraphDrawingFlags extends CommonFlags {
  readonly format: "mermaid" | "dot";
}

export const command: CliCommand<GraphDrawingFlags> = {
  summary: "draw the stages as text; needs no engine and no credentials",
  example: "npm run graph -- --env prod --format dot",
  describe: (command) =>
    command.addOption(
      new Option("--format <form>", "output format").choices(["mermaid", "dot"]).default("mermaid"),
    ),
  run({ print }, { env, format }) {
    const nodes = viewOfStages(stages(loadEnvironment(env).settings));
    print(format === "dot" ? dot(nodes) : mermaid(nodes));
    return Promise.resolve();
  },
};

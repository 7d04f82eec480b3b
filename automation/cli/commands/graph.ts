import { Option } from "commander";
import type { CliCommand, CommonFlags } from "../command";

interface GraphDrawingFlags extends CommonFlags {
  readonly format: "mermaid" | "dot";
}

export const graph: CliCommand<GraphDrawingFlags> = {
  name: "graph",
  summary: "draw the stages as text; needs no engine and no credentials",
  example: "npm run graph -- --env prod --format dot",
  describe: (command) =>
    command.addOption(
      new Option("--format <form>", "form of the drawing").choices(["mermaid", "dot"]).default("mermaid"),
    ),
  async run({ print }, { env, format }) {
    const [{ stages }, { loadEnvironment }, { viewOfStages }, { mermaid }, { dot }] = await Promise.all([
      import("../../../components/stages.js"),
      import("../../environment/project.js"),
      import("../../report/graphView.js"),
      import("../../report/mermaid.js"),
      import("../../report/dot.js"),
    ]);
    const nodes = viewOfStages(stages(loadEnvironment(env).settings));
    print(format === "dot" ? dot(nodes) : mermaid(nodes));
  },
};

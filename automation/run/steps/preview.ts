/** Previews the stage against the previewed outputs of its needs. */
import { previewedOver } from "../../graph/wiring";
import type { StageContext } from "../stageContext";
import { reportOf } from "../stageReports";

export async function preview(context: StageContext): Promise<"ended"> {
  const { stage, graph, options } = context;
  const { run, before } = await context.engineRun();
  const outcome = await options.stacks.preview(run);
  const outputs = previewedOver(before?.outputs, outcome.outputs);
  graph.give(stage.name, outputs);
  const report = reportOf(context, before, outcome, "preview");
  if (report.dangers?.every(({ allowed }) => allowed)) graph.clear(stage, run.inputs);
  return context.end({ ...report, outputs });
}

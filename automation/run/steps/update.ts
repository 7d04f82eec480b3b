/** Runs the engine's update of the stage. */
import type { StageContext } from "../stageContext";
import { nothing, reportOf } from "../stageReports";
import { recoverLost } from "./recover";

/** @throws StageFailed */
export async function update(context: StageContext): Promise<"ended" | void> {
  const { stage, graph, options } = context;
  const { run, before } = await context.engineRun();
  await options.memory?.forget(stage);
  graph.forgetDeployed(stage);
  const outcome = await options.stacks.up(run).catch((error: unknown) => recoverLost(context, error));
  graph.give(stage.name, outcome.outputs);
  const report = reportOf(context, before, outcome, "update");
  // A stage that breaks rules is not recorded, so that the next run checks it again.
  if (outcome.violations) return context.end(report);
  context.report = report;
}

/** @throws StageFailed */
export async function liftProtection(context: StageContext): Promise<"ended"> {
  const { stage, graph, options } = context;
  await options.memory?.forget(stage);
  const run = {
    stage,
    inputs: graph.inputs(stage),
    refresh: options.refresh ?? false,
    ...context.watching(),
  };
  const outcome = await options.stacks.up(run);
  graph.give(stage.name, outcome.outputs);
  return context.end({ ...nothing(stage), ...outcome, status: "changed" });
}

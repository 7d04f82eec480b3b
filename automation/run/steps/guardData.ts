/** Previews a stage that could lose data, unless it was already previewed with the same inputs or follows a plan. */
import { holdsData } from "../../model/data";
import { PolicyBroken } from "../../model/errors";
import { lossesIn, refuseLosses } from "../dataLoss";
import type { StageContext } from "../stageContext";

/** @throws UserError (dataLoss); PolicyBroken */
export async function guardData(context: StageContext): Promise<void> {
  const { stage, graph, options } = context;
  const { run, before } = await context.engineRun();
  if (run.plan !== undefined || !holdsData(before) || graph.isCleared(stage, run.inputs)) return;
  const { changes, violations } = await options.stacks.preview({ ...run, onProgress: undefined });
  if (violations) throw new PolicyBroken(stage.name, "preview", violations);
  refuseLosses(lossesIn(stage.name, changes, before, options.allowReplace));
}

/** Skips a stage that has not changed since its last run: the engine would find nothing to do. */
import { differences } from "../stageMemory";
import type { StageContext } from "../stageContext";
import { nothing } from "../stageReports";

export async function skipUnchanged(context: StageContext): Promise<"ended" | void> {
  if (!(await isUnchanged(context))) return;
  const { stage, graph } = context;
  const deployed = await context.deployed();
  const outputs = deployed?.outputs ?? {};
  graph.give(stage.name, outputs);
  graph.contracts.set(stage.name, []);
  return context.end({
    ...nothing(stage),
    status: "unchanged",
    notRun: "unchanged",
    unchanged: deployed?.size ?? deployed?.resources.length ?? 0,
    outputs,
    contractChanges: [],
    causes: [],
    dangers: [],
  });
}

async function isUnchanged(context: StageContext): Promise<boolean> {
  const { stage, graph } = context;
  const { memory, refresh } = context.options;
  const deployed = await context.deployed();
  if (!memory || refresh || !deployed || deployed.pending.length > 0) return false;
  const [now, last] = await Promise.all([
    memory.basis(stage, graph.inputs(stage), deployed),
    memory.last(stage),
  ]);
  if (!now || !last || differences(now, last).length > 0) return false;
  return (await graph.staleness(stage, deployed)) === undefined;
}

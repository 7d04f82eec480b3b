/** Changes feature groups in place before the engine runs, so that the engine finds them as the settings say. */
import { refuseLoss } from "../../evolution/compare";
import { keptDescriptions, schemaChanges } from "../../evolution/stages";
import type { StageContext } from "../stageContext";

/** @throws UserError (schema) for a change that cannot be made in place */
export async function planEvolution(context: StageContext): Promise<void> {
  const { stage, options } = context;
  const deployed = await context.deployed();
  context.evolutions = schemaChanges(stage, deployed, options.allowReplace);
  refuseLoss(context.evolutions, options.env ?? "dev");
  for (const message of keptDescriptions(stage, deployed)) context.notice(message);
}

/** @throws UserError (schema), before anything is changed; UserError (failed) with AWS's reason */
export async function evolve(context: StageContext): Promise<void> {
  await planEvolution(context);
  const { stage, graph, evolutions } = context;
  const { evolution, memory, stacks } = context.options;
  const deployed = await context.deployed();
  if (!deployed || evolutions.length === 0 || !evolution) return;
  await memory?.forget(stage);
  await stacks.reread(stage, await evolution(stage, deployed, evolutions));
  graph.forgetDeployed(stage);
}

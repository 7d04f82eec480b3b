/** Notes what the run depended on, so that the next one can leave the stage out if all of it is the same. */
import type { StageContext } from "../stageContext";

export async function remember(context: StageContext): Promise<void> {
  const { stage } = context;
  const { memory } = context.options;
  if (!memory) return;
  try {
    const { run } = await context.engineRun();
    const basis = await memory.basis(stage, run.inputs, await context.deployed());
    if (basis) await memory.remember(stage, basis);
  } catch (error) {
    context.notice(
      `its run could not be noted, so the next \`up\` runs it again: ${(error as Error).message}`,
    );
  }
}

/** Records the basis of the run, so that the next run can skip the stage if nothing has changed. */
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
      `its run could not be recorded, so the next \`up\` runs it again: ${(error as Error).message}`,
    );
  }
}

/** Runs stages in one stack: each stage's outputs are the inputs of those that need it. */
import type * as pulumi from "@pulumi/pulumi";
import type { Stage, StageContext } from "./stage";

type Outputs = Record<string, pulumi.Output<unknown>>;

/**
 * @param stages each after the stages that it needs
 * @param run runs one stage's program; left out: the program runs unchanged
 * @returns the outputs of each stage's contract, by stage
 */
export function fold(
  stages: readonly Stage[],
  context: StageContext,
  run: (stage: Stage, program: () => Outputs) => Outputs = (_, program) => program(),
): Record<string, Outputs> {
  const outputs: Record<string, Outputs> = {};
  for (const stage of stages) outputs[stage.name] = run(stage, () => stage.program(context, outputs));
  return outputs;
}

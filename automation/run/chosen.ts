/** The stages that a run works on, checked against the stages that it leaves out. */
import type { Stage } from "../../components/stages";
import { neededOutside, needingInside, selected } from "../graph/selection";
import type { DriverOptions } from "../model/driverOptions";
import { ExitCode, UserError } from "../model/errors";
import { GraphRun } from "./graphRun";

/** The chosen stages, each after its needs. @throws UserError (usage) if one needs a stage that is neither chosen nor deployed */
export async function chosenWithNeeds(options: DriverOptions): Promise<{ chosen: Stage[]; run: GraphRun }> {
  const chosen = selected(options.stages, options.selection);
  const run = new GraphRun(options);
  const missing: string[] = [];
  for (const { stage, neededBy } of neededOutside(options.stages, chosen)) {
    const deployed = await run.deployed(stage);
    if (deployed && Object.keys(deployed.outputs).length > 0)
      run.giveFromOutside(stage.name, deployed.outputs);
    else missing.push(`${neededBy.join(", ")} ${neededBy.length > 1 ? "need" : "needs"} ${stage.name}`);
  }
  if (missing.length > 0)
    throw new UserError(
      ExitCode.usage,
      `the chosen stages need stages that are not deployed:\n${missing.map((line) => `  ${line}`).join("\n")}`,
      "Choose these too, or deploy them first.",
    );
  await run.lookAhead(chosen);
  return { chosen, run };
}

/** The chosen stages in destruction order. @throws UserError (usage) if a deployed stage outside the choice needs one */
export async function chosenForDestruction(options: DriverOptions, run: GraphRun): Promise<Stage[]> {
  const chosen = selected(options.stages, options.selection);
  const needing = needingInside(options.stages, chosen);
  const deployed = await Promise.all(needing.map((stage) => run.deployed(stage)));
  const left = needing.filter((_, at) => deployed[at]);
  if (left.length === 0) return chosen.reverse();
  throw new UserError(
    ExitCode.usage,
    `deployed stages need the chosen ones: ${left.map(({ name }) => name).join(", ")}`,
    "Choose these too: --from chooses a stage and all that depend on it.",
  );
}

/** A stage's run: the steps of each action, in order. */
import type { Stage } from "../../../components/stages";
import type { StageReport } from "../../model/reports";
import type { GraphRun } from "../graphRun";
import type { StagePlans } from "../planFile";
import { StageContext, type Step } from "../stageContext";
import { destroy, destroyKeeping, destroyWithoutData, keepStore, skipAbsent } from "./destroy";
import { evolve, planEvolution } from "./evolve";
import { guardData } from "./guardData";
import { preview } from "./preview";
import { recover } from "./recover";
import { remember } from "./remember";
import { skipUnchanged } from "./skipUnchanged";
import { liftProtection, update } from "./update";

const STEPS = {
  preview: [skipUnchanged, planEvolution, preview],
  up: [recover, skipUnchanged, evolve, guardData, update, remember],
  /** Updates the stage without any checks, to lift its protection. */
  unprotect: [liftProtection],
  destroy: [skipAbsent, recover, destroy],
  destroyKeeping: [skipAbsent, keepStore, destroyWithoutData, recover, destroyKeeping],
} satisfies Record<string, readonly Step[]>;

export type StageAction = keyof typeof STEPS;

/** @throws UserError and other errors of its steps */
export async function runStage(
  action: StageAction,
  stage: Stage,
  graph: GraphRun,
  plans?: StagePlans,
): Promise<StageReport> {
  const context = new StageContext(stage, graph, plans);
  for (const step of STEPS[action]) if ((await step(context)) === "ended") break;
  if (context.report) return context.report;
  throw new Error(`the steps of ${action} left stage ${stage.name} without a report`);
}

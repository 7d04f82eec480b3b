/** Destroys the stage, with or without its data. */
import { holdsData } from "../../model/data";
import type { StageContext } from "../stageContext";
import { nothing, reportOf } from "../stageReports";
import { recover } from "./recover";

export async function skipAbsent(context: StageContext): Promise<"ended" | void> {
  if (!(await context.deployed())) return context.end({ ...nothing(context.stage), status: "absent" });
}

/** @throws StageFailed; UserError (locked) */
export async function destroy(context: StageContext): Promise<"ended"> {
  const { stage, options } = context;
  const before = await context.deployed();
  await options.memory?.forget(stage);
  const outcome = await options.stacks.destroy({ stage, ...context.watching() });
  const {
    contractChanges: _,
    causes: __,
    dangers: ___,
    ...report
  } = reportOf(context, before, outcome, "destroy");
  return context.end(report);
}

/** A store is kept whole: its feature groups need their role, their key and their bucket. */
export async function keepStore(context: StageContext): Promise<"ended" | void> {
  const { stage } = context;
  const deployed = await context.deployed();
  if (stage.consumer !== undefined || !deployed) return;
  const unchanged = deployed.size ?? deployed.resources.length;
  return context.end({ ...nothing(stage), status: "unchanged", unchanged });
}

export async function destroyWithoutData(context: StageContext): Promise<"ended" | void> {
  if (holdsData(await context.deployed())) return;
  await recover(context);
  return destroy(context);
}

/** Destroys a consumer's stage except for its data. @throws StageFailed; UserError (locked) */
export async function destroyKeeping(context: StageContext): Promise<"ended"> {
  const { stage, options } = context;
  await options.memory?.forget(stage);
  const { changes } = await options.stacks.destroyKeeping({ stage, ...context.watching() });
  const kept = await options.stacks.deployed(stage);
  const status = changes.length > 0 ? "changed" : "unchanged";
  return context.end({ ...nothing(stage), status, changes, unchanged: kept?.size ?? 0 });
}

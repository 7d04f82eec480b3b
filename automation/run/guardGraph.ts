/** Previews the whole run before an update that could lose data. */
import type { Stage } from "../../components/stages";
import { holdsData } from "../model/data";
import type { DriverOptions } from "../model/driverOptions";
import type { StageReport } from "../model/reports";
import { refuseLosses } from "./dataLoss";
import type { GraphRun } from "./graphRun";
import { nothing } from "./stageReports";
import { walkStages } from "./walkStages";

/**
 * Skips the preview where no data is deployed.
 * @returns the run to continue with, which knows the preview's results; or, if a stage breaks a rule, the reports of an
 *   update that touched nothing
 * @throws UserError (dataLoss)
 */
export async function guardGraph(
  chosen: readonly Stage[],
  run: GraphRun,
): Promise<GraphRun | readonly StageReport[]> {
  const { options } = run;
  const deployed = await Promise.all(chosen.map((stage) => run.deployed(stage)));
  if (!deployed.some(holdsData)) return run;
  const ahead = run.followedBy({ ...options, onProgress: announcingOnce(options) });
  const reports = await walkStages("preview", chosen, ahead, { silent: true });
  refuseLosses(reports.flatMap(({ dangers = [] }) => dangers));
  if (reports.some(({ violations }) => violations)) return untouched(chosen, reports, options);
  return ahead.followedBy(options);
}

/** Progress of the silent preview: one notice that it is under way. */
function announcingOnce({ onProgress }: DriverOptions): DriverOptions["onProgress"] {
  let told = false;
  return ({ kind }) => {
    if (told || kind !== "engine") return;
    told = true;
    onProgress?.({ kind: "notice", message: "previewing first, because deployed stages hold data" });
  };
}

/** The preview's reports of the stages that break rules; all other stages as skipped. */
function untouched(
  chosen: readonly Stage[],
  reports: readonly StageReport[],
  { onProgress }: DriverOptions,
): StageReport[] {
  const broken = reports.filter(({ violations }) => violations);
  const reason = `nothing was touched: ${broken.map(({ stage }) => stage).join(", ")} breaks rules`;
  const stages = chosen.map(
    (stage): StageReport =>
      broken.find((report) => report.stage === stage.name) ?? {
        ...nothing(stage),
        status: "skipped",
        reason,
      },
  );
  for (const report of stages) onProgress?.({ kind: "stage-ended", report });
  return stages;
}

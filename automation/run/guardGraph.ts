/** Before an update touches anything: a preview of the whole run, where it could lose data. */
import type { Stage } from "../../components/stages";
import { holdsData } from "../model/data";
import type { DriverOptions } from "../model/driverOptions";
import type { StageReport } from "../model/reports";
import { refuseLosses } from "./dataLoss";
import type { GraphRun } from "./graphRun";
import { nothing } from "./stageReports";
import { walkStages } from "./walkStages";

/**
 * A run without deployed data is not previewed.
 * @returns the run to go on with, which knows what the preview found; or, if a stage breaks a rule, the reports of an
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
  const ahead = run.followedBy({ ...options, onProgress: tellingOnce(options) });
  const reports = await walkStages("preview", chosen, ahead, { silent: true });
  refuseLosses(reports.flatMap(({ dangers = [] }) => dangers));
  if (reports.some(({ violations }) => violations)) return untouched(chosen, reports, options);
  return ahead.followedBy(options);
}

/** Of the silent preview, the progress tells only that there is one. */
function tellingOnce({ onProgress }: DriverOptions): DriverOptions["onProgress"] {
  let told = false;
  return ({ kind }) => {
    if (told || kind !== "engine") return;
    told = true;
    onProgress?.({ kind: "notice", message: "previewing first, as deployed stages hold data" });
  };
}

/** The stages that break rules as the preview reports them, all others as skipped. */
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

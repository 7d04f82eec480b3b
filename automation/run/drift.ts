/** Reads the drift of the graph: several stages at once, in any order. */
import type { Stage } from "../../components/stages";
import type { DriftReport, StageDrift } from "../model/drift";
import { DEFAULT_PARALLEL, type DriverOptions } from "../model/driverOptions";
import { stageFailure } from "./failures";
import { selected } from "../graph/selection";
import { walk } from "../graph/walk";

/** The drift of the chosen stages. Changes nothing, and continues after failures. */
export async function driftOf(options: DriverOptions): Promise<DriftReport> {
  const chosen = selected(options.stages, options.selection);
  const stages = await walk<Stage, StageDrift>(
    chosen.map((stage) => ({ ...stage, needs: [] })),
    {
      run: (stage) => driftOfStage(stage, options),
      failed: ({ status }) => status === "failed",
      skip: ({ name, account }, reason) => ({
        stage: name,
        account,
        status: "skipped",
        resources: [],
        reason,
      }),
    },
    { parallel: options.parallel ?? DEFAULT_PARALLEL, keepGoing: true, signal: options.signal },
  );
  const ok = stages.every(({ status }) => status !== "failed" && status !== "skipped");
  return { action: "drift", stages, ok, drifted: stages.some(({ status }) => status === "drifted") };
}

async function driftOfStage(stage: Stage, options: DriverOptions): Promise<StageDrift> {
  const { stacks, onProgress, signal, cancel } = options;
  const base = { stage: stage.name, account: stage.account, resources: [] };
  onProgress?.({ kind: "stage-begun", stage: stage.name, account: stage.account });
  try {
    if (!(await stacks.deployed(stage))) return { ...base, status: "absent" };
    const resources = await stacks.drift({
      ...{ stage, signal, cancel },
      onProgress: (progress) => onProgress?.({ kind: "engine", progress }),
    });
    return { ...base, status: resources.length > 0 ? "drifted" : "inSync", resources };
  } catch (error) {
    return { ...base, status: "failed", error: stageFailure(error, stage, "reading drift") };
  }
}

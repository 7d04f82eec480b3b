/** Runs an action on stages, several at once and in order, and turns their errors into reports. */
import type { Stage } from "../../components/stages";
import type { GraphNode } from "../graph/order";
import { walk } from "../graph/walk";
import { DEFAULT_PARALLEL } from "../model/driverOptions";
import { PolicyBroken } from "../model/errors";
import type { StageReport } from "../model/reports";
import { stageFailure } from "./failures";
import type { GraphRun } from "./graphRun";
import type { StagePlans } from "./planFile";
import { nothing } from "./stageReports";
import { runStage, type StageAction } from "./steps";

interface Node extends GraphNode {
  readonly stage: Stage;
}

/** Names of the actions in error messages: "stage writer: update failed". */
const WORDS = { preview: "preview", up: "update", destroy: "destroy", destroyKeeping: "destroy" } as const;

/** @param order the stages, each after its needs */
export function walkStages(
  action: "preview" | "up",
  order: readonly Stage[],
  run: GraphRun,
  { plans, silent = false }: { plans?: StagePlans; silent?: boolean } = {},
): Promise<StageReport[]> {
  const nodes = order.map((stage) => ({ name: stage.name, needs: stage.needs, stage }));
  // A preview changes nothing, so it continues after a failure and shows what it can.
  const keepGoing = action === "preview" || run.options.keepGoing;
  return walked(action, nodes, run, { plans, silent, keepGoing });
}

/** @param order the stages, each before its needs: a stage is destroyed after the stages that need it */
export function walkBack(
  action: "destroy" | "destroyKeeping",
  order: readonly Stage[],
  run: GraphRun,
): Promise<StageReport[]> {
  const nodes = order.map((stage) => ({
    name: stage.name,
    needs: order.filter(({ needs }) => needs.includes(stage.name)).map(({ name }) => name),
    stage,
  }));
  return walked(action, nodes, run, run.options);
}

function walked(
  action: Exclude<StageAction, "unprotect">,
  nodes: readonly Node[],
  run: GraphRun,
  { plans, silent, keepGoing = false }: { plans?: StagePlans; silent?: boolean; keepGoing?: boolean },
): Promise<StageReport[]> {
  const { parallel = DEFAULT_PARALLEL, signal, onProgress } = run.options;
  const tell = silent ? undefined : onProgress;
  return walk<Node, StageReport>(
    nodes,
    {
      async run({ stage }) {
        try {
          tell?.({ kind: "stage-begun", stage: stage.name, account: stage.account });
          return await runStage(action, stage, run, plans);
        } catch (error) {
          const broken = error instanceof PolicyBroken ? { violations: error.violations } : {};
          return {
            ...nothing(stage),
            ...broken,
            status: "failed",
            error: stageFailure(error, stage, WORDS[action]),
          };
        }
      },
      // A preview that breaks rules still has the stage's outputs.
      failed: ({ status, outputs, violations }) =>
        status === "failed" && !(action === "preview" && violations && Object.keys(outputs).length > 0),
      skip: ({ stage }, reason) => ({ ...nothing(stage), status: "skipped", reason }),
      ended: (report) => tell?.({ kind: "stage-ended", report }),
    },
    { parallel, keepGoing, signal },
  );
}

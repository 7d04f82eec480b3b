/** Reports of single stages. */
import type { Stage } from "../../components/stages";
import type { Violation } from "../../policy-pack/rules";
import { causesOf, contractChanges } from "../graph/contractChanges";
import { PolicyBroken } from "../model/errors";
import type { StageReport } from "../model/reports";
import type { DeployedStack, StageOutcome } from "../model/stackPort";
import { lossesIn } from "./dataLoss";
import type { StageContext } from "./stageContext";

/** The report of a stage that changes nothing, without its status. */
export function nothing({ name, account, needs }: Stage): Omit<StageReport, "status"> {
  return { stage: name, account, needs, changes: [], unchanged: 0, outputs: {} };
}

/**
 * Reports the engine's outcome with the changes of the stage's contract, and records these for the stages after it.
 * @param before the stack before the run
 */
export function reportOf(
  { stage, graph, options, evolutions }: StageContext,
  before: DeployedStack | undefined,
  { changes, unchanged, outputs, violations }: StageOutcome,
  action: string,
): StageReport {
  const contract = contractChanges(before?.outputs, outputs);
  graph.contracts.set(stage.name, contract);
  // Feature groups that change in place change the stage, although the engine has nothing to do.
  const isChanged = changes.length > 0 || evolutions.length > 0;
  return {
    ...nothing(stage),
    status: isChanged ? "changed" : "unchanged",
    changes,
    unchanged,
    outputs,
    contractChanges: contract,
    causes: causesOf(stage.needs, graph.contracts),
    dangers: lossesIn(stage.name, changes, before, options.allowReplace),
    ...(violations && broken(stage, action, violations)),
    ...(evolutions.length > 0 ? { evolutions } : {}),
  };
}

/** A stage that breaks rules counts as failed, although the engine ran it. */
function broken(stage: Stage, action: string, violations: readonly Violation[]) {
  const error = new PolicyBroken(stage.name, action, violations);
  return { status: "failed", violations, error } as const;
}

export function isDone({ status }: StageReport): boolean {
  return status !== "failed" && status !== "skipped";
}

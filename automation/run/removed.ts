/**
 * Removed stages: deployed, but no longer in the settings, for example after a consumer or a topology was taken out. A preview
 * shows their deletion, an update destroys them.
 */
import { refOf, shapeOfStages, stages, type Stage } from "../../components/stages";
import { stackName, type Environment } from "../environment/project";
import type { DriftReport, StageDrift } from "../model/drift";
import type { DriverOptions } from "../model/driverOptions";
import type { GraphReport, StageReport } from "../model/reports";
import type { DeployedStack, ResourceChange, StackPort } from "../model/stackPort";
import { nameOf } from "../stacks/events";
import { lossesIn, refuseLosses } from "./dataLoss";
import { Driver } from "./driver";
import { isDone, nothing } from "./stageReports";

/**
 * @param stackNames all stacks of the project in its backend
 * @returns the environment's stages that have a stack and are not in the settings, each after its needs among them
 */
export function removedStages(environment: Environment, stackNames: readonly string[]): readonly Stage[] {
  const present = new Set(stackNames);
  const current = new Set(stages(environment.settings).map(({ name }) => name));
  const consumers = stackNames.flatMap((name) => {
    const [env, ...parts] = name.split(".");
    const ref = env === environment.name ? refOf(parts.join(":")) : undefined;
    return ref?.kind.per === "consumer" ? (ref.of ?? []) : [];
  });
  const removed = shapeOfStages([...new Set(consumers)]).filter(
    ({ name }) => present.has(stackName(environment.name, name)) && !current.has(name),
  );
  const names = new Set(removed.map(({ name }) => name));
  return removed.map((stage) => ({ ...stage, needs: stage.needs.filter((need) => names.has(need)) }));
}

export interface RemovedOptions extends Omit<
  DriverOptions,
  "stages" | "selection" | "memory" | "staleIdentities"
> {
  readonly removed: readonly Stage[];
}

export class RemovedStages {
  private readonly driver: Driver;

  constructor(private readonly options: RemovedOptions) {
    this.driver = new Driver({ ...options, stages: options.removed });
  }

  /** Each after its needs. */
  get stages(): readonly Stage[] {
    return this.options.removed;
  }

  /** The deletions that an update would make, in order. Changes nothing. */
  async preview(): Promise<readonly StageReport[]> {
    const reports: StageReport[] = [];
    for (const stage of [...this.stages].reverse()) {
      const { deployed, changes, dangers } = await this.deletionOf(stage);
      if (!deployed) continue;
      const report = { ...nothing(stage), status: "changed", departed: true, changes, dangers } as const;
      reports.push(report);
      this.options.onProgress?.({ kind: "stage-ended", report });
    }
    return reports;
  }

  /** @throws UserError (dataLoss) for a data loss that is not allowed */
  async guard(): Promise<void> {
    const deletions = await Promise.all(this.stages.map((stage) => this.deletionOf(stage)));
    refuseLosses(deletions.flatMap(({ dangers }) => dangers));
  }

  /** Changes nothing. */
  async drift(): Promise<readonly StageDrift[]> {
    if (this.stages.length === 0) return [];
    const { stages: drifts } = await this.driver.drift();
    return drifts.map((stage) => ({ ...stage, departed: true }));
  }

  /** @param data `released`: also deletes protected data, which the user has allowed; `kept`: keeps data; `refused`: fails on it */
  async destroy(data: "released" | "kept" | "refused"): Promise<readonly StageReport[]> {
    if (this.stages.length === 0) return [];
    if (data === "kept") return (await this.driver.destroyKeeping()).stages;
    if (data === "released") for (const stage of this.stages) await release(this.options.stacks, stage);
    const { stages: reports } = await this.driver.destroy();
    return reports.map((report) => ({ ...report, departed: true }));
  }

  private async deletionOf(stage: Stage) {
    const deployed = await this.options.stacks.deployed(stage);
    const changes = deployed ? deletions(deployed) : [];
    return { deployed, changes, dangers: lossesIn(stage.name, changes, deployed, this.options.allowReplace) };
  }
}

/** Removes protection in the state, because the settings, which normally decide it, no longer name the stage. */
async function release(stacks: StackPort, stage: Stage): Promise<void> {
  const deployed = await stacks.deployed(stage);
  if (deployed?.resources.some(({ protect, retainOnDelete }) => protect || retainOnDelete))
    await stacks.release(stage);
}

function deletions({ resources }: DeployedStack): ResourceChange[] {
  return [...resources].reverse().map(({ urn, type }) => ({
    op: "delete",
    urn,
    type,
    name: nameOf(urn),
    properties: [],
    replaces: [],
  }));
}

/** Adds the removed stages to the drift report. A removed stage by itself is no drift. */
export function withRemovedDrift(report: DriftReport, removed: readonly StageDrift[]): DriftReport {
  const isRead = removed.every(({ status }) => status !== "failed" && status !== "skipped");
  const hasDrifted = removed.some(({ status }) => status === "drifted");
  return {
    ...report,
    stages: [...report.stages, ...removed],
    ok: report.ok && isRead,
    drifted: report.drifted || hasDrifted,
  };
}

/** Adds the removed stages to the report: first, if they are destroyed first. */
export function withRemoved(
  report: GraphReport,
  removed: readonly StageReport[],
  place: "first" | "last",
): GraphReport {
  if (removed.length === 0) return report;
  const all = place === "first" ? [...removed, ...report.stages] : [...report.stages, ...removed];
  const removedAreOk = removed.every(
    (stage) => isDone(stage) && (stage.dangers ?? []).every(({ allowed }) => allowed),
  );
  return { ...report, stages: all, ok: report.ok && removedAreOk };
}

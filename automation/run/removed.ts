/**
 * Stages that the settings name no more, and whose stacks are still there: of a consumer that left, or of a topology that
 * was turned off. A preview shows what goes with them, an update destroys them.
 */
import type { Stage } from "../../components/stages";
import { refOf, shapeOfStages, stages } from "../../components/stages";
import { dangerRefusal, dangersIn } from "./dangers";
import type { DriftReport, StageDrift } from "../model/drift";
import { Driver } from "./driver";
import type { DriverOptions } from "../model/driverOptions";
import { stackName, type Environment } from "../environment/project";
import type { GraphReport, StageReport } from "../model/reports";
import type { DeployedStack, ResourceChange, StackPort } from "../model/stackPort";
import { nothing } from "./stageRuns";

/**
 * @param stackNames of the project, in whatever backend
 * @returns the environment's stages that have a stack and are not in the settings, each after what it needs of these
 */
export function departedStages(environment: Environment, stackNames: readonly string[]): readonly Stage[] {
  const present = new Set(stackNames);
  const current = new Set(stages(environment.settings).map(({ name }) => name));
  const consumers = stackNames.flatMap((name) => {
    const [env, ...parts] = name.split(".");
    const ref = env === environment.name ? refOf(parts.join(":")) : undefined;
    return ref?.kind.per === "consumer" ? (ref.of ?? []) : [];
  });
  const gone = shapeOfStages([...new Set(consumers)]).filter(
    ({ name }) => present.has(stackName(environment.name, name)) && !current.has(name),
  );
  const names = new Set(gone.map(({ name }) => name));
  return gone.map((stage) => ({ ...stage, needs: stage.needs.filter((need) => names.has(need)) }));
}

export interface DepartingOptions extends Omit<
  DriverOptions,
  "stages" | "selection" | "memory" | "staleIdentities"
> {
  readonly departed: readonly Stage[];
}

/** What becomes of the departed stages. */
export class Departing {
  private readonly driver: Driver;

  constructor(private readonly options: DepartingOptions) {
    this.driver = new Driver({ ...options, stages: options.departed });
  }

  /** Those that have a stack, each after what it needs. */
  get stages(): readonly Stage[] {
    return this.options.departed;
  }

  /** What an update would delete, in the order in which it would. Changes nothing. */
  async preview(): Promise<readonly StageReport[]> {
    const { stacks, departed, allowReplace } = this.options;
    const reports: StageReport[] = [];
    for (const stage of [...departed].reverse()) {
      const deployed = await stacks.deployed(stage);
      if (!deployed) continue;
      const changes = deletions(deployed);
      const dangers = dangersIn(stage.name, changes, deployed, allowReplace);
      const report = { ...nothing(stage), status: "changed", departed: true, changes, dangers } as const;
      reports.push(report);
      this.options.onProgress?.({ kind: "stage-ended", report });
    }
    return reports;
  }

  /** @throws UserError (dataLoss) if data would go with them that was not allowed to */
  async guard(): Promise<void> {
    const { stacks, departed, allowReplace } = this.options;
    const found = await Promise.all(
      departed.map(async (stage) => {
        const deployed = await stacks.deployed(stage);
        return deployed ? dangersIn(stage.name, deletions(deployed), deployed, allowReplace) : [];
      }),
    );
    const refused = found.flat().filter(({ allowed }) => !allowed);
    if (refused.length > 0) throw dangerRefusal(refused);
  }

  /** What AWS has of them that is not what was deployed. Changes nothing. */
  async drift(): Promise<readonly StageDrift[]> {
    if (this.options.departed.length === 0) return [];
    const { stages } = await this.driver.drift();
    return stages.map((stage) => ({ ...stage, departed: true }));
  }

  /** @param data `released`: what is protected goes too, as it was allowed by name or with all data; `kept`: it stays */
  async destroy(data: "released" | "kept" | "refused"): Promise<readonly StageReport[]> {
    const { departed, stacks } = this.options;
    if (departed.length === 0) return [];
    if (data === "kept") return (await this.driver.destroyKeeping()).stages;
    if (data === "released") for (const stage of departed) await release(stacks, stage);
    const { stages } = await this.driver.destroy();
    return stages.map((report) => ({ ...report, departed: true }));
  }
}

/** Protection is the settings' word, which named the stage no more: the state alone still has it. */
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
    name: urn.slice(urn.lastIndexOf("::") + 2),
    properties: [],
    replaces: [],
  }));
}

/** One report of the graph's drift and of that of what left it: a stage that left is no drift itself, what was done to it is. */
export function withDepartedDrift(report: DriftReport, departed: readonly StageDrift[]): DriftReport {
  const isRead = departed.every(({ status }) => status !== "failed" && status !== "skipped");
  const hasDrifted = departed.some(({ status }) => status === "drifted");
  return {
    ...report,
    stages: [...report.stages, ...departed],
    ok: report.ok && isRead,
    drifted: report.drifted || hasDrifted,
  };
}

/** One report of the graph and of what left it: those that left come first where they are destroyed first. */
export function withDeparted(
  report: GraphReport,
  departed: readonly StageReport[],
  place: "first" | "last",
): GraphReport {
  if (departed.length === 0) return report;
  const stagesOfAll = place === "first" ? [...departed, ...report.stages] : [...report.stages, ...departed];
  const isWell = departed.every(
    ({ status, dangers = [] }) =>
      status !== "failed" && status !== "skipped" && dangers.every(({ allowed }) => allowed),
  );
  return { ...report, stages: stagesOfAll, ok: report.ok && isWell };
}

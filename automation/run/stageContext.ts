/** One stage within a run over the graph, shared by the steps of its run. */
import type { Stage } from "../../components/stages";
import type { DriverOptions } from "../model/driverOptions";
import type { StageReport } from "../model/reports";
import type { SchemaChange } from "../model/schemaChange";
import type { DeployedStack, StageProgress, StageRun } from "../model/stackPort";
import type { GraphRun } from "./graphRun";
import type { StagePlans } from "./planFile";

/** One step of a stage's run. `ended`: the stage's report is complete, and the remaining steps are skipped. */
export type Step = (context: StageContext) => Promise<"ended" | void>;

/** The stage's run by the engine, and its stack before the run. */
interface EngineRun {
  readonly run: StageRun;
  readonly before: DeployedStack | undefined;
}

export class StageContext {
  /** Changes of the stage's feature groups in place. */
  evolutions: readonly SchemaChange[] = [];
  report?: StageReport;
  private engine?: Promise<EngineRun>;

  constructor(
    readonly stage: Stage,
    readonly graph: GraphRun,
    private readonly plans?: StagePlans,
  ) {}

  get options(): DriverOptions {
    return this.graph.options;
  }

  deployed(): Promise<DeployedStack | undefined> {
    return this.graph.deployed(this.stage);
  }

  /**
   * Prepares the stage's run, once: its inputs, its plan, and whether it is refreshed first.
   * @throws ContractError; UserError (plan)
   */
  engineRun(): Promise<EngineRun> {
    return (this.engine ??= this.wired());
  }

  /** Progress and signals, for the engine. */
  watching(): Pick<StageRun, "onProgress" | "signal" | "cancel"> {
    const { onProgress, signal, cancel } = this.options;
    return {
      onProgress: (progress: StageProgress) => onProgress?.({ kind: "engine", progress }),
      signal,
      cancel,
    };
  }

  notice(message: string): void {
    this.options.onProgress?.({ kind: "notice", stage: this.stage.name, message });
  }

  end(report: StageReport): "ended" {
    this.report = report;
    return "ended";
  }

  private async wired(): Promise<EngineRun> {
    const { stage, graph } = this;
    const before = await this.deployed();
    const reason = before && (await graph.staleness(stage, before));
    if (reason !== undefined) this.notice(`refreshing its resources: ${reason}`);
    const refresh = reason !== undefined || (this.options.refresh ?? false);
    const inputs = graph.inputs(stage);
    return {
      before,
      run: { stage, inputs, refresh, plan: this.plans?.path(stage, inputs), ...this.watching() },
    };
  }
}

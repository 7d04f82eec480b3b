/**
 * Walks the graph of stages: each after what it needs, wired to what that gives; on the way back in reverse.
 * Everything that touches an engine or an account is behind `StackPort`, `Recovery` and `StaleIdentities`.
 */
import type { Stage } from "../../components/stages";
import { dangerRefusal } from "./dangers";
import { holdsData } from "../model/data";
import type { DriftReport } from "../model/drift";
import { driftOf } from "./driftRun";
import { DEFAULT_PARALLEL, type DriverOptions } from "../model/driverOptions";
import { ExitCode, PolicyBroken, UserError } from "../model/errors";
import { stageFailure } from "./failures";
import { inOrder, type GraphNode } from "../graph/order";
import type { StagePlans } from "./planFile";
import { protectionRefusal, protectedResources, unprotect } from "./protection";
import type { GraphReport, StageReport } from "../model/reports";
import { neededOutside, needingInside, selected } from "../graph/selection";
import { nothing, StageRuns } from "./stageRuns";
import { plainValues } from "../graph/wiring";
import { walk } from "../graph/walk";

export type { DriverOptions, Recovery, StaleIdentities } from "../model/driverOptions";
export type { GraphReport, StageReport, DriverProgress } from "../model/reports";

export class Driver {
  constructor(private readonly options: DriverOptions) {}

  /**
   * Every stage against what its needs will give; unknowns stay unknown. Changes nothing. Goes on past failures.
   * @throws UserError (usage) for a selection whose needs are not deployed
   */
  async preview(plans?: StagePlans): Promise<GraphReport> {
    const { chosen, runs } = await this.begin();
    const stages = await this.previewed(chosen, runs, plans);
    const dangers = stages.flatMap(({ dangers: found = [] }) => found);
    return { action: "preview", stages, ok: stages.every(done) && dangers.every(({ allowed }) => allowed) };
  }

  /**
   * Brings every stage up, each wired to what its needs gave. What depends on a stage that fails is skipped.
   * @throws UserError (dataLoss) before anything is touched, if data would go that was not allowed to; UserError (usage)
   */
  async up(plans?: StagePlans): Promise<GraphReport> {
    const { chosen, runs } = await this.begin();
    // A plan was previewed, and the engine is held to it.
    const next = plans ? runs : await this.guarded(chosen, runs);
    if (Array.isArray(next)) return { action: "up", stages: next, ok: false };
    const stages = await this.walked(
      chosen,
      "update",
      (stage) => next.up(stage, plans),
      this.options.keepGoing,
    );
    return { action: "up", stages, ok: stages.every(done) };
  }

  /**
   * Destroys in reverse. Protected resources are refused before anything is touched, unless the same graph without
   * protection is given: then each stage that holds them is first brought up by its unprotected twin.
   * @throws UserError (protectedData) naming every resource that is in the way; UserError (usage) if what is not chosen
   *   needs what is
   */
  async destroy(unprotected?: Pick<DriverOptions, "stages" | "stacks">): Promise<GraphReport> {
    const chosen = selected(this.options.stages, this.options.selection);
    const runs = new StageRuns(this.options);
    await this.refuseOrphans(chosen, runs);
    const order = [...chosen].reverse();
    const held = await protectedResources(order, (stage) => runs.deployed(stage));
    if (held.length > 0) {
      if (!unprotected) throw protectionRefusal(held);
      await unprotect({ ...this.options, ...unprotected }, new Set(held.map(({ stage }) => stage.name)));
    }
    const again = held.length > 0 ? new StageRuns(this.options) : runs;
    return this.destroyed(order, (stage) => again.destroy(stage));
  }

  /** As `destroy`, but what holds data stays: the stores whole, and of each consumer's side its bucket. */
  async destroyKeeping(): Promise<GraphReport> {
    const order = await this.doomed();
    const runs = new StageRuns(this.options);
    return this.destroyed(order, (stage) => runs.destroyKeeping(stage));
  }

  /**
   * The stages that a destruction would be of, in its order.
   * @throws UserError (usage) if what is not chosen needs what is
   */
  async doomed(): Promise<readonly Stage[]> {
    const chosen = selected(this.options.stages, this.options.selection);
    await this.refuseOrphans(chosen, new StageRuns(this.options));
    return [...chosen].reverse();
  }

  private async destroyed(
    order: readonly Stage[],
    run: (stage: Stage) => Promise<StageReport>,
  ): Promise<GraphReport> {
    // A stage is destroyed after those that need it: the graph with its arrows turned.
    const turned: Turned[] = order.map((stage) => ({
      name: stage.name,
      needs: order.filter(({ needs }) => needs.includes(stage.name)).map(({ name }) => name),
      stage,
    }));
    const work = this.work(({ stage }: Turned) => stage, "destroy", run);
    const stages = await walk<Turned, StageReport>(turned, work, this.walking(this.options.keepGoing));
    return { action: "destroy", stages, ok: stages.every(done) };
  }

  /** What AWS has that is not what was deployed, in every stage. Changes nothing. */
  drift(): Promise<DriftReport> {
    return driftOf(this.options);
  }

  /** The deployed outputs of every stage that has been deployed, decoded by its contract. */
  async outputs(): Promise<Record<string, Record<string, unknown>>> {
    const stages = inOrder(this.options.stages);
    const deployed = await Promise.all(stages.map((stage) => this.options.stacks.deployed(stage)));
    return Object.fromEntries(
      stages.flatMap((stage, at) => {
        const outputs = deployed[at]?.outputs ?? {};
        return Object.keys(outputs).length > 0 ? [[stage.name, stage.decode(plainValues(outputs))]] : [];
      }),
    );
  }

  /** The chosen stages, with what they need from stages outside. @throws UserError (usage) if such a stage is not deployed */
  private async begin(): Promise<{ chosen: Stage[]; runs: StageRuns }> {
    const { stages, selection } = this.options;
    const chosen = selected(stages, selection);
    const runs = new StageRuns(this.options);
    const missing: string[] = [];
    for (const { stage, neededBy } of neededOutside(stages, chosen)) {
      const deployed = await runs.deployed(stage);
      if (deployed && Object.keys(deployed.outputs).length > 0) runs.give(stage.name, deployed.outputs);
      else missing.push(`${neededBy.join(", ")} ${neededBy.length > 1 ? "need" : "needs"} ${stage.name}`);
    }
    if (missing.length === 0) {
      await runs.lookAhead(chosen);
      return { chosen, runs };
    }
    throw new UserError(
      ExitCode.usage,
      `what was chosen needs stages that are not deployed:\n${missing.map((line) => `  ${line}`).join("\n")}`,
      "Choose these too, or deploy them first.",
    );
  }

  /**
   * Previews what holds data before anything is touched; a graph without any is not previewed.
   * @returns the runs that go on from what is known then; or, if a stage breaks a rule, the report of an update that touched nothing
   */
  private async guarded(chosen: readonly Stage[], runs: StageRuns): Promise<StageRuns | StageReport[]> {
    const deployed = await Promise.all(chosen.map((stage) => runs.deployed(stage)));
    if (!deployed.some(holdsData)) return runs;
    const quiet = new StageRuns({ ...this.options, onProgress: this.tellingOnce() });
    const ahead = runs.followedBy(quiet);
    const reports = await this.previewed(chosen, ahead, undefined, true);
    const refused = reports.flatMap(({ dangers = [] }) => dangers.filter(({ allowed }) => !allowed));
    if (refused.length > 0) throw dangerRefusal(refused);
    if (reports.some(({ violations }) => violations)) return this.untouched(chosen, reports);
    return ahead.followedBy(new StageRuns(this.options));
  }

  /** What broke rules as the preview says it, and all else left alone. */
  private untouched(chosen: readonly Stage[], reports: readonly StageReport[]): StageReport[] {
    const broken = reports.filter(({ violations }) => violations);
    const names = broken.map(({ stage }) => stage).join(", ");
    const reason = `nothing was touched: ${names} breaks rules`;
    const stages = chosen.map(
      (stage): StageReport =>
        broken.find((report) => report.stage === stage.name) ?? {
          ...nothing(stage),
          status: "skipped",
          reason,
        },
    );
    for (const report of stages) this.options.onProgress?.({ kind: "stage-ended", report });
    return stages;
  }

  /** Nothing of a silent preview, but that there is one. */
  private tellingOnce(): DriverOptions["onProgress"] {
    let told = false;
    return ({ kind }) => {
      if (told || kind !== "engine") return;
      told = true;
      const message = "previewing first: what is deployed holds data";
      this.options.onProgress?.({ kind: "notice", message });
    };
  }

  /** @throws UserError (usage) if a stage that is deployed and not chosen needs one that is chosen */
  private async refuseOrphans(chosen: readonly Stage[], runs: StageRuns): Promise<void> {
    const needing = needingInside(this.options.stages, chosen);
    const deployed = await Promise.all(needing.map((stage) => runs.deployed(stage)));
    const left = needing.filter((_, at) => deployed[at]);
    if (left.length === 0) return;
    throw new UserError(
      ExitCode.usage,
      `what was chosen is needed by stages that are deployed: ${left.map(({ name }) => name).join(", ")}`,
      "Choose these too: --from chooses a stage with all that depend on it.",
    );
  }

  private previewed(chosen: readonly Stage[], runs: StageRuns, plans?: StagePlans, silent = false) {
    return this.walked(chosen, "preview", (stage) => runs.preview(stage, plans), true, silent);
  }

  private walked(
    chosen: readonly Stage[],
    action: string,
    run: (stage: Stage) => Promise<StageReport>,
    keepGoing = false,
    silent = false,
  ): Promise<StageReport[]> {
    return walk(
      chosen,
      this.work((stage: Stage) => stage, action, run, silent),
      this.walking(keepGoing),
    );
  }

  private walking(keepGoing = false) {
    const { parallel = DEFAULT_PARALLEL, signal } = this.options;
    return { parallel, keepGoing, signal };
  }

  private work<T>(
    stageOf: (node: T) => Stage,
    action: string,
    run: (stage: Stage) => Promise<StageReport>,
    silent = false,
  ) {
    const tell = silent ? undefined : this.options.onProgress;
    return {
      run: async (node: T): Promise<StageReport> => {
        const stage = stageOf(node);
        try {
          tell?.({ kind: "stage-begun", stage: stage.name, account: stage.account });
          return await run(stage);
        } catch (error) {
          const broken = error instanceof PolicyBroken ? { violations: error.violations } : {};
          const failure = stageFailure(error, stage, action);
          return { ...nothing(stage), ...broken, status: "failed", error: failure };
        }
      },
      // A preview that breaks rules says all the same what the stage would give.
      failed: ({ status, outputs, violations }: StageReport) =>
        status === "failed" && !(action === "preview" && violations && Object.keys(outputs).length > 0),
      skip: (node: T, reason: string): StageReport => ({
        ...nothing(stageOf(node)),
        status: "skipped",
        reason,
      }),
      ended: (report: StageReport) => tell?.({ kind: "stage-ended", report }),
    };
  }
}

/** A stage in the graph of destruction. */
interface Turned extends GraphNode {
  readonly stage: Stage;
}

function done({ status }: StageReport): boolean {
  return status !== "failed" && status !== "skipped";
}

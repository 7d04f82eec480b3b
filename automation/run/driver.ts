/**
 * The driver: runs actions over the graph of stages, each stage after its needs and wired to their outputs; a destruction
 * goes in reverse. Engine and accounts are behind `StackPort`, `Recovery` and `StaleIdentities`.
 */
import type { Stage } from "../../components/stages";
import { inOrder } from "../graph/order";
import { plainValues } from "../graph/wiring";
import type { DriftReport } from "../model/drift";
import type { DriverOptions } from "../model/driverOptions";
import type { GraphReport, StageReport } from "../model/reports";
import { chosenForDestruction, chosenWithNeeds } from "./chosen";
import { driftOf } from "./drift";
import { GraphRun } from "./graphRun";
import { guardGraph } from "./guardGraph";
import type { StagePlans } from "./planFile";
import { protectedResources, protectionRefusal, unprotect } from "./protection";
import { isDone } from "./stageReports";
import { walkBack, walkStages } from "./walkStages";

export class Driver {
  constructor(private readonly options: DriverOptions) {}

  /**
   * Previews every stage against the outputs its needs will have; unknowns stay unknown. Changes nothing. Continues after failures.
   * @throws UserError (usage) for a selection whose needs are not deployed
   */
  async preview(plans?: StagePlans): Promise<GraphReport> {
    const { chosen, run } = await chosenWithNeeds(this.options);
    const stages = await walkStages("preview", chosen, run, { plans });
    const losses = stages.flatMap(({ dangers = [] }) => dangers);
    return { action: "preview", stages, ok: stages.every(isDone) && losses.every(({ allowed }) => allowed) };
  }

  /**
   * Deploys every stage, each wired to the outputs of its needs. Stages that depend on a failed one are skipped.
   * @throws UserError (dataLoss) before anything is touched, for a data loss that is not allowed; UserError (usage)
   */
  async up(plans?: StagePlans): Promise<GraphReport> {
    const { chosen, run } = await chosenWithNeeds(this.options);
    // A plan is a preview already, and the engine refuses anything beyond it.
    const next = plans ? run : await guardGraph(chosen, run);
    if (!(next instanceof GraphRun)) return { action: "up", stages: next, ok: false };
    const stages = await walkStages("up", chosen, next, { plans });
    return { action: "up", stages, ok: stages.every(isDone) };
  }

  /**
   * Destroys in reverse. Refuses protected resources before anything is touched.
   * @param unprotected the same graph without protection: each stage with protected resources is first updated from it
   * @throws UserError (protectedData) naming every protected resource; UserError (usage) if stages outside the choice need
   *   chosen ones
   */
  async destroy(unprotected?: Pick<DriverOptions, "stages" | "stacks">): Promise<GraphReport> {
    const run = new GraphRun(this.options);
    const order = await chosenForDestruction(this.options, run);
    const held = await protectedResources(order, (stage) => run.deployed(stage));
    if (held.length === 0) return destroyed(await walkBack("destroy", order, run));
    if (!unprotected) throw protectionRefusal(held);
    await unprotect({ ...this.options, ...unprotected }, new Set(held.map(({ stage }) => stage.name)));
    return destroyed(await walkBack("destroy", order, new GraphRun(this.options)));
  }

  /** Like `destroy`, but keeps data: whole stores, and the bucket of each consumer. */
  async destroyKeeping(): Promise<GraphReport> {
    return destroyed(await walkBack("destroyKeeping", await this.doomed(), new GraphRun(this.options)));
  }

  /** The stages to destroy, in order. @throws UserError (usage) like `destroy` */
  doomed(): Promise<readonly Stage[]> {
    return chosenForDestruction(this.options, new GraphRun(this.options));
  }

  /** The drift of every stage. Changes nothing. */
  drift(): Promise<DriftReport> {
    return driftOf(this.options);
  }

  /** The outputs of every deployed stage, decoded by its contract. */
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
}

function destroyed(stages: readonly StageReport[]): GraphReport {
  return { action: "destroy", stages, ok: stages.every(isDone) };
}

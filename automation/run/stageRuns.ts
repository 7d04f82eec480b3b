/** One stage at a time, within one run over the graph: wired to what its needs gave, and run only if it has to be. */
import type { Stage } from "../../components/stages";
import { causesOf, contractChanges } from "../graph/contractChanges";
import { dangerRefusal, dangersIn } from "./dangers";
import { holdsData } from "../model/data";
import type { SchemaChange } from "../model/schemaChange";
import { hashOf } from "../environment/hashes";
import type { StageWires, WireValues } from "../model/wires";
import type { DriverOptions } from "../model/driverOptions";
import type { Violation } from "../../policy-pack/rules";
import { PolicyBroken, StageFailed } from "../model/errors";
import { refuseLoss } from "../evolution/compare";
import { keptDescriptions, schemaChanges } from "../evolution/stages";
import type { StagePlans } from "./planFile";
import type { ContractChange, StageReport } from "../model/reports";
import type { DeployedStack, StageOutcome, StageProgress, StageRun } from "../model/stackPort";
import { differences } from "./stageMemory";
import { holdsUnknown, plainValues, previewedOver } from "../graph/wiring";

/** How many stages' accounts are asked at once. */
const AT_ONCE = 8;

export class StageRuns {
  /** By stage: what it gives, or would give. */
  private readonly given = new Map<string, WireValues>();
  /** Of these, the stages that are not part of the run. */
  private readonly outside = new Map<string, WireValues>();
  private readonly contracts = new Map<string, readonly ContractChange[]>();
  private readonly deployedStacks = new Map<string, Promise<DeployedStack | undefined>>();
  private readonly stale = new Map<string, Promise<string | undefined>>();
  /** By stage: hash of the inputs with which a preview found no loss of data that is not allowed. */
  private readonly cleared = new Map<string, string>();

  constructor(private readonly options: DriverOptions) {}

  /** What is to be known of a stage that is not part of the run: its deployed outputs. */
  give(stage: string, outputs: WireValues): void {
    this.outside.set(stage, outputs);
    this.given.set(stage, outputs);
  }

  /** The stage's stack as it stood when it was first asked for, or as this run left it. */
  deployed(stage: Stage): Promise<DeployedStack | undefined> {
    const known = this.deployedStacks.get(stage.name);
    if (known) return known;
    const read = this.options.stacks.deployed(stage);
    this.deployedStacks.set(stage.name, read);
    return read;
  }

  /** Asks of all these stages at once what each would ask for by itself; who needs an answer that failed, hears of it. */
  async lookAhead(stages: readonly Stage[]): Promise<void> {
    const ask = async (stage: Stage) => {
      const deployed = await this.deployed(stage);
      if (deployed) await this.staleness(stage, deployed);
    };
    for (let from = 0; from < stages.length; from += AT_ONCE)
      await Promise.allSettled(stages.slice(from, from + AT_ONCE).map(ask));
  }

  /** Hands what is known of the deployed stages on to other runs of them, such as the update after a preview. */
  followedBy(next: StageRuns): StageRuns {
    for (const [stage, outputs] of this.outside) next.give(stage, outputs);
    for (const [stage, read] of this.deployedStacks) next.deployedStacks.set(stage, read);
    for (const [key, reason] of this.stale) next.stale.set(key, reason);
    for (const [stage, inputs] of this.cleared) next.cleared.set(stage, inputs);
    return next;
  }

  /** True if the stage is as its last run left it, wired as it is now: the engine would find nothing to do. */
  async isUnchanged(stage: Stage): Promise<boolean> {
    const { memory, refresh } = this.options;
    const deployed = await this.deployed(stage);
    if (!memory || refresh || !deployed || deployed.pending.length > 0) return false;
    const [now, last] = await Promise.all([
      memory.basis(stage, this.inputs(stage), deployed),
      memory.last(stage),
    ]);
    if (!now || !last || differences(now, last).length > 0) return false;
    return (await this.staleness(stage, deployed)) === undefined;
  }

  async preview(stage: Stage, plans?: StagePlans): Promise<StageReport> {
    if (await this.isUnchanged(stage)) return this.kept(stage);
    const deployed = await this.deployed(stage);
    const evolutions = this.evolutions(stage, deployed);
    const run = await this.run(stage, deployed);
    const outcome = await this.options.stacks.preview({ ...run, plan: plans?.path(stage, run.inputs) });
    this.given.set(stage.name, previewedOver(deployed?.outputs, outcome.outputs));
    const report = evolved(this.report(stage, deployed, outcome, "preview"), evolutions);
    if (report.dangers?.every(({ allowed }) => allowed)) this.cleared.set(stage.name, hashOf(run.inputs));
    return { ...report, outputs: previewedOver(deployed?.outputs, outcome.outputs) };
  }

  async up(stage: Stage, plans?: StagePlans): Promise<StageReport> {
    await this.recover(stage);
    if (await this.isUnchanged(stage)) return this.kept(stage);
    const evolutions = await this.evolve(stage);
    const deployed = await this.deployed(stage);
    const run = await this.run(stage, deployed);
    const plan = plans?.path(stage, run.inputs);
    if (plan === undefined) await this.guard(run, deployed);
    await this.options.memory?.forget(stage);
    this.deployedStacks.delete(stage.name);
    const outcome = await this.options.stacks
      .up({ ...run, plan })
      .catch((error: unknown) => this.takeOver(stage, error));
    this.given.set(stage.name, outcome.outputs);
    if (!outcome.violations) await this.remember(run);
    return evolved(this.report(stage, deployed, outcome, "update"), evolutions);
  }

  /** What is to be changed of the stage's feature groups. @throws UserError (schema) for what cannot be done in place */
  private evolutions(stage: Stage, deployed: DeployedStack | undefined): readonly SchemaChange[] {
    const changes = schemaChanges(stage, deployed, this.options.allowReplace);
    refuseLoss(changes, this.options.env ?? "dev");
    for (const message of keptDescriptions(stage, deployed)) this.notice(stage, message);
    return changes;
  }

  /** Changes groups where AWS can, before the engine looks: to it the groups are as the settings say, then. */
  private async evolve(stage: Stage): Promise<readonly SchemaChange[]> {
    const deployed = await this.deployed(stage);
    const changes = this.evolutions(stage, deployed);
    if (!deployed || changes.length === 0 || !this.options.evolution) return changes;
    await this.options.memory?.forget(stage);
    const urns = await this.options.evolution(stage, deployed, changes);
    await this.options.stacks.reread(stage, urns);
    this.deployedStacks.delete(stage.name);
    return changes;
  }

  /** Brings the stage up as it is given here, unasked and unguarded: the lifting of its protection. */
  async lift(stage: Stage): Promise<void> {
    await this.options.memory?.forget(stage);
    const { outputs } = await this.options.stacks.up(await this.run(stage, undefined));
    this.given.set(stage.name, outputs);
  }

  async destroy(stage: Stage): Promise<StageReport> {
    if (!(await this.deployed(stage))) return { ...nothing(stage), status: "absent" };
    await this.recover(stage);
    const deployed = await this.deployed(stage);
    await this.options.memory?.forget(stage);
    const outcome = await this.options.stacks.destroy({ stage, ...this.watching() });
    const {
      contractChanges: _,
      causes: __,
      dangers: ___,
      ...report
    } = this.report(stage, deployed, outcome, "destroy");
    return report;
  }

  /** A consumer's side goes but for its data; a store is kept whole: its groups need their role, their key and their bucket. */
  async destroyKeeping(stage: Stage): Promise<StageReport> {
    const deployed = await this.deployed(stage);
    if (!deployed) return { ...nothing(stage), status: "absent" };
    if (stage.consumer === undefined) {
      const unchanged = deployed.size ?? deployed.resources.length;
      return { ...nothing(stage), status: "unchanged", unchanged };
    }
    if (!holdsData(deployed)) return this.destroy(stage);
    await this.recover(stage);
    await this.options.memory?.forget(stage);
    const outcome = await this.options.stacks.destroyKeeping({ stage, ...this.watching() });
    const status = outcome.changes.length > 0 ? "changed" : "unchanged";
    const kept = await this.options.stacks.deployed(stage);
    return { ...nothing(stage), status, changes: outcome.changes, unchanged: kept?.size ?? 0 };
  }

  /** The stage's inputs; known values are decoded first, so that a wrong one is named here. @throws ContractError */
  inputs(stage: Stage): StageWires {
    const inputs: Record<string, WireValues> = {};
    for (const need of stage.needs) {
      const values = this.given.get(need);
      if (!values) continue;
      if (!holdsUnknown(Object.values(values).map(({ value }) => value)))
        this.options.stages.find(({ name }) => name === need)?.decode(plainValues(values));
      inputs[need] = values;
    }
    return inputs;
  }

  private async run(stage: Stage, deployed: DeployedStack | undefined): Promise<StageRun> {
    const reason = deployed && (await this.staleness(stage, deployed));
    if (reason !== undefined) this.notice(stage, `reading its resources anew: ${reason}`);
    const refresh = reason !== undefined || (this.options.refresh ?? false);
    return { stage, inputs: this.inputs(stage), refresh, ...this.watching() };
  }

  private watching() {
    const onProgress = (progress: StageProgress) => this.options.onProgress?.({ kind: "engine", progress });
    return { onProgress, signal: this.options.signal, cancel: this.options.cancel };
  }

  /** Asked once for each stage: the state that it is asked of is the one that the run began with. */
  private staleness(stage: Stage, deployed: DeployedStack): Promise<string | undefined> {
    if (!this.options.staleIdentities) return Promise.resolve(undefined);
    const known = this.stale.get(stage.name);
    if (known) return known;
    const asked = this.options.staleIdentities(stage, deployed);
    this.stale.set(stage.name, asked);
    return asked;
  }

  private async recover(stage: Stage): Promise<void> {
    const deployed = await this.deployed(stage);
    if (!deployed || deployed.pending.length === 0) return;
    const found = await this.options.recovery(stage, deployed);
    const count = deployed.pending.length;
    this.notice(stage, `the last run was cut off while it made ${count} resource(s): ${takenOver(found)}`);
    await this.options.stacks.adopt(stage, found);
    this.deployedStacks.delete(stage.name);
  }

  /** A provider that is gone in the middle of creations leaves no note of them: what AWS has of them is taken over now. */
  private async takeOver(stage: Stage, error: unknown): Promise<never> {
    if (!(error instanceof StageFailed) || error.lost.length === 0) throw error;
    const deployed = await this.options.stacks.deployed(stage);
    const pending = error.lost.map(({ urn, type, inputs = {}, provider }) => ({
      ...{ urn, type, inputs },
      ...(provider === undefined ? {} : { provider }),
    }));
    const found = await this.options.recovery(stage, {
      ...(deployed ?? { outputs: {}, resources: [] }),
      pending,
    });
    if (found.length > 0) {
      this.notice(stage, `the provider ended in the middle of its work: ${takenOver(found)}`);
      await this.options.stacks.adopt(stage, found, error.lost);
    }
    throw error;
  }

  /** What was not previewed with just these inputs is previewed now, if it could take data away. @throws UserError (dataLoss) */
  private async guard(run: StageRun, deployed: DeployedStack | undefined): Promise<void> {
    if (!holdsData(deployed) || this.cleared.get(run.stage.name) === hashOf(run.inputs)) return;
    const previewed = await this.options.stacks.preview({ ...run, onProgress: undefined });
    const { changes, violations } = previewed;
    if (violations) throw new PolicyBroken(run.stage.name, "preview", violations);
    const dangers = dangersIn(run.stage.name, changes, deployed, this.options.allowReplace);
    const refused = dangers.filter(({ allowed }) => !allowed);
    if (refused.length > 0) throw dangerRefusal(refused);
  }

  private async remember({ stage, inputs }: StageRun): Promise<void> {
    const { memory } = this.options;
    if (!memory) return;
    try {
      const basis = await memory.basis(stage, inputs, await this.deployed(stage));
      if (basis) await memory.remember(stage, basis);
    } catch (error) {
      this.notice(
        stage,
        `cannot note that it is up to date, so the next run runs it again: ${(error as Error).message}`,
      );
    }
  }

  private async kept(stage: Stage): Promise<StageReport> {
    const deployed = await this.deployed(stage);
    const outputs = deployed?.outputs ?? {};
    this.given.set(stage.name, outputs);
    this.contracts.set(stage.name, []);
    const unchanged = deployed?.size ?? deployed?.resources.length ?? 0;
    return {
      ...nothing(stage),
      status: "unchanged",
      notRun: "unchanged",
      unchanged,
      outputs,
      contractChanges: [],
      causes: [],
      dangers: [],
    };
  }

  private report(
    stage: Stage,
    deployed: DeployedStack | undefined,
    { changes, unchanged, outputs, violations }: StageOutcome,
    action: string,
  ): StageReport {
    const contract = contractChanges(deployed?.outputs, outputs);
    this.contracts.set(stage.name, contract);
    return {
      ...nothing(stage),
      status: changes.length > 0 ? "changed" : "unchanged",
      changes,
      unchanged,
      outputs,
      contractChanges: contract,
      causes: causesOf(stage.needs, this.contracts),
      dangers: dangersIn(stage.name, changes, deployed, this.options.allowReplace),
      ...(violations && broken(stage, action, violations)),
    };
  }

  private notice(stage: Stage, message: string): void {
    this.options.onProgress?.({ kind: "notice", stage: stage.name, message });
  }
}

/** A stage whose feature groups are changed in place changes, though the engine has nothing to do. */
function evolved(report: StageReport, evolutions: readonly SchemaChange[]): StageReport {
  if (evolutions.length === 0) return report;
  const status = report.status === "unchanged" ? "changed" : report.status;
  return { ...report, status, evolutions };
}

/** The report of a stage of which there is nothing to say. */
export function nothing({ name, account, needs }: Stage): Omit<StageReport, "status"> {
  return { stage: name, account, needs, changes: [], unchanged: 0, outputs: {} };
}

/** Of some nobody was asked: the refresh that follows drops what is not there. */
function takenOver(found: readonly { readonly unseen?: true }[]): string {
  const unseen = found.filter((each) => each.unseen).length;
  const seen = `${found.length - unseen} found in the account and taken over`;
  return unseen === 0 ? seen : `${seen}, ${unseen} taken over if AWS has them`;
}

/** What breaks rules failed, though the engine ran it. */
function broken(stage: Stage, action: string, violations: readonly Violation[]) {
  const error = new PolicyBroken(stage.name, action, violations);
  return { status: "failed", violations, error } as const;
}

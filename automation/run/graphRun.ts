/** One run over the graph: each stage's deployed stack and outputs, as far as they are known. */
import type { Stage } from "../../components/stages";
import { hashOf } from "../environment/hashes";
import { holdsUnknown, plainValues } from "../graph/wiring";
import type { DriverOptions } from "../model/driverOptions";
import type { ContractChange } from "../model/reports";
import type { DeployedStack } from "../model/stackPort";
import type { StageWires, WireValues } from "../model/wires";

/** Number of stages to look up at once. */
const AT_ONCE = 8;

export class GraphRun {
  /** By stage: the changes of its contract in this run. */
  readonly contracts = new Map<string, readonly ContractChange[]>();
  /** By stage: its outputs, as deployed, previewed or updated. */
  private readonly given = new Map<string, WireValues>();
  /** As `given`, for the stages outside the run. */
  private readonly outside = new Map<string, WireValues>();
  private readonly stacks = new Map<string, Promise<DeployedStack | undefined>>();
  private readonly stale = new Map<string, Promise<string | undefined>>();
  /** By stage: hash of the inputs for which a preview found no data loss, or only allowed ones. */
  private readonly cleared = new Map<string, string>();

  constructor(readonly options: DriverOptions) {}

  /** Records the outputs of a stage, for the stages that need it. */
  give(stage: string, outputs: WireValues): void {
    this.given.set(stage, outputs);
  }

  /** Records the deployed outputs of a stage outside the run. */
  giveFromOutside(stage: string, outputs: WireValues): void {
    this.outside.set(stage, outputs);
    this.give(stage, outputs);
  }

  /** The stage's inputs. Decodes known values first, so that an error names the invalid one. @throws ContractError */
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

  /** The stage's stack as first read, or as this run left it. */
  deployed(stage: Stage): Promise<DeployedStack | undefined> {
    return remembered(this.stacks, stage, () => this.options.stacks.deployed(stage));
  }

  /** After a write to the stage's state: the next `deployed` reads it. */
  forgetDeployed(stage: Stage): void {
    this.stacks.delete(stage.name);
  }

  /** The reason to refresh the stage before its run. Decided once, from the state at the start of the run. */
  staleness(stage: Stage, deployed: DeployedStack): Promise<string | undefined> {
    const { staleIdentities = () => Promise.resolve(undefined) } = this.options;
    return remembered(this.stale, stage, () => staleIdentities(stage, deployed));
  }

  /** Reads all stacks and their staleness, several at once. A failure surfaces when the stage itself awaits the answer. */
  async lookAhead(stages: readonly Stage[]): Promise<void> {
    const ask = async (stage: Stage) => {
      const deployed = await this.deployed(stage);
      if (deployed) await this.staleness(stage, deployed);
    };
    for (let from = 0; from < stages.length; from += AT_ONCE)
      await Promise.allSettled(stages.slice(from, from + AT_ONCE).map(ask));
  }

  /** Records that a preview with these inputs found no data loss, or only allowed ones. */
  clear(stage: Stage, inputs: StageWires): void {
    this.cleared.set(stage.name, hashOf(inputs));
  }

  isCleared(stage: Stage, inputs: StageWires): boolean {
    return this.cleared.get(stage.name) === hashOf(inputs);
  }

  /** A run with these options that starts with this run's knowledge of the deployed stacks: the update after a preview. */
  followedBy(options: DriverOptions): GraphRun {
    const next = new GraphRun(options);
    for (const [stage, outputs] of this.outside) next.giveFromOutside(stage, outputs);
    for (const [stage, deployed] of this.stacks) next.stacks.set(stage, deployed);
    for (const [stage, reason] of this.stale) next.stale.set(stage, reason);
    for (const [stage, inputs] of this.cleared) next.cleared.set(stage, inputs);
    return next;
  }
}

function remembered<T>(answers: Map<string, Promise<T>>, { name }: Stage, ask: () => Promise<T>): Promise<T> {
  const known = answers.get(name);
  if (known) return known;
  const answer = ask();
  answers.set(name, answer);
  return answer;
}

/** StackPort over the real engine: each stage is an inline program in a stack of its own. */
import type {
  Deployment,
  EngineEvent,
  OutputMap,
  PulumiCommand,
  PulumiFn,
  Stack,
} from "@pulumi/pulumi/automation";
import { Accounts } from "../../components/accounts";
import type { Stage } from "../../components/stages";
import { stackName, type Environment } from "../environment/project";
import { viewOf } from "../environment/stageView";
import { asInputs, fromStackOutputs } from "../graph/wiring";
import type { ResourceDrift } from "../model/drift";
import type { BegunCreation, DeployedStack, StackPort, StageOutcome, StageRun } from "../model/stackPort";
import { readDeployed, withAdopted, withKeptData, withoutProtection, withPending } from "./deployedState";
import { DriftLog } from "./driftLog";
import { engineSignal } from "./engineSignal";
import { releasingDeadLocks } from "./locks";
import { observed, type Watch } from "./observed";
import { PolicyCheck } from "./policyCheck";
import { backendUrl, hashOfText, readStateFile, stateFolder } from "./stateFiles";
import type { StackOpener } from "./workspace";

export interface EngineStacksOptions {
  readonly environment: Environment;
  /** Finds the engine, when it is first needed. */
  readonly command: () => Promise<PulumiCommand>;
  /** Receives notices of what the driver does by itself: waiting for a lock, releasing a dead one, repairing a state. */
  readonly notice?: (line: string) => void;
}

const NOTHING: StageOutcome = { outputs: {}, changes: [], unchanged: 0 };

export class EngineStacks implements StackPort {
  /** Stages whose state was repaired, to be refreshed first. */
  private readonly repaired = new Set<string>();

  constructor(private readonly options: EngineStacksOptions) {}

  async deployed(stage: Stage): Promise<DeployedStack | undefined> {
    const state = await this.state(stage);
    return state && readDeployed(state.deployment, state.version);
  }

  /** The stage's whole state, with a version that changes with every write; undefined if the stage was never deployed. */
  async state(stage: Pick<Stage, "name">): Promise<{ deployment: Deployment; version?: string } | undefined> {
    const { name, project } = this.options.environment;
    const folder = stateFolder(backendUrl(project));
    if (folder !== undefined) {
      const read = await readStateFile(folder, project.name, stackName(name, stage.name));
      if (read !== "ask") return read;
    }
    return this.open(stage, async (stacks) => {
      const exported = await stacks.exported();
      return exported && { deployment: exported, version: hashOfText(JSON.stringify(exported)) };
    });
  }

  preview(run: StageRun): Promise<StageOutcome> {
    return this.open(run.stage, async (stacks) => {
      const stack = (await stacks.select()) ?? (await stacks.scratch());
      const { program, check } = this.program(run, false);
      const work = (onEvent: (event: EngineEvent) => void) =>
        stack.preview({ ...this.planned(run), program, onEvent, signal: engineSignal(run), color: "never" });
      return observed(run, "preview", work, check);
    });
  }

  up(run: StageRun): Promise<StageOutcome> {
    return this.open(run.stage, async (stacks) => {
      const stack = await stacks.ensure();
      const readOutputs = withoutQueriesAfterUpdate(stack);
      const { program, check } = this.program(run, true);
      const work = (options: EngineOptions) => stack.up({ ...options, ...this.planned(run), program });
      const outcome = await this.changed(stack, run, "update", work, check);
      // The events have all outputs, but hide secrets.
      const hidden = Object.values(outcome.outputs).some(({ secret }) => secret);
      return hidden ? { ...outcome, outputs: fromStackOutputs(await readOutputs()) } : outcome;
    });
  }

  destroy(run: Omit<StageRun, "inputs">): Promise<StageOutcome> {
    return this.selected(run.stage, NOTHING, async (stack) => {
      const outcome = await this.changed(stack, run, "destroy", (options) => stack.destroy(options));
      await stack.workspace.removeStack(stack.name);
      return outcome;
    });
  }

  destroyKeeping(run: Omit<StageRun, "inputs">): Promise<StageOutcome> {
    return this.selected(run.stage, NOTHING, async (stack) => {
      await this.locked(stack, async () => stack.importStack(withKeptData(await stack.exportStack())));
      const work = (options: EngineOptions) => stack.destroy({ ...options, excludeProtected: true });
      return this.changed(stack, run, "destroy", work);
    });
  }

  drift(run: Omit<StageRun, "inputs">): Promise<readonly ResourceDrift[]> {
    return this.selected(run.stage, [], async (stack) => {
      const log = new DriftLog();
      await observed(run, "reading drift", (onEvent) => {
        const both = (event: EngineEvent) => {
          log.add(event);
          onEvent(event);
        };
        return stack.previewRefresh({ onEvent: both, signal: engineSignal(run), color: "never" });
      });
      return log.resources;
    });
  }

  /**
   * `pulumi refresh --import-pending-creates` only marks such operations: no later run adopts them (CLI 3.259). So this edits the
   * state with `pulumi stack export` and `import`, and then refreshes it.
   */
  adopt(
    stage: Stage,
    found: readonly { urn: string; id: string }[],
    lost: readonly BegunCreation[] = [],
  ): Promise<void> {
    return this.open(stage, async (stacks) => {
      const stack = await stacks.ensure();
      withoutQueriesAfterUpdate(stack);
      await observed({ stage }, "recovery", () =>
        this.locked(stack, async () =>
          stack.importStack(withAdopted(withPending(await stack.exportStack(), lost), found)),
        ),
      );
      const target = found.map(({ urn }) => urn);
      const work = (options: EngineOptions) => stack.refresh({ ...options, target });
      if (target.length > 0) await this.changed(stack, { stage }, "recovery", work);
    });
  }

  reread(stage: Stage, urns: readonly string[]): Promise<void> {
    return this.open(stage, async (stacks) => {
      const stack = await stacks.ensure();
      withoutQueriesAfterUpdate(stack);
      const work = (options: EngineOptions) => stack.refresh({ ...options, target: [...urns] });
      await this.changed(stack, { stage }, "refresh", work);
    });
  }

  release(stage: Stage): Promise<void> {
    return this.selected(stage, undefined, (stack) =>
      this.locked(stack, async () => stack.importStack(withoutProtection(await stack.exportStack()))),
    );
  }

  /**
   * The stage's program for the engine, checked by the rules. It makes its inputs inside, in its own runtime.
   * @param refuse true: a resource that breaks a rule is not created
   */
  private program(run: StageRun, refuse: boolean): { program: PulumiFn; check: PolicyCheck } {
    const whole = this.options.environment.settings;
    const { settings, stage } = viewOf(whole, run.stage);
    const check = new PolicyCheck({ settings: whole, account: stage.account, refuse });
    const program = () => {
      const inputs = Object.fromEntries(
        Object.entries(run.inputs).map(([name, values]) => [name, asInputs(values, Object.keys(values))]),
      );
      return Promise.resolve(stage.program({ settings, accounts: new Accounts(settings) }, inputs));
    };
    return { program: check.over(program), check };
  }

  private planned({ stage, plan, refresh }: StageRun) {
    return { plan, refresh: refresh || this.repaired.has(stage.name) };
  }

  /** Runs an operation of the engine that writes the state. */
  private changed(
    stack: Stack,
    watch: Watch,
    action: string,
    work: (options: EngineOptions) => Promise<unknown>,
    check?: PolicyCheck,
  ): Promise<StageOutcome> {
    const operate = (onEvent: (event: EngineEvent) => void) => {
      const options = { onEvent, color: "never", suppressProgress: true } as const;
      return this.locked(stack, () => work({ ...options, signal: engineSignal(watch) }), watch.signal);
    };
    return observed(watch, action, operate, check);
  }

  private locked<T>(stack: Stack, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { notice } = this.options;
    return releasingDeadLocks(work, () => stack.cancel(), { notice, signal });
  }

  /** Calls `work` with the stage's stack; returns `absent` if there is none. */
  private selected<T>(stage: Stage, absent: T, work: (stack: Stack) => Promise<T>): Promise<T> {
    return this.open(stage, async (stacks) => {
      const stack = await stacks.select();
      return stack ? work(stack) : absent;
    });
  }

  private async open<T>(stage: Pick<Stage, "name">, work: (stacks: StackOpener) => Promise<T>): Promise<T> {
    const { inWorkspace } = await import("./workspace.js");
    const { environment, command, notice } = this.options;
    const repaired = (line: string) => {
      this.repaired.add(stage.name);
      notice?.(`${stage.name}: ${line}`);
    };
    return inWorkspace(environment, await command(), stage.name, work, repaired);
  }
}

interface EngineOptions {
  readonly onEvent: (event: EngineEvent) => void;
  readonly signal: AbortSignal;
  readonly color: "never";
  readonly suppressProgress: true;
}

/**
 * Keeps the Automation API from reading outputs and history after an update: three runs of the CLI, which take as long as
 * an update without changes. @returns a function that reads the outputs
 */
function withoutQueriesAfterUpdate(stack: Stack): () => Promise<OutputMap> {
  const readOutputs = stack.outputs.bind(stack);
  stack.outputs = () => Promise.resolve({});
  stack.info = () => Promise.resolve(undefined);
  return readOutputs;
}

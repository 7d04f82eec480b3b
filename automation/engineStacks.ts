/** StackPort over the real engine: each stage is an inline program in a stack of its own. */
import {
  type EngineEvent,
  type PulumiCommand,
  type PulumiFn,
  type OutputMap,
  type Stack,
} from "@pulumi/pulumi/automation";
import { Accounts } from "../components/accounts";
import type { Stage } from "../components/stages";
import { readDeployed, withAdopted } from "./deployedState";
import { commandMessage, explain, isEngineFailure } from "./engineFaults";
import { StageFailed } from "./errors";
import { EventLog, changeOf } from "./events";
import { releasingDeadLocks } from "./locks";
import type { Environment } from "./project";
import type { DeployedStack, StackPort, StageOutcome, StageRun } from "./stackPort";
import { asInputs, fromStackOutputs } from "./wiring";
import { inWorkspace, type StackOpener } from "./workspace";

export interface EngineStacksOptions {
  readonly environment: Environment;
  readonly command: PulumiCommand;
  /** Told what the driver does by itself: waiting for a lock, releasing a dead one. */
  readonly notice?: (line: string) => void;
}

type Watch = Pick<StageRun, "stage" | "onProgress">;

export class EngineStacks implements StackPort {
  constructor(private readonly options: EngineStacksOptions) {}

  deployed(stage: Stage): Promise<DeployedStack | undefined> {
    return this.open(stage, async (stacks) => {
      const exported = await stacks.exported();
      return exported && readDeployed(exported);
    });
  }

  preview(run: StageRun): Promise<StageOutcome> {
    return this.open(run.stage, async (stacks) => {
      const stack = (await stacks.select()) ?? (await stacks.scratch());
      return this.observed(run, "preview", async (onEvent) => {
        const { signal, refresh } = run;
        await stack.preview({ program: this.program(run), onEvent, signal, refresh, color: "never" });
      });
    });
  }

  up(run: StageRun): Promise<StageOutcome> {
    return this.open(run.stage, async (stacks) => {
      const stack = await stacks.ensure();
      const readOutputs = withoutAfterthoughts(stack);
      const outcome = await this.observed(run, "update", async (onEvent) => {
        const { signal, refresh } = run;
        const options = { onEvent, signal, refresh, color: "never", suppressProgress: true } as const;
        await this.locked(stack, () => stack.up({ ...options, program: this.program(run) }));
      });
      // The events tell all outputs but secrets, which they hide.
      const hidden = Object.values(outcome.outputs).some(({ secret }) => secret);
      return hidden ? { ...outcome, outputs: fromStackOutputs(await readOutputs()) } : outcome;
    });
  }

  destroy(run: Omit<StageRun, "inputs">): Promise<StageOutcome> {
    return this.open(run.stage, async (stacks) => {
      const stack = await stacks.select();
      if (!stack) return { outputs: {}, changes: [], unchanged: 0 };
      const outcome = await this.observed(run, "destroy", async (onEvent) => {
        const options = { onEvent, signal: run.signal, color: "never", suppressProgress: true } as const;
        await this.locked(stack, () => stack.destroy(options));
      });
      await stack.workspace.removeStack(stack.name);
      return outcome;
    });
  }

  /**
   * `pulumi refresh --import-pending-creates` marks such operations only: no later run takes them in (CLI 3.259). So the
   * state is edited as `pulumi stack export` and `import` are made for, and what AWS has is read into it.
   */
  adopt(stage: Stage, found: readonly { urn: string; id: string }[]): Promise<void> {
    return this.open(stage, async (stacks) => {
      const stack = await stacks.ensure();
      withoutAfterthoughts(stack);
      await this.observed({ stage }, "recovery", async (onEvent) => {
        await this.locked(stack, async () =>
          stack.importStack(withAdopted(await stack.exportStack(), found)),
        );
        const target = found.map(({ urn }) => urn);
        if (target.length === 0) return;
        const options = { target, onEvent, color: "never", suppressProgress: true } as const;
        await this.locked(stack, () => stack.refresh(options));
      });
    });
  }

  /** The stage's program in the form that the engine runs; its inputs are made inside it, in its own runtime. */
  private program(run: StageRun): PulumiFn {
    const { settings } = this.options.environment;
    return () => {
      const inputs = Object.fromEntries(
        Object.entries(run.inputs).map(([name, values]) => [name, asInputs(values, Object.keys(values))]),
      );
      return Promise.resolve(run.stage.program({ settings, accounts: new Accounts(settings) }, inputs));
    };
  }

  /** Runs the engine and reads its events; a failure becomes a StageFailed with the engine's own diagnostics. */
  private async observed(
    watch: Watch,
    action: string,
    work: (onEvent: (event: EngineEvent) => void) => Promise<void>,
  ): Promise<StageOutcome> {
    const log = new EventLog();
    const stage = watch.stage.name;
    try {
      await work((event) => {
        log.add(event);
        const change = changeOf(event);
        if (change) watch.onProgress?.({ stage, kind: "resource", change, done: !event.resourcePreEvent });
      });
    } catch (error) {
      if (!isEngineFailure(error)) throw error;
      const diagnostics = log.errors.length > 0 ? log.errors : [commandMessage(error)];
      const { exitCode, advice } = explain(diagnostics);
      throw new StageFailed(stage, action, diagnostics, exitCode, advice);
    }
    return { outputs: log.outputs, changes: log.changes, unchanged: log.unchanged };
  }

  private locked<T>(stack: Stack, work: () => Promise<T>): Promise<T> {
    return releasingDeadLocks(work, () => stack.cancel(), this.options.notice);
  }

  private open<T>(stage: Stage, work: (stacks: StackOpener) => Promise<T>): Promise<T> {
    return inWorkspace(this.options.environment, this.options.command, stage.name, work);
  }
}

/**
 * Keeps the Automation API from asking for outputs and history after an update: three runs of the CLI, which take as long
 * as an update without changes does. @returns the question for the outputs, for where it is needed.
 */
function withoutAfterthoughts(stack: Stack): () => Promise<OutputMap> {
  const readOutputs = stack.outputs.bind(stack);
  stack.outputs = () => Promise.resolve({});
  stack.info = () => Promise.resolve(undefined);
  return readOutputs;
}

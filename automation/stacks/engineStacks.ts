/** StackPort over the real engine: each stage is an inline program in a stack of its own. */
import type {
  Deployment,
  EngineEvent,
  PulumiCommand,
  PulumiFn,
  OutputMap,
  Stack,
} from "@pulumi/pulumi/automation";
import { Accounts } from "../../components/accounts";
import type { Stage } from "../../components/stages";
import { readDeployed, withAdopted, withKeptData, withoutProtection, withPending } from "./deployedState";
import { commandMessage, explain, isEngineFailure, readable } from "./engineFailures";
import { PolicyBroken, StageFailed } from "../model/errors";
import { EventLog, changeOf } from "./events";
import { DriftLog } from "./driftLog";
import type { ResourceDrift } from "../model/drift";
import { releasingDeadLocks } from "./locks";
import { engineSignal } from "./engineSignal";
import { PolicyCheck } from "./policyCheck";
import { stackName, type Environment } from "../environment/project";
import { backendUrl, hashOfText, readStateFile, stateFolder } from "./stateFiles";
import { viewOf } from "../environment/stageView";
import type { DeployedStack, StackPort, StageOutcome, StageRun, BegunCreation } from "../model/stackPort";
import { asInputs, fromStackOutputs } from "../graph/wiring";
import type { StackOpener } from "./workspace";

export interface EngineStacksOptions {
  readonly environment: Environment;
  /** The engine: asked for when it is first needed. */
  readonly command: () => Promise<PulumiCommand>;
  /** Told what the driver does by itself: waiting for a lock, releasing a dead one. */
  readonly notice?: (line: string) => void;
}

/** The engine's words for a provider that ended in the middle of a step. */
const PROVIDER_GONE =
  /code = Unavailable|error reading from server|transport (is closing|: )|connection (refused|reset)|plugin .*(exited|crashed)/i;

type Watch = Pick<StageRun, "stage" | "onProgress">;

export class EngineStacks implements StackPort {
  /** Stages whose state was mended: AWS is asked what there is of them. */
  private readonly mended = new Set<string>();

  constructor(private readonly options: EngineStacksOptions) {}

  async deployed(stage: Stage): Promise<DeployedStack | undefined> {
    const state = await this.state(stage);
    return state && readDeployed(state.deployment, state.version);
  }

  /** The stage's whole state, and what tells it from all others; undefined if the stage was never deployed. */
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
      const work = async (onEvent: (event: EngineEvent) => void) => {
        const { plan } = run;
        const refresh = run.refresh || this.mended.has(run.stage.name);
        const options = { onEvent, signal: engineSignal(run), refresh, plan, color: "never" } as const;
        await stack.preview({ ...options, program });
      };
      return this.observed(run, "preview", work, check);
    });
  }

  up(run: StageRun): Promise<StageOutcome> {
    return this.open(run.stage, async (stacks) => {
      const stack = await stacks.ensure();
      const readOutputs = withoutAfterthoughts(stack);
      const { program, check } = this.program(run, true);
      const work = async (onEvent: (event: EngineEvent) => void) => {
        const { plan } = run;
        const refresh = run.refresh || this.mended.has(run.stage.name);
        const options = { onEvent, refresh, plan, color: "never", suppressProgress: true } as const;
        await this.locked(
          stack,
          () => stack.up({ ...options, program, signal: engineSignal(run) }),
          run.signal,
        );
      };
      const outcome = await this.observed(run, "update", work, check);
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
        const options = { onEvent, color: "never", suppressProgress: true } as const;
        await this.locked(stack, () => stack.destroy({ ...options, signal: engineSignal(run) }), run.signal);
      });
      await stack.workspace.removeStack(stack.name);
      return outcome;
    });
  }

  async destroyKeeping(run: Omit<StageRun, "inputs">): Promise<StageOutcome> {
    return this.open(run.stage, async (stacks) => {
      const stack = await stacks.select();
      if (!stack) return { outputs: {}, changes: [], unchanged: 0 };
      await this.locked(stack, async () => stack.importStack(withKeptData(await stack.exportStack())));
      return this.observed(run, "destroy", async (onEvent) => {
        const options = { onEvent, color: "never", suppressProgress: true, excludeProtected: true } as const;
        await this.locked(stack, () => stack.destroy({ ...options, signal: engineSignal(run) }), run.signal);
      });
    });
  }

  drift(run: Omit<StageRun, "inputs">): Promise<readonly ResourceDrift[]> {
    return this.open(run.stage, async (stacks) => {
      const stack = await stacks.select();
      if (!stack) return [];
      const log = new DriftLog();
      await this.observed(run, "reading what AWS has", async (onEvent) => {
        const both = (event: EngineEvent) => {
          log.add(event);
          onEvent(event);
        };
        await stack.previewRefresh({ onEvent: both, signal: engineSignal(run), color: "never" });
      });
      return log.resources;
    });
  }

  /**
   * `pulumi refresh --import-pending-creates` marks such operations only: no later run takes them in (CLI 3.259). So the
   * state is edited as `pulumi stack export` and `import` are made for, and what AWS has is read into it.
   */
  adopt(
    stage: Stage,
    found: readonly { urn: string; id: string }[],
    lost: readonly BegunCreation[] = [],
  ): Promise<void> {
    return this.open(stage, async (stacks) => {
      const stack = await stacks.ensure();
      withoutAfterthoughts(stack);
      await this.observed({ stage }, "recovery", async (onEvent) => {
        await this.locked(stack, async () =>
          stack.importStack(withAdopted(withPending(await stack.exportStack(), lost), found)),
        );
        const target = found.map(({ urn }) => urn);
        if (target.length === 0) return;
        const options = { target, onEvent, color: "never", suppressProgress: true } as const;
        await this.locked(stack, () => stack.refresh(options));
      });
    });
  }

  reread(stage: Stage, urns: readonly string[]): Promise<void> {
    return this.open(stage, async (stacks) => {
      const stack = await stacks.ensure();
      withoutAfterthoughts(stack);
      await this.observed({ stage }, "reading what AWS has", async (onEvent) => {
        const options = { onEvent, color: "never", suppressProgress: true } as const;
        await this.locked(stack, () => stack.refresh({ ...options, target: [...urns] }));
      });
    });
  }

  release(stage: Stage): Promise<void> {
    return this.open(stage, async (stacks) => {
      const stack = await stacks.select();
      if (stack)
        await this.locked(stack, async () => stack.importStack(withoutProtection(await stack.exportStack())));
    });
  }

  /**
   * The stage's program in the form that the engine runs, under the rules; its inputs are made inside it, in its own runtime.
   * @param refuse true: what breaks a rule is not made
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

  /** Runs the engine and reads its events; a failure becomes a StageFailed with the engine's own diagnostics. */
  private async observed(
    watch: Watch,
    action: string,
    work: (onEvent: (event: EngineEvent) => void) => Promise<void>,
    check?: PolicyCheck,
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
      const violations = check?.refused() ?? [];
      // What the engine met then is what the rules refused it, or comes after that.
      if (violations.length > 0) throw new PolicyBroken(stage, action, violations);
      const diagnostics = readable(log.errors.length > 0 ? log.errors : [commandMessage(error)]);
      const { exitCode, advice } = explain(diagnostics);
      const lost = diagnostics.some((line) => PROVIDER_GONE.test(line)) ? log.unanswered : [];
      throw new StageFailed(stage, action, diagnostics, exitCode, advice, lost);
    }
    const { outputs, changes, unchanged } = log;
    const violations = check?.violations() ?? [];
    return { outputs, changes, unchanged, ...(violations.length > 0 ? { violations } : {}) };
  }

  private locked<T>(stack: Stack, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { notice } = this.options;
    return releasingDeadLocks(work, () => stack.cancel(), { notice, signal });
  }

  private async open<T>(stage: Pick<Stage, "name">, work: (stacks: StackOpener) => Promise<T>): Promise<T> {
    const { inWorkspace } = await import("./workspace.js");
    const { environment, command, notice } = this.options;
    const mended = (line: string) => {
      this.mended.add(stage.name);
      notice?.(`${stage.name}: ${line}`);
    };
    return inWorkspace(environment, await command(), stage.name, work, mended);
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

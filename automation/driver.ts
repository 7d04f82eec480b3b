/**
 * Walks the graph of stages: each after what it needs, wired to what that gives; on the way back in reverse.
 * Everything that touches an engine or an account is behind `StackPort` and `Recovery`.
 */
import type { Stage } from "../components/stages";
import { ExitCode, UserError, hasExitCode } from "./errors";
import { inOrder, inReverse } from "./graph";
import type { GraphReport, StageReport } from "./reports";
import type { DeployedStack, StackPort, StageOutcome, StageProgress } from "./stackPort";
import { holdsUnknown, previewedOver, type WireValues } from "./wiring";

/** Finds what a killed run made in the stage's account without writing it down. */
export type Recovery = (
  stage: Stage,
  deployed: DeployedStack,
) => Promise<readonly { urn: string; id: string }[]>;

/**
 * Why a stage's recorded state cannot be trusted to be what its account has, such as a policy that names a role which was
 * made again under the same name; undefined where nothing speaks against it. Reads only.
 */
export type StaleIdentities = (stage: Stage, deployed: DeployedStack) => Promise<string | undefined>;

export interface DriverOptions {
  readonly stages: readonly Stage[];
  readonly stacks: StackPort;
  readonly recovery: Recovery;
  /** Asked before each preview and update of a deployed stage: where it gives a reason, the engine reads AWS anew. */
  readonly staleIdentities?: StaleIdentities;
  readonly onProgress?: (progress: DriverProgress) => void;
  readonly signal?: AbortSignal;
}

export type DriverProgress =
  | { readonly kind: "stage-begun"; readonly stage: string; readonly account: string }
  | { readonly kind: "stage-ended"; readonly report: StageReport }
  | { readonly kind: "notice"; readonly stage?: string; readonly message: string }
  | ({ readonly kind: "engine" } & { readonly progress: StageProgress });

export type { GraphReport, StageReport } from "./reports";

type Work = (stage: Stage, deployed: DeployedStack | undefined) => Promise<StageOutcome>;

export class Driver {
  constructor(private readonly options: DriverOptions) {}

  /** Every stage against what its needs will give; unknowns stay unknown. Changes nothing. */
  async preview(): Promise<GraphReport> {
    const known = new Map<string, WireValues>();
    return this.walk("preview", inOrder(this.options.stages), async (stage, deployed) => {
      const refresh = await this.isStale(stage, deployed);
      const outcome = await this.options.stacks.preview({ ...this.run(stage, known), refresh });
      const outputs = previewedOver(deployed?.outputs, outcome.outputs);
      known.set(stage.name, outputs);
      return { ...outcome, outputs };
    });
  }

  /** Brings every stage up, each wired to what its needs gave. Stops where a stage fails; its dependents are skipped. */
  async up(): Promise<GraphReport> {
    const known = new Map<string, WireValues>();
    return this.walk("up", inOrder(this.options.stages), async (stage, deployed) => {
      await this.recover(stage, deployed);
      const refresh = await this.isStale(stage, deployed);
      const outcome = await this.options.stacks.up({ ...this.run(stage, known), refresh });
      known.set(stage.name, outcome.outputs);
      return outcome;
    });
  }

  /**
   * Destroys in reverse. Protected resources are refused before anything is touched, unless the same graph without
   * protection is given: then each stage that holds them is first brought up by its unprotected twin.
   * @throws UserError (protectedData) naming every resource that is in the way.
   */
  async destroy(unprotected?: Pick<DriverOptions, "stages" | "stacks">): Promise<GraphReport> {
    const order = inReverse(this.options.stages);
    const held = await this.protectedResources(order);
    if (held.length > 0) {
      if (!unprotected) throw refusal(held.map(({ line }) => line));
      await this.unprotect(new Set(held.map(({ stage }) => stage.name)), unprotected);
    }
    return this.walk("destroy", order, async (stage, deployed) => {
      await this.recover(stage, deployed);
      return this.options.stacks.destroy(this.run(stage, new Map()));
    });
  }

  /** The deployed outputs of every stage that has been deployed, decoded by its contract. */
  async outputs(): Promise<Record<string, Record<string, unknown>>> {
    const result: Record<string, Record<string, unknown>> = {};
    for (const stage of inOrder(this.options.stages)) {
      const deployed = await this.options.stacks.deployed(stage);
      if (deployed && Object.keys(deployed.outputs).length > 0)
        result[stage.name] = stage.decode(plainValues(deployed.outputs));
    }
    return result;
  }

  private async walk(
    action: GraphReport["action"],
    order: readonly Stage[],
    work: Work,
  ): Promise<GraphReport> {
    const reports: StageReport[] = [];
    const blocked = new Set<string>();
    for (const stage of order) {
      const report = blocked.size > 0 ? skipped(stage, blocked) : await this.one(action, stage, work);
      if (report.status === "failed") blocked.add(stage.name);
      reports.push(report);
      this.options.onProgress?.({ kind: "stage-ended", report });
    }
    return { action, stages: reports, ok: blocked.size === 0 };
  }

  private async one(action: GraphReport["action"], stage: Stage, work: Work): Promise<StageReport> {
    const base = { stage: stage.name, account: stage.account };
    try {
      this.options.signal?.throwIfAborted();
      this.options.onProgress?.({ kind: "stage-begun", ...base });
      const deployed = await this.options.stacks.deployed(stage);
      if (action === "destroy" && !deployed)
        return { ...base, status: "absent", changes: [], unchanged: 0, outputs: {} };
      const outcome = await work(stage, deployed);
      const { changes, unchanged, outputs } = outcome;
      return { ...base, status: changes.length > 0 ? "changed" : "unchanged", changes, unchanged, outputs };
    } catch (error) {
      if (!(error instanceof Error) || (!hasExitCode(error) && error.name !== "AbortError")) throw error;
      return { ...base, status: "failed", changes: [], unchanged: 0, outputs: {}, error };
    }
  }

  /** The stage's run, wired to what its needs gave; known values are decoded first, so that a wrong one is named here. */
  private run(stage: Stage, known: ReadonlyMap<string, WireValues>) {
    const inputs: Record<string, WireValues> = {};
    for (const need of stage.needs) {
      const values = known.get(need);
      if (!values) continue;
      if (!holdsUnknown(Object.values(values).map(({ value }) => value)))
        this.stage(need).decode(plainValues(values));
      inputs[need] = values;
    }
    const onProgress = (progress: StageProgress) => this.options.onProgress?.({ kind: "engine", progress });
    return { stage, inputs, onProgress, signal: this.options.signal };
  }

  private stage(name: string): Stage {
    const stage = this.options.stages.find((candidate) => candidate.name === name);
    if (!stage) throw new Error(`no stage ${name}`);
    return stage;
  }

  private async recover(stage: Stage, deployed: DeployedStack | undefined): Promise<void> {
    if (!deployed || deployed.pending.length === 0) return;
    const found = await this.options.recovery(stage, deployed);
    const message = `the last run was cut off while it made ${deployed.pending.length} resource(s): ${found.length} found in the account and taken over`;
    this.options.onProgress?.({ kind: "notice", stage: stage.name, message });
    await this.options.stacks.adopt(stage, found);
  }

  private async isStale(stage: Stage, deployed: DeployedStack | undefined): Promise<boolean> {
    const reason = deployed && (await this.options.staleIdentities?.(stage, deployed));
    if (reason === undefined) return false;
    const message = `reading its resources anew: ${reason}`;
    this.options.onProgress?.({ kind: "notice", stage: stage.name, message });
    return true;
  }

  private async protectedResources(order: readonly Stage[]): Promise<{ stage: Stage; line: string }[]> {
    const held: { stage: Stage; line: string }[] = [];
    for (const stage of order) {
      const deployed = await this.options.stacks.deployed(stage);
      for (const { protect, type, id } of deployed?.resources ?? [])
        if (protect) held.push({ stage, line: `${stage.name} (account ${stage.account}): ${type} ${id}` });
    }
    return held;
  }

  /** Brings the stages up once more by their unprotected twins: the engine then may delete what they hold. */
  private async unprotect(
    names: ReadonlySet<string>,
    twins: Pick<DriverOptions, "stages" | "stacks">,
  ): Promise<void> {
    const known = new Map<string, WireValues>();
    for (const stage of inOrder(twins.stages)) {
      const deployed = await twins.stacks.deployed(stage);
      if (!deployed) continue;
      known.set(stage.name, deployed.outputs);
      if (!names.has(stage.name)) continue;
      this.options.onProgress?.({
        kind: "notice",
        stage: stage.name,
        message: "lifting the protection of its data",
      });
      await twins.stacks.up(this.run(stage, known));
    }
  }
}

function refusal(lines: readonly string[]): UserError {
  return new UserError(
    ExitCode.protectedData,
    [
      "nothing was destroyed: the settings protect what holds data (protectData)",
      ...lines.map((line) => `  ${line}`),
    ].join("\n"),
    "`npm run destroy -- --delete-data` deletes it: records, objects and keys included.",
  );
}

function plainValues(values: WireValues): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value]));
}

function skipped(stage: Stage, blocked: ReadonlySet<string>): StageReport {
  const reason = `${[...blocked].join(", ")} failed`;
  return {
    stage: stage.name,
    account: stage.account,
    status: "skipped",
    changes: [],
    unchanged: 0,
    outputs: {},
    reason,
  };
}

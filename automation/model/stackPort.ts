/**
 * A stage's stack, as the driver uses it. The driver knows only this interface: stacks/engineStacks.ts implements it with the
 * real engine, tests with their own.
 */
import type { OpType } from "@pulumi/pulumi/automation";
import type { Stage } from "../../components/stages";
import type { Violation } from "../../policy-pack/rules";
import type { ResourceDrift } from "./drift";
import type { StageWires, WireValues } from "./wires";

/** One resource that a run creates, changes, replaces, deletes or keeps unchanged. */
export interface ResourceChange {
  readonly op: OpType;
  readonly urn: string;
  /** Type token, such as `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** Logical name: the last part of the URN. */
  readonly name: string;
  /** Paths of the properties that differ, as the provider names them. */
  readonly properties: readonly string[];
  /** Those of them that force a replacement. */
  readonly replaces: readonly string[];
}

/** The outcome of a preview or an update of one stage. */
export interface StageOutcome {
  /** The stack's outputs after the run; in a preview, with the unknown marker for values that only the update knows. */
  readonly outputs: WireValues;
  /** Every resource that the run changed or would change, without `same`, in the engine's order. */
  readonly changes: readonly ResourceChange[];
  /** Number of unchanged resources. */
  readonly unchanged: number;
  /** Rules of the policy pack that the program breaks, if any. */
  readonly violations?: readonly Violation[];
}

/** A resource from the deployed state. */
export interface DeployedResource {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Inputs without secrets. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A creation whose start the last run recorded, but not its end. */
export interface PendingCreation {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Its provider, in the state's form: `URN::ID`. */
  readonly provider?: string;
}

/** A creation that the engine began, in the form of its state. */
export interface BegunCreation {
  readonly urn: string;
  readonly type: string;
  readonly custom: true;
  readonly parent?: string;
  readonly provider?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly inputs?: Record<string, unknown>;
}

export interface DeployedStack {
  readonly outputs: WireValues;
  readonly resources: readonly DeployedResource[];
  readonly pending: readonly PendingCreation[];
  /** Region of each of the stack's providers, by URN. */
  readonly regions?: Readonly<Record<string, string>>;
  /** Changes with every write of the state; undefined if unknown. */
  readonly version?: string;
  /** Number of resources, components included. */
  readonly size?: number;
}

export interface StageRun {
  readonly stage: Stage;
  /** By name of the needed stage: its outputs. */
  readonly inputs: StageWires;
  /** True: the stack is refreshed first. */
  readonly refresh?: boolean;
  /** Absolute path of the engine's plan: a preview writes it, an update makes exactly its changes. */
  readonly plan?: string;
  readonly onProgress?: (progress: StageProgress) => void;
  /** Lets the engine finish its current steps, and start no others. */
  readonly signal?: AbortSignal;
  /** Cancels the current steps too. */
  readonly cancel?: AbortSignal;
}

/** A step of the engine as it happens. */
export interface StageProgress {
  readonly stage: string;
  readonly kind: "resource" | "message";
  readonly change?: ResourceChange;
  readonly done?: boolean;
  readonly message?: string;
}

export interface StackPort {
  /** The stage's current stack, or undefined if it was never deployed. Changes nothing. */
  deployed(stage: Stage): Promise<DeployedStack | undefined>;
  /** Changes nothing, and leaves no stack behind if there was none. @throws StageFailed */
  preview(run: StageRun): Promise<StageOutcome>;
  /** @throws StageFailed; UserError (locked) */
  up(run: StageRun): Promise<StageOutcome>;
  /** Deletes the stack's resources and the stack. @throws StageFailed; UserError (locked) */
  destroy(run: Omit<StageRun, "inputs">): Promise<StageOutcome>;
  /**
   * Like `destroy`, but keeps resources that hold data, with their configuration, in AWS and in the stack.
   * @throws StageFailed; UserError (locked)
   */
  destroyKeeping(run: Omit<StageRun, "inputs">): Promise<StageOutcome>;
  /** The stack's drift. Changes nothing. @throws StageFailed */
  drift(run: Omit<StageRun, "inputs">): Promise<readonly ResourceDrift[]>;
  /**
   * Adopts resources that were created but not recorded, by their AWS IDs, and drops the other pending creations.
   * @param lost creations that are not in the state
   */
  adopt(
    stage: Stage,
    found: readonly { readonly urn: string; readonly id: string }[],
    lost?: readonly BegunCreation[],
  ): Promise<void>;
  /** Refreshes these resources. */
  reread(stage: Stage, urns: readonly string[]): Promise<void>;
  /** Removes protection and retention from all resources in the stack's state, so that the engine may delete them. */
  release(stage: Stage): Promise<void>;
}

/**
 * What the driver asks of a stage's stack. The driver knows this interface only: `engineStacks.ts` is the one behind
 * which the real engine runs, and tests put in their own.
 */
import type { OpType } from "@pulumi/pulumi/automation";
import type { Stage } from "../../components/stages";
import type { Violation } from "../../policy-pack/rules";
import type { BegunCreation } from "../stacks/events";
import type { ResourceDrift } from "../run/drift";
import type { WireValues } from "../graph/wiring";

/** One resource that a run creates, changes, replaces, deletes or leaves as it is. */
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

/** What came of a preview or an update of one stage. */
export interface StageOutcome {
  /** The stack's outputs after the run; in a preview with the unknown marker where the update must tell. */
  readonly outputs: WireValues;
  /** Every resource that the run touched or would touch, `same` left out; in the engine's order. */
  readonly changes: readonly ResourceChange[];
  /** How many resources stay as they are. */
  readonly unchanged: number;
  /** What the rules of the policy pack have against the program, if they have anything. */
  readonly violations?: readonly Violation[];
}

/** A resource as the deployed state has it. */
export interface DeployedResource {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Inputs with secrets left out. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A creation that the last run began and whose end was never written down. */
export interface PendingCreation {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The provider that it is made by, as the state refers to it: `URN::ID`. */
  readonly provider?: string;
}

export interface DeployedStack {
  readonly outputs: WireValues;
  readonly resources: readonly DeployedResource[];
  readonly pending: readonly PendingCreation[];
  /** Where the stack's providers act: region by URN. */
  readonly regions?: Readonly<Record<string, string>>;
  /** Another one after every write of the state; undefined if that cannot be told. */
  readonly version?: string;
  /** How many resources there are, components included. */
  readonly size?: number;
}

export interface StageRun {
  readonly stage: Stage;
  /** By name of the needed stage: its outputs. */
  readonly inputs: Readonly<Record<string, WireValues>>;
  /** True: what AWS has is read first, and the run starts from that instead of the recorded state. */
  readonly refresh?: boolean;
  /** Absolute path of the engine's plan: a preview writes it, an update does nothing else than it says. */
  readonly plan?: string;
  readonly onProgress?: (progress: StageProgress) => void;
  /** Lets the engine finish the steps that it is at, and begin no other. */
  readonly signal?: AbortSignal;
  /** Cancels these steps too. */
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
  /** The stage's stack as it stands, or undefined if it was never deployed. Changes nothing. */
  deployed(stage: Stage): Promise<DeployedStack | undefined>;
  /** Changes nothing, and leaves no stack behind where there was none. @throws StageFailed */
  preview(run: StageRun): Promise<StageOutcome>;
  /** @throws StageFailed; UserError (locked) */
  up(run: StageRun): Promise<StageOutcome>;
  /** Deletes the stack's resources and the stack. @throws StageFailed; UserError (locked) */
  destroy(run: Omit<StageRun, "inputs">): Promise<StageOutcome>;
  /**
   * As `destroy`, but what holds data stays, with what configures it, in AWS and in the stack.
   * @throws StageFailed; UserError (locked)
   */
  destroyKeeping(run: Omit<StageRun, "inputs">): Promise<StageOutcome>;
  /** What AWS has otherwise than the state says. Changes nothing. @throws StageFailed */
  drift(run: Omit<StageRun, "inputs">): Promise<readonly ResourceDrift[]>;
  /** Takes over resources that were made but not written down, by their AWS IDs, and forgets the other pending creations; `lost` are such as the state has no note of. */
  adopt(
    stage: Stage,
    found: readonly { readonly urn: string; readonly id: string }[],
    lost?: readonly BegunCreation[],
  ): Promise<void>;
  /** Reads these resources anew from AWS into the stack's state. */
  reread(stage: Stage, urns: readonly string[]): Promise<void>;
  /** Takes protection and retention from all that the stack's state has: the engine then may delete it. */
  release(stage: Stage): Promise<void>;
}
